"""The configuration of a package: `generator.toml`, or `[tool.sdkwright]` of a pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from attrs import field, frozen

from generator.document.location import STDIN, Location, joined, location_of
from generator.errors import GeneratorError, did_you_mean, raise_all
from generator.metadata import unusable

#: The name of the file, and of the table of a pyproject.toml.
FILE, TOOL = "generator.toml", "sdkwright"
Naming = Literal["paths", "operation-ids"]
#: Section → key → what its value is.
_KEYS: Mapping[str, Mapping[str, str]] = {
    "generate": {
        "spec": "a string", "package": "a string", "overlay": "a string", "descriptions": "a string",
        "output": "a string", "naming": "a string", "lenient": "true or false", "include": "a list of strings",
    },
    "package": {
        "name": "a string", "version": "a string", "description": "a string", "authors": "a list",
        "license": "a string", "urls": "a table of strings", "classifiers": "a list of strings",
        "requires-python": "a string",
    },
    "hooks": {"after": "a list of strings"},
    "templates": {"dir": "a string"},
}  # fmt: skip
_NAMINGS = ("operation-ids", "paths")


@frozen
class Config:
    """What a configuration says; None and empty where it says nothing. Paths are relative to its folder.

    `metadata` is the table `[package]`: the facts of the distribution.
    """

    file: Path | None = None
    spec: Location | None = None
    package: str | None = None
    overlay: Path | None = None
    descriptions: Path | None = None
    output: Path | None = None
    naming: Naming | None = None
    lenient: bool = False
    include: tuple[str, ...] | None = None
    metadata: Mapping[str, Any] = field(factory=dict)
    after: tuple[str, ...] = ()
    templates: Path | None = None


def find_config(folder: Path) -> Path | None:
    """Return the configuration of a folder: generator.toml, else a pyproject.toml with the table, else None."""
    if (own := folder / FILE).is_file():
        return own
    project = folder / "pyproject.toml"
    return project if project.is_file() and TOOL in _tools(_read(project)[1]) else None


def read_config(path: Path) -> Config:
    """Read a configuration. Raises: GeneratorError with file and line for an unknown key or value."""
    text, data = _read(path)
    prefix = ""
    if path.name == "pyproject.toml":
        prefix, table = f"tool.{TOOL}.", _tools(data).get(TOOL)
        if not isinstance(table, dict):
            raise GeneratorError(f"there is no table [tool.{TOOL}]", file=path, hint=f"add [tool.{TOOL}.generate]")
        data = table
    raise_all(list(_problems(path, text, prefix, data)))
    generate, package = data.get("generate", {}), data.get("package", {})
    name = generate.get("package") or _module(package.get("name"))

    def local(key: str, table: Mapping[str, Any] = generate) -> Path | None:
        return path.parent / Path(table[key]).expanduser() if key in table else None

    return Config(
        file=path, spec=_location(path, generate["spec"]) if "spec" in generate else None, package=name,
        overlay=local("overlay"), descriptions=local("descriptions"), output=local("output"),
        naming=cast("Naming | None", generate.get("naming")), lenient=generate.get("lenient", False),
        include=tuple(generate["include"]) if generate.get("include") else None, metadata=package,
        after=tuple(data.get("hooks", {}).get("after", ())), templates=local("dir", data.get("templates", {})),
    )  # fmt: skip


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise GeneratorError("there is no such file", file=path, hint="sdkwright init writes one") from error
    except (OSError, UnicodeDecodeError) as error:
        raise GeneratorError(f"cannot be read: {error}", file=path, hint="check the file") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        raise GeneratorError(
            f"broken TOML: {error}", file=path, line=int(found[1]) if found else None, hint="correct it there"
        ) from error


def _tools(data: Mapping[str, Any]) -> Mapping[str, Any]:
    tools = data.get("tool")
    return tools if isinstance(tools, dict) else {}


def _location(path: Path, text: str) -> Location:
    found = location_of(text)
    return joined(path, text) if isinstance(found, Path) and found != STDIN and not found.is_absolute() else found


def _module(name: Any) -> str | None:
    """Return the name to import a distribution by: `acme-pets` is acme_pets."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower() if isinstance(name, str) else None


# -- what is wrong -----------------------------------------------------------------------------------------------------


def _problems(path: Path, text: str, prefix: str, data: Mapping[str, Any]) -> list[GeneratorError]:
    found: list[GeneratorError] = []

    def wrong(problem: str, section: str, key: str, hint: str) -> None:
        found.append(GeneratorError(problem, file=path, line=_line(text, prefix + section, key), hint=hint))

    for section, table in data.items():
        if section not in _KEYS:
            owner = next((one for one, keys in _KEYS.items() if section in keys), None)
            tables = f"the tables are {_all(_KEYS)}"
            hint = f"write it in [{prefix}{owner}]" if owner else did_you_mean(section, _KEYS, tables)
            wrong(f"{section!r} is unknown here", section, "", hint)
            continue
        if not isinstance(table, dict):
            wrong(f"{section!r} must be a table", section, "", f"write [{prefix}{section}]")
            continue
        keys = _KEYS[section]
        for key, value in table.items():
            if key not in keys:
                wrong(
                    f"{key!r} is unknown in [{prefix}{section}]", section, key,
                    did_you_mean(key, keys, f"the keys are {_all(keys)}"),
                )  # fmt: skip
            elif not _fits(value, keys[key]):
                wrong(f"{key!r} must be {keys[key]}", section, key, f"write {key} = {_EXAMPLES[keys[key]]}")
            elif key == "naming" and value not in _NAMINGS:
                wrong(f"'naming' is {value!r}", section, key, did_you_mean(value, _NAMINGS, f"write {_all(_NAMINGS)}"))
            elif section == "package" and (problem := unusable(key, value)):
                wrong(f"{key!r} is {value!r}, which {problem[0]}", section, key, problem[1])
    return found


_EXAMPLES = {
    "a string": '"..."',
    "true or false": "true",
    "a list": "[...]",
    "a list of strings": '["..."]',
    "a table of strings": '{Home = "https://..."}',
}


def _fits(value: Any, what: str) -> bool:
    match what:
        case "a string":
            return isinstance(value, str) and bool(value.strip())
        case "true or false":
            return isinstance(value, bool)
        case "a list of strings":
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case "a table of strings":
            return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        case _:
            return isinstance(value, list)


def _all(names: Any) -> str:
    return ", ".join(names)


def _line(text: str, section: str, key: str) -> int | None:
    """Return the line of a key in a table, of the table itself without a key; tomllib does not say where things are."""
    table, fallback = "", None
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]#]+?)\s*\]+", line):
            table = re.sub(r"[\s\"']", "", header[1])
            if table == section or table.startswith(f"{section}."):
                fallback = fallback or number
                if not key or table == f"{section}.{key}":
                    return number
        elif assigned := re.match(r"\s*([^=#]+?)\s*=", line):
            name = re.sub(r"[\s\"']", "", assigned[1])
            whole = f"{table}.{name}" if table else name
            wanted = f"{section}.{key}" if key else section
            if whole == wanted or whole.startswith(f"{wanted}."):
                return number
            if whole == section:
                fallback = fallback or number
    return fallback
