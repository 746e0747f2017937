"""What of a docstring is the description, and what it says of parameters."""

from __future__ import annotations

import pytest

from sdk import Tool
from sdk._openai.session.docstring import read_docstring

PARAGRAPHS = "Pay money\nback.\n\nNever call this without asking. Not for gift cards: use `void`."
DESCRIPTION = "Pay money back.\n\nNever call this without asking. Not for gift cards: use `void`."
SECTIONS = {
    "Google": "Args:\n    n: how many\n\nReturns:\n    str: hits",
    "Google, returns first": "Returns: hits\n\nKeyword Args:\n    n (int): how many",
    "Google, an example first": "Example:\n    >>> f(1)\n\nArguments:\n    n: how many",
    "Sphinx": ":param n: how many\n:returns: hits",
    "Sphinx, type first": ":type n: int\n:param n: how many\n:raises ValueError: never",
    "Epytext": "@param n: how many\n@return: hits",
    "NumPy": "Parameters\n----------\nn : int\n    how many\n\nReturns\n-------\nstr\n    hits",
    "NumPy, returns first": "Returns\n-------\nstr\n    hits\n\nParameters\n----------\nn\n    how many\n",
}


@pytest.mark.parametrize("between", ["\n\n", "\n"])
@pytest.mark.parametrize("style", SECTIONS)
def test_the_description_is_all_before_the_first_section(style: str, between: str) -> None:
    """Every paragraph is part of it, no section is, with or without a blank line between."""
    assert read_docstring(f"{PARAGRAPHS}{between}{SECTIONS[style]}") == (DESCRIPTION, {"n": "how many"})


@pytest.mark.parametrize(
    "text",
    [
        "Find.\n\nReturns all that is left: nothing.",
        "Find.\n\nNote:\n    Only on Mondays.",
        "Find:\n- by name\n- by number",
        "Find.\n\nSteps:\n1. look\n2. tell",
        "Find.\n\n    find(1)\n    find(2)",
        ":class:`Order` numbers only.",
        "",
    ],
)
def test_prose_stays(text: str) -> None:
    """What only looks like a section is part of the description, and the lines of lists and code stay lines."""
    assert read_docstring(text) == (text, {})


def test_a_tool_tells_all_of_it() -> None:
    """The model gets the description of the docstring, or the one that is given in its place."""

    def refund(order: str) -> None: ...

    refund.__doc__ = f"{PARAGRAPHS}\nArgs:\n  order: its number"
    assert Tool(refund).definition()["function"]["description"] == DESCRIPTION
    assert Tool(refund, description="Pay.").definition()["function"]["description"] == "Pay."
    assert Tool(refund).parameters["properties"]["order"]["description"] == "its number"
