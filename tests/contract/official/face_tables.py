"""Write the tables of `sdk/compat/openai` from facts of the official package and from our models.

`python -m tests.contract.official.face_tables` after a change of either pin. A type of theirs is one of our models
where both stand at the same place of the same reply: the walk begins with what each method returns, and follows
fields and unions by name and by tag.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

from sdk import models
from sdk._openai.guide import official_names
from sdk.models import _index

from ..node import ROOT
from . import package
from .tables import names

ROOM = ROOT / "sdk" / "compat" / "openai"
_TYPES = "openai.types"
#: Methods of the official package that `names.tsv` has not, as it has one for each operation.
#: Arguments of every call there; those of the conversations of agents call functions of the program.
_OF_CALLS = frozenset(
    (
        *("extra_headers", "extra_query", "extra_body", "timeout", "stream", "idempotency_key"),
        *("output_type", "tool_handlers"),
    )
)
_SECOND = {"evals.runs.cancel": "evals.runs.cancel"}


def methods() -> dict[str, str]:
    """Return our operation for each method of the official package."""
    found = {there: here for there, here in official_names()["operation"].items()}  # noqa: C416 - a copy
    found |= {there: here for here, there in names().items()}
    return {there: here for there, here in sorted({**found, **_SECOND}.items()) if _operation(here) is not None}


def _operation(name: str) -> Any:
    module, _, verb = name.rpartition(".")
    try:
        return getattr(import_module(f"sdk.api.{module}"), verb, None)
    except ModuleNotFoundError:
        return None


def facts(wanted: list[str]) -> dict[str, Any]:
    """Return the facts of the official package."""
    package.install()
    environment = {**os.environ, "PYTHONPATH": str(package.folder())}
    command = [sys.executable, str(Path(__file__).with_name("facts.py"))]
    done = subprocess.run(
        command, env=environment, input=json.dumps(wanted), capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class Pairs:
    """Find our model for each of their types."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.theirs: dict[str, Any] = {}
        for module, entry in facts["modules"].items():
            if not entry["package"]:
                names = entry["names"].items()
                self.theirs |= {f"{module}:{name}": what for name, what in names if what["kind"] != "other"}
        self.ours: dict[str, str] = {}
        self._seen: set[tuple[str, str]] = set()

    def pair(self, theirs: Any, ours: Any) -> None:
        """Pair a type expression of theirs with an annotation of ours, and all that lies below both."""
        if isinstance(theirs, list):
            self._pair_list(theirs, ours)
        elif theirs in self.theirs:
            self._pair_name(theirs, ours)

    def _pair_list(self, theirs: list[Any], ours: Any) -> None:
        kind, *parts = theirs
        if kind in ("list", "dict") and parts:
            wanted = ast.Subscript
            for one in _options(ours):
                if isinstance(one, wanted) and ast.unparse(one.value).endswith(kind):
                    inner = one.slice.elts[-1] if isinstance(one.slice, ast.Tuple) else one.slice
                    self.pair(parts[0], inner)
        elif kind == "union":
            for part in parts:
                if isinstance(part, list):
                    self.pair(part, ours)
            members = [part for part in parts if isinstance(part, str) and self.theirs.get(part, {}).get("fields")]
            classes = list(dict.fromkeys(cls for one in _options(ours) for cls in _classes(one)))
            if len(members) == 1 and len(classes) == 1:
                self._match(members[0], classes[0])
                return
            for member in members:
                if (best := self._best(member, classes)) is not None:
                    self._match(member, best)

    def _pair_name(self, theirs: str, ours: Any) -> None:
        what = self.theirs[theirs]
        if what["kind"] == "alias":
            for one in _options(ours):
                if isinstance(one, ast.Name) and not isinstance(_model(one.id), type | None):
                    self.ours.setdefault(theirs, one.id)
            self.pair(what["is"], ours)
        elif what["kind"] == "model":
            classes = list(dict.fromkeys(cls for one in _options(ours) for cls in _classes(one)))
            best = classes[0] if len(classes) == 1 else self._best(theirs, classes)
            if best is not None:
                self._match(theirs, best)

    def _best(self, member: str, classes: list[Any]) -> Any:
        """Return the class whose constant fields, and then whose other fields, are those of their model."""
        fields = self.theirs[member]["fields"]
        best, most = None, 0.0
        for cls in classes:
            own = {a.name: str(a.type) for a in attrs.fields(cls) if a.name != "_wire"}
            score = 0.0
            for name, kind in fields.items():
                if name in own:
                    score += 1
                literal = kind if isinstance(kind, list) and kind[0] == "literal" else None
                if literal and own.get(name, "").startswith("Literal["):
                    same = any(f"'{value}'" in own[name] for value in literal[1:])
                    score += 100 if same else -100
            score /= len(fields) + len(own)
            if score > most:
                best, most = cls, score
        return best

    def _match(self, theirs: str, cls: Any) -> None:
        if (theirs, cls.__name__) in self._seen:
            return
        self._seen.add((theirs, cls.__name__))
        self.ours.setdefault(theirs, cls.__name__)
        own = {a.name: str(a.type) for a in attrs.fields(cls)}
        for name, kind in self.theirs[theirs]["fields"].items():
            if name in own:
                self.pair(kind, _parsed(own[name]))

    def parsed(self) -> None:
        """Pair what a helper has parsed with the model of what it has parsed."""
        for theirs, what in self.theirs.items():
            if theirs.partition(":")[2].startswith("Parsed") and what["kind"] == "model":
                near = [name for base in what["bases"] for name in self.ours if name.partition(":")[2] == base]
                if near and theirs not in self.ours:
                    self.ours[theirs] = self.ours[near[0]]

    def unions(self) -> None:
        """Pair the named unions of theirs with the named union of ours that has most of the same classes."""
        own: dict[str, set[str]] = {}
        for line in filter(None, _index.MODULES.splitlines()):
            model = _model(line.partition(" ")[0])
            if hasattr(model, "members"):
                own[line.partition(" ")[0]] = {cls.__name__ for cls in model.members()}
        for theirs, what in self.theirs.items():
            if what["kind"] != "alias" or theirs in self.ours or what["is"][0] != "union":
                continue
            classes = {self.ours.get(part, part) for part in what["is"][1:] if isinstance(part, str)}
            scores = {name: len(classes & of) / len(classes | of) for name, of in own.items()}
            best = max(scores, key=lambda name: scores[name])
            if scores[best] > 0.6:
                self.ours[theirs] = best

    def by_name(self) -> None:
        """Pair what no reply leads to with a model of the same name, where they share most fields."""
        for theirs, what in self.theirs.items():
            name = theirs.partition(":")[2]
            model = _model(name) if theirs not in self.ours else None
            if what["kind"] == "model" and isinstance(model, type) and hasattr(model, "from_dict"):
                own = {a.name for a in attrs.fields(model)}
                if len(own & what["fields"].keys()) * 2 > len(what["fields"]):
                    self._match(theirs, model)
            elif what["kind"] == "alias" and hasattr(model, "members"):
                self.ours[theirs] = name
                self.pair(what["is"], ast.Name(name))


