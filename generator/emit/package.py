"""Write the modules of a package beside its generated folders: its client, its version, its command line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from jinja2 import Environment

from ..ir import Api
from ..ir.security import ServiceFacts
from ..ir.webhooks import WebhookSignature
from ..metadata import PackageMetadata
from ..normalise.webhooks import NAME as WEBHOOKS
from .header import header
from .prose import docstring
from .tokens import token_module
from .webhooks import webhook_module


@frozen
class Package:
    """One package: the name to import it by, its API, and the facts of its distribution.

    `title` is the document's, on one line. `tags` has the tag of each operation by name. `own` are the public names of
    the user's module `extra`. `waits`: some of its replies can be waited for. `signature` is that of its webhooks.
    """

    name: str
    title: str
    service: ServiceFacts
    api: Api
    metadata: PackageMetadata
    tags: Mapping[str, str]
    own: Sequence[str] = ()
    waits: bool = False
    signature: WebhookSignature | None = None

    @property
    def prefix(self) -> str:
        """The prefix of the environment variables."""
        return self.name.upper()

    def variable(self, scheme: str) -> str:
        """Return the environment variable of a scheme's key, as the runtime reads it."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", scheme).strip("_")
        return f"{self.prefix}_{words.upper()}"

    @property
    def event(self) -> str:
        """The name of the union of all webhooks, "" if the package has none."""
        found = [schema for schema in self.api.schemas if re.fullmatch(rf"{WEBHOOKS}_?\d*", schema.key)]
        return found[-1].name if found else ""


class PackageEmitter:
    """Write the modules of one package."""

    def __init__(self, package: Package, templates: Environment) -> None:
        self._package, self._templates = package, templates

    def code(self) -> dict[str, str]:
        """Return the modules, by their path below the package."""
        package = self._package
        names = ["Client", *(["asyncio_wait", "wait"] if package.waits else []), *package.own, "__version__"]
        common = {
            "package": package.name, "title": repr(package.title), "prefix": repr(package.prefix),
            "distribution": package.metadata.name,
        }  # fmt: skip
        return {
            "client.py": self._render("client.py", common, header=header("its client"),
                doc=docstring(f"The client of {package.title}.", 0), client_doc=docstring(self._client_doc()),
                base_url=repr(package.service.server.base), waits=package.waits, schemes=self._schemes("Scheme"),
                servers=[(repr(one.name), repr(one.url), repr(one.variables)) for one in package.service.choices]),
            "__main__.py": self._render("main.py", common, header=header("its command line"),
                package_text=repr(package.name), client_text=repr(f"{package.name}:Client"),
                distribution_text=repr(package.metadata.name)),
            "__init__.py": self._render("init.py", common, header=header("the package"),
                doc=docstring(f"{package.title}.", 0), own=package.own, waits=package.waits,
                names=", ".join(f'"{name}"' for name in sorted(set(names)))),
            "_version.py": self._render("version.py", common, header=header("its version"),
                version=json.dumps(package.metadata.version)),
            **token_module(package.service, common, self._templates),
            **webhook_module(package.signature, package.event, package.prefix, common, self._templates),
        }  # fmt: skip

    def testing(self) -> dict[str, str]:
        """Return the modules of the local server, by their path below its folder."""
        package = self._package
        values = {
            "package": package.name, "title": repr(package.title), "prefix": repr(package.prefix),
            "doc": docstring(f"A local server for {package.title}, for tests and demos.", 0),
            "distribution": repr(package.metadata.name),
        }  # fmt: skip
        return {
            "__init__.py": self._render("testing.py", values, header=header("its local server")),
            "__main__.py": self._render("testing_main.py", values, header=header("its local server, as a program")),
        }

    def _render(self, name: str, common: Mapping[str, Any], **values: Any) -> str:
        return self._templates.get_template(f"package/{name}.jinja").render({**common, **values})

    def _schemes(self, cls: str) -> str:
        return ", ".join(f"{name!r}: {cls}{scheme!r}" for name, scheme in self._package.service.schemes.items())

    def _client_doc(self) -> str:
        prefix = self._package.prefix
        return (
            f"A client of {self._package.title}, with every resource on it.\n\nOptions come as keyword arguments, else "
            f"from the environment ({prefix}_API_KEY, {prefix}_API_BASE, ...), else from the defaults; `api_key` is "
            "one key, or a mapping by security scheme. Close it with `with` or `async with`."
        )


def release(text: str) -> str:
    """Return a version that Python packages may have: up to three numbers at the document's beginning, else 0.1.0.

    `v1.0.27-SNAPSHOT` is 1.0.27, and `2024-10-01` is 2024.10.1.
    """
    found = re.match(r"v?(\d{1,9}(?:[.-]\d{1,9}){0,2})(?!\d)", text.strip(), re.ASCII)
    return ".".join(str(int(number)) for number in re.split("[.-]", found[1])) if found else "0.1.0"


def one_line(text: Any) -> str:
    """Return a str of the document on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() or c == " " else " " for c in str(text)).split())
