"""Read a YAML or JSON file into plain data, by the rules of YAML 1.2, with line numbers for error messages."""

from __future__ import annotations

import codecs
import hashlib
import json
import math
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import yaml

from generator.document import kinds
from generator.document import pointer as pointers
from generator.document.location import STDIN, Location, Url, content_of
from generator.errors import GeneratorError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is 10 times as fast, but not everywhere

_TAG = "tag:yaml.org,2002:"
_STR, _INT, _FLOAT = _TAG + "str", _TAG + "int", _TAG + "float"
_BOOL, _NULL, _MERGE = _TAG + "bool", _TAG + "null", _TAG + "merge"
_FIXED = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), _NULL),
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), _BOOL),
    "<<": _MERGE,
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_WHOLE = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")
_REAL = re.compile(
    r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
)


class _Loader(_Base):  # type: ignore[misc]  # the base is picked at run time
    """Compose nodes with the core schema of YAML 1.2 (section 10.3.2): `on`, `12:30` and `2024-10-01` are strings."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        if kind is not yaml.ScalarNode:
            return _TAG + ("seq" if kind is yaml.SequenceNode else "map")
        if not implicit[0]:
            return _STR
        if (fixed := _FIXED.get(value)) is not None:
            return fixed
        if value[0] in _NUMBER_STARTS:
            if _WHOLE.match(value):
                return _INT
            if _REAL.match(value):
                return _FLOAT
        return _STR

    # Resolving by path is never used here, yet costs two calls for each node.
    def descend_resolver(self, *_: Any) -> None: ...
    def ascend_resolver(self) -> None: ...


class Document:
    """Hold one file's data, with the line of every place in it.

    `data` is the content, `sha256` the digest of its bytes. What of it comes from another place has its origin:
    `origins` maps JSON pointers of the data to the document and the pointer that they come from.
    """

    def __init__(self, path: Location, content: bytes, data: Any) -> None:
        self.path = path
        self.data = data
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.origins: dict[str, tuple[Document, str]] = {}
        #: References that cannot be followed into other documents, each with the problem and the way out.
        self.unresolved: dict[str, tuple[str, str]] = {}
        self.content = content

    @cached_property
    def _nodes(self) -> Any:
        try:
            return _compose(self.content)
        except yaml.YAMLError:  # JSON that is not YAML (tabs): it has no line numbers then
            return None

    def line(self, pointer: str) -> int | None:
        """Return the line, from 1, of the place that `pointer` names, or of the nearest place above it that exists.

        The file is parsed a second time when the first line is asked for: most runs never ask.
        """
        node = self._nodes
        if node is None:
            return None
        line: int = node.start_mark.line + 1
        for token in pointers.split(pointer):
            if isinstance(node, yaml.MappingNode):
                pair = next((pair for pair in node.value if pair[0].value == token), None)
                if pair is None:
                    return line
                line, node = pair[0].start_mark.line + 1, pair[1]
            elif isinstance(node, yaml.SequenceNode) and token.isdigit() and int(token) < len(node.value):
                node = node.value[int(token)]
                line = node.start_mark.line + 1
            else:
                return line
        return line

    def place(self, pointer: str) -> tuple[Location, int | None]:
        """Return the file and the line of a place in the data, which may come from another document."""
        for above in _upwards(pointer):
            if above in self.origins:
                document, origin = self.origins[above]
                if document is self:
                    return self.path, self.line(origin + pointer[len(above) :])
                return document.place(origin + pointer[len(above) :])
        return self.path, self.line(pointer)

    def error(self, problem: str, pointer: str, hint: str | None = None) -> GeneratorError:
        """Return an error for a place of this file."""
        file, line = self.place(pointer)
        return GeneratorError(problem, file=file, pointer=pointer, line=line, hint=hint)


def _upwards(pointer: str) -> Iterable[str]:
    """Yield a pointer, and those of the places around it."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def read(path: Location) -> Document:
    """Read a file whose name ends in .json as JSON, any other as YAML; `-` is the standard input.

    Raises: GeneratorError with file and line if it is missing, not UTF-8, broken, or has a key twice.
    """
    try:
        content = content_of(path)
    except FileNotFoundError as error:
        raise GeneratorError("there is no such file", file=path, hint="check the path") from error
    except OSError as error:
        raise GeneratorError(f"cannot be read: {error.strerror}", file=path, hint="check the path") from error
    text = _text(path, content)
    if kind := kinds.of_text(text, path):
        raise GeneratorError(kind.problem, file=path, hint=kind.hint)
    is_json = path.suffix.lower() == ".json" or text.lstrip()[:1] == "{"
    data = _json(path, text) if is_json else MISSING
    return Document(path, content, _yaml(path, content) if data is MISSING else data)


