"""Which modules of the runtime go into a package: those that its generated code leads to."""

from __future__ import annotations

from generator.runtime.reach import Reach
from generator.runtime.source import Module, modules


def _names(*roots: str) -> set[str]:
    return {module.name for module in Reach(roots).modules}


def test_imports_of_every_kind_count() -> None:
    """Imports at the top, in functions, for type checkers, and names in strings of lazy imports lead on."""
    assert {"_core", "_core.lazy", "_core.suggestions", "_core.public"} <= _names("_core.lazy")
    everything = _names("_core.client.base", "_core.operation")
    assert {"_core.call.drivers", "_core.http.httpx_transport", "_core.options.typed"} <= everything


def test_what_no_endpoint_does_stays_away() -> None:
    """Without streams, answers of a type and jobs no module about them is copied; with them it is."""
    plain = _names("_core.client.base", "_core.operation", "_core.model", "_core.files")
    assert not {"_core.sse", "_core.operation.streams", "_core.operation.parse", "_core.waiting.job"} & plain
    assert {"_core.sse", "_core.operation.streams"} <= _names("_core.operation.streaming") - plain


def test_a_name_of_a_module_brings_what_it_mentions() -> None:
    """A name leads to what it mentions; a module as a root, to all that its names mention."""
    assert "_core.model.enums" in _names("_core.model")
    assert "_core.model.enums" in _names("_core.model.OpenIntEnum")
    assert "_core.model.enums" not in _names("_core.model.ApiModel")


def test_nothing_leads_to_the_api_of_this_repository() -> None:
    """All that can be copied together names no generated code and no other handwritten room."""
    every = {name for name in modules() if "/" in modules()[name].path and not name.startswith("_cli.people")}
    assert _names(*every) == every
    assert {name for name in every if "openai" in modules()[name].text.lower()} == set()


def test_relative_names_are_those_below_the_package() -> None:
    """Dots count from the folder of the module; an `__init__` is its own folder."""
    assert Module("_core/model/__init__.py", "").package == "_core.model"
    assert Module("_core/model/base.py", "").package == "_core.model"
    assert Module("errors.py", "").package == ""
