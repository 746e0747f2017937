"""Names: of classes, modules, attributes and operations, by rules; the overlay has the exceptions."""

from __future__ import annotations

import hashlib
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from openapi_python_client.strings import ClassName, pascal_case, snake_case

from ..errors import GeneratorError

#: Last path segments that are a verb and not a collection.
ACTIONS = frozenset(
    {
        *("accept", "activate", "archive", "cancel", "compact", "complete", "content", "deactivate", "hangup", "pause"),
        *("refer", "reject", "remix", "resume", "run", "search", "submit_tool_outputs", "validate"),
    }
)
#: Names that generated modules import or define: no class, resource or verb can have one.
RESERVED = frozenset(
    {
        *("Alias", "ApiModel", "Candidate", "ScoredUnion", "TaggedUnion", "Unknown", "define", "text_at"),
        "vendor_text",
        *("builtins", "dt"),
        *("OpenIntEnum", "OpenStrEnum", "UUID"),
        *("Any", "Literal", "Required", "TypeAlias", "TypedDict", "Unpack", "TYPE_CHECKING"),
        *(
            "AbstractSet",
            "Mapping",
            "Sequence",
            "BinaryReply",
            "FileInput",
            "Request",
            "RequestOptions",
            "Style",
            "UNSET",
            "Unset",
        ),
        *("operation", "paged", "binary", "structured", "streaming", "streaming_binary", "only_streaming"),
        "paged_streaming",
        *("submodules",),
    }
)
#: Names that the module of a resource has, so that no resource in it can: the __future__ import defines one.
RESOURCE_RESERVED = RESERVED | {"annotations"}
#: Attributes that the base class of the models has, or that the body of a generated class needs.
MODEL_RESERVED = frozenset(
    {
        *("from_dict", "to_dict", "to_json", "additional_properties", "self"),
        *(name for name in RESERVED if name[0].isupper()),  # annotations use them
    }
)
#: Arguments that every operation has, and names that its body needs.
ARGUMENT_RESERVED = frozenset({"self", "options", "Request", "UNSET"})
#: What the index of the models uses: an imported submodule is a name in its package.
MODULE_RESERVED = frozenset({"list", "str", "getattr", "globals", "import_module", "warnings"})
#: Signs in keys, as words, for two keys that would get the same name.
SIGNS = {"+": "plus", "-": "minus", "<": "lt", ">": "gt", "=": "eq", "!": "not", "*": "all", "$": "dollar", "@": "at"}
#: The longest name of a module, in bytes: file systems take 255, with the ending and the prefix of publishing.
LONGEST = 100
#: What a client has besides resources.
CLIENT_RESERVED = frozenset(
    {"options", "request", "arequest", "send", "asend", "stats", "close", "aclose", "with_options"}
)
#: Path roots that belong into another resource, where the document has that one too.
MOVED_ROOTS = {"projects": ("organization", "projects")}


def class_name(key: str) -> str:
    """Return the Python class name of a component schema."""
    if key.isidentifier() and key[0].isupper() and "_" not in key and not keyword.iskeyword(key):
        name = key
    else:
        name = str(ClassName(_word(key), prefix="Model")).rstrip("_")
    return f"{name}Model" if name in RESERVED or keyword.iskeyword(name) else name


def module_name(name: str) -> str:
    """Return the module of a class."""
    module = _short(snake_case(name))
    return f"{module}_" if keyword.iskeyword(module) or module in MODULE_RESERVED else module


def _short(name: str) -> str:
    """Return a name that is short enough for a file: the beginning of a long one, and its digest."""
    if len(name.encode()) <= LONGEST:
        return name
    start = name.encode()[: LONGEST - 11].decode(errors="ignore").rstrip("_")
    return f"{start}_{hashlib.sha256(name.encode()).hexdigest()[:10]}"


def attribute(key: str, reserved: Collection[str] = ()) -> str:
    """Return the Python name for a JSON key or parameter: the same, with `_` for odd characters."""
    name = _word(key).strip("_") or "_".join(f"u{ord(c):x}" for c in key) or "empty"
    if not name.isidentifier():
        name = f"n{name}"
    if keyword.iskeyword(name) or name in reserved:
        name = f"{name}_"
    return name


def with_signs(key: str, by_rule: str) -> str:
    """Return the name of a key that shares `by_rule` with another, with its signs in words: `-1` is `minus_1`."""
    # Signs between two words only separate them.
    words = re.sub(r"(?<!\w)[^\w\s]|[^\w\s](?!\w)", lambda sign: f"_{SIGNS.get(sign[0], '')}_", key)
    return by_rule if words == key else re.sub("_+", "_", attribute(words)) or by_rule


def without_path(operation_id: str, path: str, method: str) -> str:
    """Return an operationId without the path and the method that some frameworks add.

    `read_item_items__item_id__get` is `read_item`, and `get-/v3/items_getPage` is `getPage`.
    Source: FastAPI, generate_unique_id.
    """
    before = f"{method}-{path}_".lower()
    if operation_id.lower().startswith(before):
        return operation_id[len(before) :] or operation_id
    suffix = re.sub(r"\W", "_", f"{path}_{method.lower()}")
    return operation_id.removesuffix(suffix) or operation_id


def overlaid(schema: Mapping[str, Any], pointer: str) -> str | None:
    """Return the name that the overlay gives to a schema or parameter, if it does.

    Raises: GeneratorError for a name that Python or the generated code cannot have.
    """
    name = schema.get("x-sdk-name")
    if name is None:
        return None
    if not (isinstance(name, str) and name.isidentifier()) or keyword.iskeyword(name) or name in RESERVED:
        raise GeneratorError(
            f"x-sdk-name is {name!r}, which cannot be a name in the generated code",
            pointer=f"{pointer}/x-sdk-name",
            hint="write a Python name that is not a keyword and that the generated code does not import",
        )
    return name