def _text(path: Location, content: bytes) -> str:
    """Decode a document: UTF-8, or UTF-16 with a byte order mark, as shells of Windows write it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        save = f"curl {path} | iconv -f LATIN1 -t UTF-8" if isinstance(path, Url) else ""
        save = save or ("iconv -f LATIN1 -t UTF-8" + ("" if path == STDIN else f" {path}"))
        raise GeneratorError(
            f"not UTF-8: byte 0x{content[error.start]:02X}",
            file=path,
            line=content.count(b"\n", 0, error.start) + 1,
            hint=f"save the file as UTF-8, for example: {save}",
        ) from error


MISSING = pointers.MISSING


def _json(path: Location, text: str) -> Any:
    """Parse JSON; MISSING where the YAML reader has to: a key is there twice, or only the first sign is JSON's."""
    twice = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        mapping = dict(items)
        twice = twice or len(mapping) != len(items)
        return mapping

    def constant(word: str) -> Any:
        raise GeneratorError(f"{word} is not JSON", file=path, hint="write a number, or leave the key out")

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        if path.suffix.lower() != ".json":
            return MISSING  # YAML may begin with a brace, too
        hint = "correct the JSON there"
        raise GeneratorError(
            f"broken JSON at column {error.colno}: {error.msg}", file=path, line=error.lineno, hint=hint
        ) from error
    except RecursionError as error:
        raise GeneratorError("nested too deep", file=path, hint="flatten it") from error
    if "\\u" in text and (half := re.search(r"[\ud800-\udfff]", json.dumps(data, ensure_ascii=False))):
        raise GeneratorError(
            f"\\u{ord(half[0]):x} is half of a character (a lone surrogate), which is not valid text", file=path,
            hint="remove it, or write the whole character",
        )  # fmt: skip
    return MISSING if twice else data


def _yaml(path: Location, content: bytes) -> Any:
    try:
        node = _compose(content)
        return None if node is None else _plain(node, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise GeneratorError(
            f"broken YAML{f' at column {mark.column + 1}' if mark else ''}: {error.problem or error.context}",
            file=path,
            line=mark.line + 1 if mark else None,
            hint="correct the YAML there; most often it is the indentation or a missing quote",
        ) from error
    except yaml.YAMLError as error:
        raise GeneratorError(f"broken YAML: {' '.join(str(error).split())}", file=path, hint="correct it") from error
    except RecursionError as error:
        raise GeneratorError("nested too deep, or an alias contains itself", file=path, hint="flatten it") from error


def _compose(content: bytes) -> Any:
    loader = _Loader(content)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _plain(node: Any, path: Location) -> Any:
    """Turn nodes into data. Aliased nodes become copies, so that a change to one place never shows at another."""
    tag = node.tag
    if tag == _STR:
        return node.value
    if type(node) is yaml.MappingNode and tag == _TAG + "map":
        return _mapping(node, path)
    if type(node) is yaml.SequenceNode and tag == _TAG + "seq":
        return [_plain(item, path) for item in node.value]
    value = node.value
    if tag == _NULL:
        return None
    if tag == _BOOL and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if tag == _INT and _WHOLE.match(value):
        return int(value, {"0o": 8, "0x": 16}.get(value[:2], 10))
    if tag == _FLOAT and _REAL.match(value):
        number = float(value.lower().replace(".inf", "inf").replace(".nan", "nan"))
        if math.isfinite(number):
            return number
    raise _at(node, path, f"{value!r:.60} ({tag.removeprefix(_TAG)}) has no counterpart in JSON", "write a JSON value")


def _mapping(node: Any, path: Location) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    lines: dict[str, int] = {}
    merged: list[Any] = []
    for key, value in node.value:
        if type(key) is not yaml.ScalarNode:
            raise _at(key, path, "a key must be a string, not a list or a mapping", "quote the key")
        if key.tag == _MERGE:
            merged += value.value if type(value) is yaml.SequenceNode else [value]
            continue
        # The text as written, so that the response code 200 and a property called `on` are what they look like.
        name = key.value
        if name in mapping:
            raise _at(key, path, f"the key {name!r} is here twice; first in line {lines[name]}", "remove one of them")
        mapping[name] = _plain(value, path)
        lines[name] = key.start_mark.line + 1
    for source in merged:
        inherited = _plain(source, path)
        if not isinstance(inherited, dict):
            raise _at(source, path, "a merge key << takes a mapping or a list of mappings", "give it one")
        mapping |= {name: value for name, value in inherited.items() if name not in mapping}
    return mapping


def _at(node: Any, path: Location, problem: str, hint: str) -> GeneratorError:
    mark = node.start_mark
    return GeneratorError(f"{problem} (column {mark.column + 1})", file=path, line=mark.line + 1, hint=hint)
