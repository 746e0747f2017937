"""The inner stages in a row: normalise → IR → emit. A document in, the text of every generated file out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from . import names
from .coverage import check_coverage
from .describe import describe
from .emit.models import ModelEmitter
from .emit.operations import OperationEmitter
from .emit.params import ParamEmitter
from .emit.style import tidy
from .ir import Api
from .normalise import Normaliser
from .operations import OperationBuilder
from .progress import Progress
from .schemas import SchemaBuilder
from .select import select
from .webhooks import with_webhook_event


def build_api(document: Mapping[str, Any], progress: Progress, *, foreign: bool = False, lenient: bool = False) -> Api:
    """Return the intermediate representation of a document that is loaded and overlaid.

    Raises: GeneratorError where the document holds something that cannot be expressed, or that got lost on the way.
    """
    document = with_webhook_event(document)
    with progress.stage("normalise") as stage:
        normaliser = Normaliser(document)
        components = normaliser.components()
        stage.count = len(components)
    with progress.stage("represent") as stage:
        builder = SchemaBuilder(components)
        schemas = builder.build()
        operations = OperationBuilder(document, normaliser, builder, foreign=foreign, lenient=lenient)
        built = operations.build()
        everything = tuple(sorted((*schemas, *operations.extra_schemas), key=lambda s: s.name))
        stage.count = len(everything) + len(built)
        api = Api(
            str(document.get("info", {}).get("title", "API")), everything, built,
            builder.objects, builder.aliases, builder.modules, frozenset(builder.nullable),
            names.param_names(builder.modules), tuple(operations.notes), frozenset(operations.skipped),
        )  # fmt: skip
        check_coverage(document, api)
    return api


def render(
    document: Mapping[str, Any], *, include: Collection[str] | None, progress: Progress
) -> dict[str, dict[str, str]]:
    """Return the generated folders: path → file name → text. `include` names the resources to keep, None is all."""
    return emit(document, build_api(document, progress), include=include, progress=progress)


def emit(
    document: Mapping[str, Any], api: Api, *, include: Collection[str] | None, progress: Progress
) -> dict[str, dict[str, str]]:
    """Return the generated folders of an API that has been built."""
    if include is not None:
        api = select(api, include)
    environment = Environment(
        loader=PackageLoader("generator.emit"), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    with progress.stage("emit") as stage:
        accepts = {schema.name: schema.accepts for schema in api.schemas if schema.accepts}
        trees = {
            "sdk/models": ModelEmitter(api, environment).files(),
            "sdk/params": ParamEmitter(api, environment, accepts).files(),
            "sdk/api": OperationEmitter(api, environment, accepts).files(),
        }
        trees["sdk/api"]["_description.json"] = describe(document, api.operations)
        stage.count = sum(map(len, trees.values()))
    with progress.stage("format") as stage:
        tidied = tidy(trees)
        stage.count = sum(map(len, tidied.values()))
    return tidied
