"""Names: of classes, modules, attributes and operations, by rules; what the rules cannot know stands in the overlay."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping

from openapi_python_client.strings import ClassName, pascal_case, snake_case

#: Last path segments that are a verb and not a collection.
ACTIONS = frozenset(
    {
        *("accept", "activate", "archive", "cancel", "compact", "complete", "content", "deactivate", "hangup", "pause"),
        *("refer", "reject", "remix", "resume", "run", "search", "submit_tool_outputs", "validate"),
    }
)
#: Attributes that the base class of the models needs.
MODEL_RESERVED = frozenset({"from_dict", "to_dict", "additional_properties"})
#: Path roots that belong into another resource.
MOVED_ROOTS = {"projects": ("organization", "projects")}


def class_name(key: str) -> str:
    """Return the Python class name of a component schema."""
    if key.isidentifier() and key[0].isupper() and "_" not in key and not keyword.iskeyword(key):
        return key
    return str(ClassName(key, prefix="Model"))


def module_name(name: str) -> str:
    """Return the module that a class stands in."""
    module = snake_case(name)
    return f"{module}_" if keyword.iskeyword(module) else module


def attribute(key: str, reserved: Iterable[str] = ()) -> str:
    """Return the Python name for a JSON key or parameter: the same, with `_` for odd characters."""
    name = re.sub(r"\W+", "_", key).strip("_") or "_".join(f"u{ord(c):x}" for c in key) or "empty"
    if name[0].isdigit():
        name = f"n{name}"
    if keyword.iskeyword(name) or name in reserved:
        name = f"{name}_"
    return name


def part(key: str) -> str:
    """Return a JSON key as a part of a class name."""
    return pascal_case(re.sub(r"\W+", "_", key)) or "Value"


def singular(word: str) -> str | None:
    """Return the singular of an English plural in PascalCase, None where the word is not one."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes")) and not word.endswith("ases"):
        return word[:-2] if word.endswith(("sses", "xes")) else word[:-1]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return None


class OperationNames:
    """Name operations from their paths: resource segments, then a verb."""

    def __init__(self, paths: Mapping[str, Mapping[str, object]]) -> None:
        self._list_paths: set[str] = set()
        self._methods = {_bare(path): {m.upper() for m in item} for path, item in paths.items()}
        children: dict[str, set[str]] = {}
        for path in self._methods:
            parts = path.strip("/").split("/")
            children.setdefault(parts[0], set()).add(parts[1] if len(parts) > 1 else "")
        #: A root that has no operation of its own and one child: the child's name says nothing more.
        self._collapsed = {
            (root, next(iter(kids)))
            for root, kids in children.items()
            if len(kids) == 1 and not any(_variable(k) for k in kids)
        } - {(root, "") for root in children}

    def name(self, path: str, method: str, *, replies_with_list: bool) -> str:
        """Return the dotted name under the api package, such as `files.list`."""
        beta = path.endswith("?beta=true")
        segments = _bare(path).strip("/").split("/")
        static = [attribute(s) for s in segments if not _variable(s)]
        on_item = _variable(segments[-1])
        verb = ""
        if not on_item and len(static) > 1 and static[-1] in ACTIONS:
            verb = static.pop()
        if len(static) > 1 and (static[0], static[1]) in self._collapsed:
            static.pop(1)
        static[:1] = MOVED_ROOTS.get(static[0], (static[0],))
        if not verb:
            verb = self._verb(path, method, on_item=on_item, replies_with_list=replies_with_list)
        return ".".join([*(["beta"] if beta else []), *static, verb])

    def _verb(self, path: str, method: str, *, on_item: bool, replies_with_list: bool) -> str:
        if method == "GET":
            return "list" if replies_with_list and not on_item else "retrieve"
        if method in ("DELETE", "PUT", "PATCH"):
            return {"DELETE": "delete", "PUT": "replace", "PATCH": "update"}[method]
        if on_item:
            return "update"
        # POST beside a GET that returns one object changes that object
        reads_one = "GET" in self._methods[_bare(path)] and not self._lists(path)
        return "update" if reads_one else "create"

    def _lists(self, path: str) -> bool:
        return _bare(path) in self._list_paths

    def learn_lists(self, paths: Iterable[str]) -> None:
        """Tell which paths answer GET with a list."""
        self._list_paths = {_bare(p) for p in paths}


def _bare(path: str) -> str:
    return path.partition("?")[0]


def _variable(segment: str) -> bool:
    return segment.startswith("{")
