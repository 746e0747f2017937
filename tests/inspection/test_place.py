"""The place of the cursor in a call."""

from __future__ import annotations

import pytest

from sdk._core.inspection.place import Place, place_at


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('f(a="x', Place("f", "a", (), False, '"', "x")),
        ("f(a=", Place("f", "a", (), False, "", "")),
        ("x = await c.d.sync(b=1, a='", Place("c.d.sync", "a", (), False, "'", "")),
        ('f(a="""x', Place("f", "a", (), False, '"""', "x")),
        ('f(\n    b=", (",  # a " in a comment\n    a="x', Place("f", "a", (), False, '"', "x")),
        ('f(b="\\"", a="', Place("f", "a", (), False, '"', "")),
        ('f(a=["x", "', Place("f", "a", (0,), False, '"', "")),
        ('f(a=[{"k": {"l": "x', Place("f", "a", (0, "k", "l"), False, '"', "x")),
        ('f(a={"k": [1], "l": ', Place("f", "a", ("l",), False, "", "")),
        ('f(a={"k": 1, "', Place("f", "a", (), True, '"', "")),
        ("f(a={", Place("f", "a", (), True, "", "")),
        ('g(f(a="', Place("f", "a", (), False, '"', "")),
        ('print("it\'s")\nf(a="', Place("f", "a", (), False, '"', "")),
        ("!echo it's\nf(a='", Place("f", "a", (), False, "'", "")),
    ],
)
def test_places(text: str, place: Place) -> None:
    """What is called, the argument, the way into it, and what of a str is there."""
    assert place_at(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "f(",
        'f("',
        "f(a",
        "f(a=1",
        "f(a=b",
        "f(a == ",
        'a = "',
        '(a="',
        'f(a="b") + "',
        'f(a="b"  # ',
        "f(a=[1]",
        "f)(a=",
    ],
)
def test_no_place(text: str) -> None:
    """Where no value of a named argument is typed there is no place."""
    assert place_at(text) is None
