"""What an argument accepts, by its annotation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sdk import params
from sdk._core.inspection.annotation import Kind, kind_of
from sdk._core.inspection.params import alias_of

_ALIASES = {"Effort": "Literal['low', 'high'] | None", "Name": "Name"}


@pytest.mark.parametrize(
    ("annotation", "kind", "shown"),
    [
        ("str | Unset", Kind(text=True), "TEXT"),
        ("int | None | Unset", Kind(whole=True, null=True), "INTEGER"),
        ("float | Literal['auto']", Kind(number=True, choices=("auto",)), "auto|NUMBER"),
        ("Effort | Unset", Kind(choices=("low", "high"), null=True), "low|high"),
        ("Sequence[Effort]", Kind(item=Kind(choices=("low", "high"), null=True)), "low|high..."),
        ("str | Sequence[str]", Kind(text=True, item=Kind(text=True)), "TEXT"),
        ("Mapping[str, str] | None", Kind(mapping=True, null=True, member=Kind(text=True)), "JSON"),
        ("AParam | AModel", Kind(mapping=True), "JSON"),
        ("FileInput", Kind(file=True), "FILE"),
        ("datetime.date | 'str'", Kind(text=True), "TEXT"),
        ("Any", Kind(anything=True), "JSON"),
        ("Name", Kind(mapping=True), "JSON"),
    ],
)
def test_annotations(annotation: str, kind: Kind, shown: str) -> None:
    """An annotation is read into what it accepts; a name without an alias, or that never ends, is an object."""
    assert kind_of(annotation, _ALIASES.get) == kind
    assert kind.describe() == shown


def test_a_switch_has_two_values() -> None:
    """Only an argument that is a bool and nothing else becomes a flag."""
    assert kind_of("bool | None | Unset", _ALIASES.get).switch
    assert not kind_of("bool | Literal['auto']", _ALIASES.get).switch


def test_every_alias_of_the_api_is_read() -> None:
    """The text of each alias of `params` is one expression, whose kind is found."""
    package = Path(params.__file__).parent
    names = re.findall(
        r"^    (\w+): TypeAlias = ", "\n".join(p.read_text() for p in package.glob("*.py")), re.MULTILINE
    )
    assert len(names) > 100
    for name in names:
        assert alias_of("sdk", name) is not None
        assert kind_of(name, lambda inner: alias_of("sdk", inner)) != Kind()
