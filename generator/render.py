"""Run the inner stages: normalise → IR → emit. They turn a document into the text of every generated file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from attrs import evolve
from jinja2 import Environment

from .emit.description import describe
from .emit.environment import environment as environment_of
from .emit.models import ModelEmitter
from .emit.operations import OperationEmitter
from .emit.params import ParamEmitter
from .emit.style import tidy
from .ir import Api, names
from .ir.completeness import check_completeness, faults
from .ir.json_text import with_text_in_json
from .ir.lengths import shortened
from .ir.operations import OperationBuilder
from .ir.schemas import SchemaBuilder
from .ir.security import Spelling
from .ir.select import select, used
from .ir.twins import merged
from .ir.waits import check_waits, waits_of
from .normalise.inheritance import with_unions_of_children
from .normalise.normaliser import Normaliser
from .normalise.webhooks import with_webhook_event
from .policy import STRICT, Policy, Report
from .progress import Progress


class Target(NamedTuple):
    """What the folders are part of: the package, and the security schemes of its keys."""

    package: str
    schemes: Mapping[str, Spelling] | None = None


#: The SDK of this repository.
SDK = Target("sdk")
_RUNTIME = re.compile(r"\bsdk\.(?=_core\b)")


def _named(trees: dict[str, dict[str, str]], package: str) -> dict[str, dict[str, str]]:
    """Return the same files, in which the runtime is that of another package."""
    return {
        folder: {name: _RUNTIME.sub(f"{package}.", text) for name, text in files.items()}
        for folder, files in trees.items()
    }


def build_api(document: Mapping[str, Any], progress: Progress, policy: Policy = STRICT) -> Api:
    """Return the intermediate representation of a document that is loaded and overlaid.

    Raises: GeneratorError if a part of the document cannot be expressed, or is missing in the result.
    """
    api = shortened(merged(used(*represent(document, progress, policy))))
    check_waits(document, api)
    return api


def represent(document: Mapping[str, Any], progress: Progress, policy: Policy = STRICT) -> tuple[Api, str | None]:
    """Do the same as `build_api`, but keep unused schemas; also return the key of the union of all webhooks."""
    document, events, report = with_webhook_event(with_unions_of_children(document), policy)
    with progress.stage("normalise") as stage:
        normaliser = Normaliser(document, policy)
        components = normaliser.components()
        stage.count = len(components)
    with progress.stage("represent") as stage:
        builder = SchemaBuilder(components, policy)
        schemas = builder.build()
        operations = OperationBuilder(document, normaliser, builder, policy)
        built, sockets = operations.build(), operations.websockets()
        everything = tuple(sorted((*schemas, *operations.extra_schemas), key=lambda s: s.name))
        stage.count = len(everything) + len(built)
        report += normaliser.report + builder.report + operations.report
        if not built:
            report += Report(("the document has no operations: the package has models alone",))
        api = Api(
            str(document.get("info", {}).get("title", "API")), everything, built,
            builder.objects, builder.aliases, builder.modules, frozenset(builder.nullable),
            names.param_names(builder.modules), report, policy.standalone, sockets,
        )  # fmt: skip
        if policy.lenient:
            lost = [
                f"got lost by a fault of the generator: at {f.pointer}: {f.problem}"
                for f in faults(document, api, events)
            ]
            api = evolve(api, report=report + Report(tuple(lost)))
        else:
            check_completeness(document, api, events)
    return with_text_in_json(api) if policy.standalone else api, events


def selected(api: Api, include: Collection[str] | None) -> Api:
    """Return the part of an API with the named resources; None means all."""
    return api if include is None else select(api, include)


def emit(
    document: Mapping[str, Any], api: Api, progress: Progress, target: Target = SDK,
    templates: Environment | None = None,
) -> dict[str, dict[str, str]]:  # fmt: skip
    """Return the generated folders of an API that has been built."""
    environment = templates or environment_of()
    with progress.stage("emit") as stage:
        accepts = {schema.name: schema.accepts for schema in api.schemas if schema.accepts}
        waits, methods = waits_of(document, api), document.get("x-sdk-methods", {})
        trees = {
            "sdk/models": ModelEmitter(api, environment, waits).files(),
            "sdk/params": ParamEmitter(api, environment, accepts).files(),
            "sdk/api": OperationEmitter(api, environment, accepts, methods, waits).files(),
        }
        trees["sdk/api"]["_description.json"] = describe(document, api.operations, target.schemes, api.websockets)
        stage.count = sum(map(len, trees.values()))
    with progress.stage("format") as stage:
        tidied = tidy(trees if target is SDK else _named(trees, target.package), target.package)
        stage.count = sum(map(len, tidied.values()))
    return tidied
