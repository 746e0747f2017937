"""Write the files around a package, once: pyproject.toml, README, the workflow of its CI. Then they are the user's."""

from __future__ import annotations

import json
from collections.abc import Sequence

from jinja2 import Environment

from ..ir import Operation, mentioned
from .package import Package
from .requirements import EXTRAS
from .samples import call, only_streams, simplest

#: Pages, streams, files and jobs: what a README explains only where the package has them.
_FEATURES = ("pages", "streams", "files", "waits")


class ProjectEmitter:
    """Write the project of one package."""

    def __init__(self, package: Package, dependencies: Sequence[str], templates: Environment) -> None:
        self._package, self._dependencies, self._templates = package, dependencies, templates

    def files(self) -> dict[str, str]:
        """Return the files by their path below the project."""
        package = self._package
        project = {
            "package": package.name, "metadata": package.metadata, "dependencies": self._dependencies,
            "extras": EXTRAS, "toml": toml,
        }  # fmt: skip
        return {
            "pyproject.toml": self._templates.get_template("package/pyproject.toml.jinja").render(project),
            "README.md": self._readme(),
            ".github/workflows/ci.yml": self._templates.get_template("package/ci.yml.jinja").render(project),
        }

    def _readme(self) -> str:
        package, server = self._package, self._package.service.server
        current = [operation for operation in package.api.operations if not operation.replaced_by]
        count = f"{len(current):,} operation{'' if len(current) == 1 else 's'}"
        features = {
            "pages": next((o for o in current if o.page), None),
            "streams": next((o for o in current if o.events), None),
            "files": next((o for o in current if o.reply.kind == "binary"), None),
            "waits": package.waits,
        }
        first = simplest(current)
        return self._templates.get_template("package/README.md.jinja").render(
            package=package, metadata=package.metadata, count=count, features=features, server=server,
            first=call(first, package.api) if first else "", name=_name(first),
            errors=_errors(current), examples=self._examples(current),
            options=", ".join(self._options(own_server=False)), key=self._key_text(), extras=EXTRAS,
            choices=package.service.choices, keys=self._keys(),
            only_streams=only_streams, calls=lambda o: call(o, package.api),
        )  # fmt: skip

    def _options(self, *, own_server: bool) -> list[str]:
        options = [] if self._package.service.server.base or own_server else ['api_base="https://..."']
        forms = {scheme[2] for scheme in self._package.service.schemes.values()}
        return options + (['api_key="user:password"' if forms == {"Basic"} else 'api_key="..."'] if forms else [])

    def _examples(self, operations: Sequence[Operation]) -> list[tuple[str, str]]:
        """Return a call for each tag: the simplest one of its operations."""
        by_tag: dict[str, list[Operation]] = {}
        for operation in operations:
            by_tag.setdefault(self._package.tags[operation.name], []).append(operation)
        found = {tag: simplest(several) for tag, several in by_tag.items()}
        return [(tag, call(operation, self._package.api)) for tag, operation in found.items() if operation]

    def _key_text(self) -> str:
        """Return what the variable of the key is for."""
        package = self._package
        own = [name for name in package.service.schemes if package.variable(name) == f"{package.prefix}_API_KEY"]
        if own:
            return self._key(own[0])
        if not package.service.schemes:
            return (
                "the key, sent as `Authorization: Bearer`: the document does not say how; `auth_header=` changes that"
            )
        return "the key, for whichever security scheme an operation wants"

    def _keys(self) -> list[tuple[str, str, str]]:
        """Return variable, name and description of each security scheme that has a variable of its own."""
        package = self._package
        return [
            (package.variable(name), name, self._key(name))
            for name in package.service.schemes
            if package.variable(name) != f"{package.prefix}_API_KEY"
        ]

    def _key(self, scheme: str) -> str:
        """Return what the key of a security scheme is, and where it is sent."""
        place, name, prefix = self._package.service.schemes[scheme]
        form = "as `user:password`, " if prefix == "Basic" else ""
        where = (
            f"in the {'cookie' if place == 'cookie' else 'query parameter' if place == 'query' else 'header'} `{name}`"
        )
        word = f" as `{prefix} ...`" if prefix else ""
        return f"the key of the security scheme `{scheme}`: {form}sent {where}{word}"


def _name(first: Operation | None) -> str:
    """Return the operation of which a README shows the other forms."""
    return first.name if first and not only_streams(first) else "{resource}.{operation}"


def _errors(operations: Sequence[Operation]) -> list[str]:
    """Return the first models of error bodies, as code."""
    found = {name: None for one in operations for _, type_ in one.errors for name in mentioned(type_)}
    return [f"`{name}`" for name in [*found][:5]]


def toml(text: str) -> str:
    """Write a basic string of TOML: JSON's escapes, but no pairs of surrogates. Source: TOML 1.0.0, String."""
    return json.dumps(text, ensure_ascii=False)