def dotted(operation: Mapping[str, Any], pointer: str) -> str | None:
    """Return the dotted name that the overlay gives to an operation, if it does; keywords get a `_`."""
    name = operation.get("x-sdk-name")
    if name is None:
        return None
    if not isinstance(name, str) or not re.fullmatch(r"\w+(\.\w+)+", name):
        raise GeneratorError(
            f"x-sdk-name is {name!r}, which is not a name for an operation",
            pointer=f"{pointer}/x-sdk-name",
            hint="write its resource and its verb, such as 'fine_tuning.jobs.list'",
        )
    return ".".join(attribute(part, RESOURCE_RESERVED) for part in name.split("."))


def param_name(name: str) -> str:
    """Return the name of the request side of a class, where no other class has it."""
    return f"{name}Dict" if name.endswith("Param") else f"{name}Param"


def param_names(classes: Collection[str]) -> dict[str, str]:
    """Return the name of the request side, a TypedDict, of each class: never the name of another class."""
    found: dict[str, str] = {}
    taken = set(classes)
    for name in sorted(classes):
        new = param_name(name)
        while new in taken:
            new = f"{new.removesuffix('Param')}Dict"
        found[name] = new
        taken.add(new)
    return found


def _word(key: str) -> str:
    """Return a key with `_` for each run of characters that no Python name can have."""
    # Python reads names in this normal form; a string that has another one would not find the attribute.
    text = unicodedata.normalize("NFKC", key)
    return re.sub("\0+", "_", "".join(c if f"a{c}".isidentifier() else "\0" for c in text))


def part(key: str) -> str:
    """Return a JSON key as a part of a class name."""
    return pascal_case(_word(key)) or "Value"


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
        self._methods: dict[str, set[str]] = {}
        for path, item in paths.items():
            self._methods.setdefault(_bare(path), set()).update(m.upper() for m in item)
        self._collections = {
            path.rstrip("/").rpartition("/")[0]
            for path, methods in self._methods.items() if is_item(path) and methods & {"GET", "PUT", "PATCH", "DELETE"}
        }  # fmt: skip
        children: dict[str, set[str]] = {}
        for path in self._methods:
            parts = path.strip("/").split("/")
            children.setdefault(parts[0], set()).add(parts[1] if len(parts) > 1 else "")
        #: A root that has no operation of its own and one child: the child's name adds nothing.
        self._collapsed = {
            (root, next(iter(kids)))
            for root, kids in children.items()
            if len(kids) == 1 and not any(_variable(k) for k in kids) and not _is_prefix_of(root, next(iter(kids)))
        } - {(root, "") for root in children}

    def name(self, path: str, method: str, *, replies_with_list: bool) -> str:
        """Return the dotted name under the api package, such as `files.list`."""
        beta = path.endswith("?beta=true")
        segments = _bare(path).strip("/").split("/")
        static = [_short(attribute(s, RESOURCE_RESERVED)) for s in segments if s and not _variable(s)]
        on_item = is_item(path)
        use = path.partition("#")[2]
        verb = attribute(use, RESOURCE_RESERVED) if use else ""
        if not verb and not on_item and len(static) > 1 and static[-1] in ACTIONS:
            verb = static.pop()
        if len(static) > 1 and (segments[0], segments[1]) in self._collapsed:
            static.pop(1)
        static = static or ["root"]
        if static[0] in MOVED_ROOTS and "/" + "/".join(MOVED_ROOTS[static[0]]) in self._methods:
            static[:1] = MOVED_ROOTS[static[0]]
        if static[0] in CLIENT_RESERVED and not beta:
            static[0] += "_"
        if not verb:
            verb = self._verb(path, method, on_item=on_item, replies_with_list=replies_with_list)
        return ".".join([*(["beta"] if beta else []), *static, verb])

    def _verb(self, path: str, method: str, *, on_item: bool, replies_with_list: bool) -> str:
        if method == "GET":
            return "list" if replies_with_list and (not on_item or self.has_items(path)) else "retrieve"
        if method != "POST":
            return {"PUT": "replace", "PATCH": "update"}.get(method, method.lower())
        if on_item:
            return "update"
        # POST beside a GET that returns one object changes that object
        reads_one = "GET" in self._methods[_bare(path)] and not self._lists(path)
        return "update" if reads_one and not self.has_items(path) else "create"

    def _lists(self, path: str) -> bool:
        return _bare(path) in self._list_paths

    def has_items(self, path: str) -> bool:
        """Return whether a path is a collection: the path below it that ends with a variable is one of its items."""
        return _bare(path).rstrip("/") in self._collections

    def learn_lists(self, paths: Iterable[str]) -> None:
        """Set which paths reply to GET with a list."""
        self._list_paths = {_bare(p) for p in paths}


def _is_prefix_of(root: str, child: str) -> bool:
    """Return whether a first segment is a prefix of many APIs, such as a version, and the next one is not."""
    return bool(_PREFIX.fullmatch(root) and not _PREFIX.fullmatch(child))


def is_prefix(segment: str) -> bool:
    """Return whether a segment is a prefix of many APIs, such as a version."""
    return bool(_PREFIX.fullmatch(segment))


_PREFIX = re.compile(r"api|rest|v?\d[\w.-]*", re.IGNORECASE)


def is_item(path: str) -> bool:
    """Return whether a path ends with a variable: what it names is one of several."""
    return _variable(_bare(path).rstrip("/").rpartition("/")[2])


def _bare(path: str) -> str:
    """Return a path without its query, its fragment, and the ending `.json`."""
    return path.partition("#")[0].partition("?")[0].removesuffix(".json")


def _variable(segment: str) -> bool:
    return segment.startswith("{")
