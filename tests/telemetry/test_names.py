"""The names are those of the conventions; what the package of constants calls differently is listed here."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from opentelemetry.semconv import attributes
from opentelemetry.semconv._incubating import attributes as incubating
from opentelemetry.semconv._incubating import metrics

from sdk._core.telemetry import names as http
from sdk._openai.telemetry import names as models

#: Names that the package does not have: the conventions moved to a repository of their own, whose first release is
#: newer than what the package keeps.
_NEWER = {
    "gen_ai.client.embeddings.duration",
    "gen_ai.client.embeddings.operation.input_tokens",
    "gen_ai.client.inference.duration",
    "gen_ai.client.inference.operation.input_tokens",
    "gen_ai.client.inference.operation.output_tokens",
    "gen_ai.client.inference.time_per_output_chunk",
    "gen_ai.client.inference.time_to_first_chunk",
    "gen_ai.client.inference.usage.cache_read.input_tokens",
    "gen_ai.client.inference.usage.input_tokens",
    "gen_ai.client.inference.usage.output_tokens",
    "gen_ai.client.inference.usage.reasoning.output_tokens",
    "gen_ai.execute_tool.duration",
    "gen_ai.invoke_agent.duration",
    "gen_ai.request.previous_response.id",
    "gen_ai.request.reasoning.level",
    "gen_ai.token.modality",
    "gen_ai.usage.audio.input_tokens",
    "gen_ai.usage.audio.output_tokens",
    "gen_ai.usage.image.input_tokens",
    "gen_ai.usage.image.output_tokens",
    "gen_ai.usage.text.input_tokens",
    "gen_ai.usage.text.output_tokens",
}


def _strings(package: ModuleType) -> set[str]:
    """Return all constants of a package of constants."""
    found = set()
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        loaded = vars(import_module(module.name))
        found |= {value for value in loaded.values() if isinstance(value, str)}
        found |= {one.value for kind in loaded.values() if hasattr(kind, "__members__") for one in kind}
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the package marks what has moved as deprecated
def test_names_differ_from_the_package_as_listed() -> None:
    """A name that the package gains leaves the list; a name that no list has is a slip."""
    known = _strings(attributes) | _strings(incubating) | _strings(metrics)
    ours = {*http.ATTRIBUTES, http.REQUEST_DURATION.name, *models.ATTRIBUTES, *(one.name for one in models.METRICS)}
    assert ours - known == _NEWER


def test_names_have_their_version_and_date() -> None:
    """They are data of a day: the conventions of models still change."""
    assert (models.VERSION, models.READ) == ("0.1.0", "2026-11-30")
    assert f"/v{models.VERSION}/" in models.SOURCE
    assert http.VERSION == "1.45.0"
    assert len(models.ATTRIBUTES) == len(set(models.ATTRIBUTES)) > 40
    assert len(models.METRICS) == 14


def test_every_name_is_used() -> None:
    """A name that nothing records would be decoration."""
    folder = Path(models.__file__).parent
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "names.py")
    constants = {name for name, value in vars(models).items() if name.isupper() and isinstance(value, str | tuple)}
    unused = {name for name in constants - {"ATTRIBUTES", "METRICS", "READ", "SOURCE", "VERSION"}
              if f"names.{name}" not in code and not name.startswith("_")}  # fmt: skip
    assert unused == set()
