"""The facts of the distribution of a package: what people read on its page in an index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from .errors import GeneratorError

#: What every package is.
_CLASSIFIERS = ("Programming Language :: Python :: 3", "Typing :: Typed")
#: What pip takes. Source: the packaging specifications, Names and normalization, Version specifiers.
_NAME = re.compile(r"[A-Z0-9]([A-Z0-9._-]*[A-Z0-9])?", re.IGNORECASE | re.ASCII)
_VERSION = re.compile(
    r"v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?"
    r"(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?",
    re.IGNORECASE | re.ASCII,
)


def unusable(key: str, value: str) -> tuple[str, str] | None:
    """Return why pip cannot take a name or a version, and what to write; None for one that it can take."""
    if key == "name" and not _NAME.fullmatch(value):
        better = "-".join(re.findall(r"[A-Za-z0-9]+", value)).lower() or "my-package"
        return "cannot be the name of a distribution", f'write name = "{better}"'
    if key == "version" and not _VERSION.fullmatch(value):
        return "is no version of a Python package", 'write version = "1.2.0"'
    return None


@frozen
class Author:
    """Who made a package: a name, a mail address, or both."""

    name: str = ""
    email: str = ""


@frozen
class PackageMetadata:
    """The table `[package]` of a configuration; empty where it says nothing, and the document decides.

    Source: the core metadata of Python packages, and pyproject.toml (PEP 621, PEP 639).
    """

    name: str = ""
    version: str = ""
    description: str = ""
    authors: tuple[Author, ...] = ()
    license: str = ""
    urls: tuple[tuple[str, str], ...] = ()
    classifiers: tuple[str, ...] = _CLASSIFIERS
    requires_python: str = ">=3.11"

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> PackageMetadata:
        """Return the metadata that a table holds. Raises: GeneratorError for a wrong value."""
        usual = cls()
        return cls(
            name=_text(table, "name"), version=_text(table, "version"), description=_text(table, "description"),
            authors=tuple(_author(one) for one in _list(table, "authors")), license=_text(table, "license"),
            urls=tuple((str(name), str(url)) for name, url in dict(table.get("urls", {})).items()),
            classifiers=tuple(map(str, _list(table, "classifiers"))) or usual.classifiers,
            requires_python=_text(table, "requires-python") or usual.requires_python,
        )  # fmt: skip


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or not value.isprintable():
        raise GeneratorError(f"{key!r} of [package] must be one line of text", hint=f'write {key} = "..."')
    return value


def _list(table: Mapping[str, Any], key: str) -> list[Any]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise GeneratorError(f"{key!r} of [package] must be a list", hint=f"write {key} = [...]")
    return value


def _author(value: Any) -> Author:
    """Read an author: a table, or a str such as `Ann <ann@example.org>`."""
    if isinstance(value, str):
        name, _, rest = value.partition("<")
        return Author(name.strip(), rest.rstrip("> ").strip())
    if isinstance(value, Mapping) and value.keys() <= {"name", "email"} and value:
        return Author(str(value.get("name", "")), str(value.get("email", "")))
    raise GeneratorError(
        "an author of [package] must be a name or a table", hint='write authors = [{name = "...", email = "..."}]'
    )
