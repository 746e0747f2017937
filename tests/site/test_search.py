"""Search finds what people look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: A word, and a part of the address of a page that must be among the first results.
_WORDS = {
    "retries": "faults",
    "stall_timeout": "",
    "ChatSession": "session",
    "webhooks": "webhooks",
    "chat.create": "operations/chat",
    "vector_stores": "vector_stores",
    "CompletionUsage": "models",
    "RateLimitError": "",
    "azure": "",
    "transcriptions": "audio",
}


@pytest.mark.parametrize("word", _WORDS)
def test_search_finds_a_word(loaded: Page, word: str) -> None:
    """A word typed into the search field has results, one of them at the page that is about it."""
    loaded.set_viewport_size({"width": 1280, "height": 900})
    loaded.fill("input[name=query]", word)
    results = loaded.locator(".md-search-result__item a.md-search-result__link")
    results.first.wait_for(timeout=15_000)
    addresses = [results.nth(number).get_attribute("href") or "" for number in range(min(results.count(), 10))]
    assert any(_WORDS[word] in address for address in addresses), addresses