def _parsed(annotation: str) -> ast.expr:
    return ast.parse(annotation, mode="eval").body


def _options(node: Any) -> Iterator[Any]:
    if isinstance(node, ast.BinOp):
        yield from _options(node.left)
        yield from _options(node.right)
        return
    yield node
    found = _model(node.id) if isinstance(node, ast.Name) else None
    annotation = getattr(found, "_annotation", None)  # of an alias
    if annotation is not None:
        yield from _options(_parsed(annotation))


def _classes(node: Any) -> list[Any]:
    found: Any = _model(node.id) if isinstance(node, ast.Name) else None
    if hasattr(found, "members"):
        return list(found.members())
    return [found] if isinstance(found, type) and hasattr(found, "__attrs_attrs__") else []


def _model(name: str) -> Any:
    return getattr(models, name) if f"\n{name} " in _index.MODULES else None


def _mark(name: str, theirs: str, pairs: Pairs) -> str:
    """Return a name with what it is: the marks are those of sdk/compat/openai/types."""
    ours = pairs.ours.get(theirs)
    if ours is not None:
        return f"{name}=" if ours == name else f"{name}={ours}"
    what = pairs.theirs[theirs]
    if what["kind"] == "alias":
        kind = what["is"][0] if isinstance(what["is"], list) else ""
        marks = {"literal": '"', "list": "[", "dict": "{"}
        if kind == "union":
            parts = [pairs.theirs.get(p, {}).get("kind") if isinstance(p, str) else p[0] for p in what["is"][1:]]
            return name + ("{" if set(parts) <= {"params"} else '"' if set(parts) <= {"literal", None} else "?")
        return name + marks.get(kind, "?")
    return name + {"model": "!", "params": ":", "class": "?"}[what["kind"]]


