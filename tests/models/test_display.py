"""What a model looks like when it is printed: short, indented, and without secrets."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rich.console import Console
from rich.pretty import Pretty

from sdk._core.model import ApiModel, Unknown, define
from sdk.models import (
    ChatCompletion,
    CreateEmbeddingResponse,
    Embedding,
    Image,
    ImagesResponse,
    MCPTool,
    RealtimeCreateClientSecretResponse,
)


def _embeddings(count: int) -> CreateEmbeddingResponse:
    vector = [0.006929283495992422 * (place - 3) for place in range(1536)]
    data = [{"object": "embedding", "index": index, "embedding": vector} for index in range(count)]
    usage = {"prompt_tokens": 3, "total_tokens": 3}
    return CreateEmbeddingResponse.from_dict(
        {"object": "list", "model": "text-embedding-3-small", "data": data, "usage": usage}
    )


def _chat(**message: Any) -> ChatCompletion:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **message}}
    usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
    return ChatCompletion.from_dict(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
    )


def test_two_embeddings() -> None:
    """Two embeddings print below 500 characters, each vector with its size."""
    text = repr(_embeddings(2))
    assert len(text) < 500
    assert text.count("embedding=[-0.0208, -0.0139, -0.00693, ... 1,536 numbers]") == 2


def test_fields_are_indented() -> None:
    """What does not fit on one line has one field on each line."""
    assert repr(_embeddings(1)).splitlines() == [
        "CreateEmbeddingResponse(",
        "  data=[",
        "    Embedding(",
        "      index=0,",
        "      embedding=[-0.0208, -0.0139, -0.00693, ... 1,536 numbers],",
        "      object='embedding',",
        "    ),",
        "  ],",
        "  model='text-embedding-3-small',",
        "  object='list',",
        "  usage=CreateEmbeddingResponseUsage(prompt_tokens=3, total_tokens=3),",
        ")",
    ]


def test_long_text() -> None:
    """A long answer is cut, with its size, and stays in sight among its neighbours."""
    text = repr(_chat(content="word " * 400, tool_calls=[{"id": "c", "type": "function", "function": {"name": "f"}}]))
    assert f"content='{'word ' * 16}...' (2,000 characters)" in text
    assert len(text.splitlines()) <= 20


def test_base64() -> None:
    """Base64 is shown by its first characters and the size of its bytes."""
    assert repr(Image(b64_json="iVBORw0KGgoA" * 100_000)) == "Image(b64_json='iVBORw0KGgoA...' (900 kB of base64))"
    data = f"data:image/png;base64,{'iVBORw0KGgoA' * 200}"
    assert "'data:image/png;base64,iVBORw0KGgoA...' (1.8 kB of base64)" in repr(Unknown.from_dict({"url": data}))


def test_many_items() -> None:
    """Of a long list the first items are shown, and how many follow."""
    text = repr(ImagesResponse.from_dict({"created": 1, "data": [{"url": f"https://x/{n}"} for n in range(40)]}))
    assert text.splitlines()[-3:] == ["    ... 32 more,", "  ],", ")"]


@define
class _Loop(ApiModel):
    inner: Any = None


class _Broken:
    def __repr__(self) -> str:
        raise ValueError("no")


def _nested(levels: int) -> dict[str, Any]:
    wire: dict[str, Any] = {}
    for _ in range(levels):
        wire = {str(number): {} for number in range(30)} | {"x": wire}
    return wire


def _itself() -> _Loop:
    loop = _Loop()
    loop.inner = [loop, loop]
    return loop


@pytest.mark.parametrize(
    "odd",
    [
        ChatCompletion.from_dict({"choices": "none", "usage": [[[]]], "id": {"a": None}}),
        ChatCompletion.from_dict({f"key{number}": "y" * 90 for number in range(1000)}),
        ChatCompletion.from_dict({"choices": [[1] * 3] * 9000}),
        Embedding.from_dict({"embedding": "!" * 9000}),
        Embedding.from_dict({"embedding": [float("nan")] * 9000, "a": "\ud800" + "a" * 900, "b": b"\0" + b"a" * 900}),
        Unknown.from_dict(_nested(500)),
        _Loop(inner=_Broken()),
        _itself(),
    ],
    ids=["types", "keys", "lists", "text", "values", "depth", "broken", "itself"],
)
def test_odd_replies(odd: ApiModel) -> None:
    """No reply makes printing raise, or takes more than 20 lines of a moderate length."""
    lines = repr(odd).splitlines()
    assert len(lines) <= 20
    assert max(map(len, lines)) <= 160
    assert _rich(odd)


class _Counted(dict[str, Any]):
    """A dict that counts how often dicts of its class are read."""

    read = 0

    def items(self) -> Any:
        _Counted.read += 1
        return super().items()


def test_a_wide_and_deep_reply() -> None:
    """Printing looks at a part of a reply that is too large for the lines, not at all of it."""
    value = _Counted()
    for _ in range(8):
        value = _Counted({str(number): value for number in range(8)})
    assert len(repr(_Loop(inner=value)).splitlines()) <= 20
    assert _Counted.read < 2000


def test_secrets() -> None:
    """Keys, credentials of tools and their headers are hidden, wherever they stand."""
    secret = RealtimeCreateClientSecretResponse.from_dict({"value": "ek_68af296e8e408191a1120ab6383263c2"})
    assert repr(secret) == "RealtimeCreateClientSecretResponse(value='ek_***')"
    tool = MCPTool.from_dict(
        {"type": "mcp", "server_label": "s", "authorization": "hidden1", "headers": {"X": "hidden2"}}
    )
    for text in (repr(tool), _rich(tool), repr(Unknown.from_dict({"tools": [{"client_secret": "hidden3"}]}))):
        assert "hidden" not in text
    assert "headers={'X': '***'}" in repr(tool)
    cut = "x" * 50 + " sk-proj-abcdefghijklmnopqrstuvwxyz" + " y" * 100
    assert "abcdef" not in repr(_chat(content=cut))


def _rich(model: Any, width: int = 80) -> str:
    console = Console(width=width, force_terminal=False, color_system=None)
    with console.capture() as captured:
        console.print(Pretty(model))
    return captured.get()


def test_rich() -> None:
    """Rich lays the models out itself, and gets long values cut."""
    text = _rich(_embeddings(12))
    assert text.count("[-0.0208, -0.0139, -0.00693, ... 1,536 numbers]") == 3
    assert "... 9 more" in text
    assert re.search(r"usage=CreateEmbeddingResponseUsage\(prompt_tokens=3, total_tokens=3\)", text)


def test_rich_shows_the_unknown() -> None:
    """Keys that the schema does not have are shown too, and strings as strings."""
    assert _rich(Unknown.from_dict({"a": "b"})) == "Unknown(additional_properties={'a': 'b'})\n"


class _Printer:
    """What IPython passes to `_repr_pretty_`, as far as it is used: text, and line breaks with an indentation."""

    max_width = 60

    def __init__(self) -> None:
        self.printed = ""

    def text(self, text: str) -> None:
        self.printed += text

    def break_(self) -> None:
        self.printed += "\n····"


def test_ipython_indents_within_a_list() -> None:
    """The pretty printer breaks the lines, so that they are indented within what contains the model."""
    printer = _Printer()
    _embeddings(1)._repr_pretty_(printer, False)
    assert printer.printed.splitlines()[:3] == ["CreateEmbeddingResponse(", "····  data=[", "····    Embedding("]
    assert "\n····      embedding=[-0.0208, " in printer.printed