def types_table(facts: dict[str, Any], pairs: Pairs) -> Iterator[str]:
    """Yield a line for each module of types: its path, then its names; a `*` is before what the package exports."""
    modules = facts["modules"]
    leaves = {module: entry["names"] for module, entry in sorted(modules.items()) if not entry["package"]}
    starred: set[tuple[str, str]] = set()
    for module, own in leaves.items():
        package = module.rpartition(".")[0]
        parent = modules[package]["names"]
        shown = []
        for name, what in own.items():
            star = parent.get(name) in ("", what["is"] if what["kind"] == "other" else f"{module}:{name}")
            starred |= {(package, name)} if star else set()
            mark = f"{name}@{_short(what['is'])}" if what["kind"] == "other" else _mark(name, f"{module}:{name}", pairs)
            shown.append("*" * star + mark)
        if shown:
            yield f"{_short(module)}\t{' '.join(shown)}"
    for module, entry in sorted(modules.items()):  # what a package has from elsewhere
        if entry["package"]:
            far = []
            for name, origin in entry["names"].items():
                if (module, name) not in starred:
                    where = origin or next((f"{leaf}:{name}" for leaf in _nearest(leaves, name)), "")
                    if where.startswith(_TYPES):
                        far.append(f"{name}@{_short(where)}")
            yield f"{_short(module) or '.'}\t{' '.join(sorted(far))}"


def _short(name: str) -> str:
    """Return the path of a module below `types`; of a class its module, and its name if it is another one."""
    return name.removeprefix(_TYPES).lstrip(".")


def _nearest(leaves: dict[str, Any], name: str) -> list[str]:
    """Return the modules that have a name, those of shared types first."""
    return sorted((leaf for leaf, names in leaves.items() if name in names), key=lambda leaf: ".shared." not in leaf)


def main() -> None:
    """Write both tables."""
    known = methods()
    helpers = list(official_names()["helper"])
    found = facts([*known, *helpers])
    pairs = Pairs(found)
    rows: list[tuple[str, str, str, str]] = []
    entry: Any
    for there, here in known.items():
        entry = found["methods"].get(there)
        if entry is None:
            continue
        spec = _operation(here)._spec
        reply = spec.reply
        if reply and "page" not in entry:
            pairs.pair(entry["returns"], ast.Name(reply))
        elif reply:
            data = {a.name: str(a.type) for cls in _classes(ast.Name(reply)) for a in attrs.fields(cls)}.get("data")
            if data:
                pairs.pair(["list", entry["item"]], _parsed(data))
        if spec.events:
            pairs.pair(entry.get("returns"), ast.Name(spec.events))
        page = entry.get("page", "").removeprefix("Sync")
        binary = entry.get("returns") == "openai._legacy_response:HttpxBinaryResponseContent"
        text = entry.get("returns") == "builtins:str"
        deprecated = " deprecated" if entry["deprecated"] else ""
        own = _operation(here).__wrapped__.__code__.co_varnames
        more = [] if "body" in own else [p for p in entry["parameters"] if p not in {*own, *_OF_CALLS}]
        rows.append((there, here, f"{page or 'binary' * binary or 'text' * text}{deprecated}", " ".join(more)))
    for events, model in (
        ("chat.chat_completion_chunk:ChatCompletionChunk", "ChatCompletionChunk"),
        ("responses.response_stream_event:ResponseStreamEvent", "ResponseStreamEvent"),
        ("beta.assistant_stream_event:AssistantStreamEvent", "AssistantStreamEvent"),
        ("webhooks.unwrap_webhook_event:UnwrapWebhookEvent", "WebhookEvent"),
    ):
        if f"{_TYPES}.{events}" in pairs.theirs and _model(model) is not None:
            pairs.pair(f"{_TYPES}.{events}", ast.Name(model))
    pairs.by_name()
    pairs.unions()
    pairs.parsed()
    head = "# Written by `python -m tests.contract.official.face_tables`: "
    lines = []
    for there, here, kind, more_names in rows:
        entry, reply = found["methods"][there], _operation(here)._spec.reply
        other = pairs.ours.get(str(entry.get("returns")), reply)
        model = other if reply and other != reply and isinstance(_model(other), type) else ""
        lines.append(f"{there}\t{here}\t{kind}\t{more_names}\t{model}")
    columns = "method of the official package, our operation, kind of its reply, arguments only there, another model"
    text = [head + columns, *lines]
    (ROOM / "methods.tsv").write_text("\n".join(text) + "\n", encoding="utf-8")
    text = [f"{head}module of types, its names with their marks; see types/__init__.py", *types_table(found, pairs)]
    (ROOM / "types.tsv").write_text("\n".join(text) + "\n", encoding="utf-8")
    kinds = [what["kind"] for what in pairs.theirs.values()]
    print(f"{len(rows)} methods; {len(pairs.ours):,} of {len(kinds):,} types are ours; {kinds.count('model'):,} models")


if __name__ == "__main__":
    main()
