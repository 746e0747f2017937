"""Build operations: one for each path and method, with one merged signature."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..document.pointer import escape
from ..document.shape import UNSENT, methods
from ..document.unknown_keys import lost_operations
from ..errors import GeneratorError, raise_all
from ..normalise.normaliser import Normaliser
from ..policy import STRICT, Policy, Report
from . import Events, Operation, Param, Schema, Security, WebSocket, names
from .bodies import BodyBuilder
from .collisions import Built, apart_from_resources, arguments, distinct, with_former_names
from .error_replies import errors_of
from .inline import Inliner
from .operation_ids import in_snake_case, operation_name
from .parameters import ParameterBuilder
from .replies import ReplyBuilder, stream_flags
from .schemas import SchemaBuilder
from .security import is_token, security
from .servers import own_server
from .source import OperationSource
from .webhooks import webhook_signature
from .websocket_builder import websockets

#: What RequestOptions of the runtime holds; a parameter with one of these names needs another one.
OPTION_NAMES = frozenset(
    {
        *("client", "timeout", "stall_timeout", "deadline", "max_retries"),
        *("extra_headers", "extra_query", "extra_body", "idempotency_key", "keep_reply"),
    }
)


class OperationBuilder:
    """Build the operations of one document."""

    def __init__(
        self,
        document: Mapping[str, Any],
        normaliser: Normaliser,
        schemas: SchemaBuilder,
        policy: Policy = STRICT,
    ) -> None:
        self._document, self._policy = document, policy
        self._notes: list[str] = []
        self._skipped: list[str] = []
        self._inline = inline = Inliner(normaliser, schemas)
        self._parameters = ParameterBuilder(document, inline, policy)
        self._bodies = BodyBuilder(inline, str(document.get("openapi", "")), policy)
        self._replies = ReplyBuilder(inline, policy)
        self.extra_schemas: list[Schema] = inline.extra

    @property
    def report(self) -> Report:
        """Return what was renamed or left out in the operations that have been built."""
        return Report.of(self._notes, self._skipped)

    def websockets(self) -> tuple[WebSocket, ...]:
        """Return every WebSocket, in the order of their names."""
        return websockets(self._document, self._inline, self._parameters)

    def build(self) -> tuple[Operation, ...]:
        """Return every operation, in the order of their names."""
        found, notes = distinct(self._built(self._sources()), self._policy)
        self._notes += notes
        if self._policy.standalone:
            self._note_callbacks(found.values())
            self._note_lost_operations()
            if (hooks := self._document.get("webhooks")) and webhook_signature(self._document) is None:
                self._notes.append(
                    f"left out: verifying the webhooks, whose events are types: {', '.join(hooks)}: nothing says how "
                    "they are signed (x-sdk-webhooks)"
                )
        found = with_former_names(found)
        if self._policy.resolves_names:
            found, notes = apart_from_resources(found)
            self._notes += notes
        return tuple(found[name].operation for name in sorted(found))

    def _sources(self) -> Iterator[OperationSource]:
        """Yield every operation of the document, under its name by the overlay or by the rules."""
        paths = {path: item for path, item in self._document.get("paths", {}).items() if path.startswith("/")}
        namer = names.OperationNames({p: {m: item[m] for m in methods(item)} for p, item in paths.items()})
        lists = {
            (path, method): self._lists(operation, path, method, method == "get" and namer.has_items(path))
            for path, item in paths.items() for method, operation in item.items() if method in methods(item)
        }  # fmt: skip
        namer.learn_lists(path for path, method in lists if method == "get" and lists[path, method])
        for path, method in lists:
            item, pointer = paths[path], f"/paths/{escape(path)}/{method}"
            by_rule = namer.name(path, method.upper(), replies_with_list=lists[path, method])
            by_id = None
            if self._policy.operations == "operation-ids":
                by_id = operation_name(path, method, item[method]) or in_snake_case(by_rule)
            name = names.dotted(item[method], pointer) or by_id or by_rule
            raw = {**{k: item[k] for k in ("summary", "description") if k in item}, **item[method]}
            yield OperationSource(name, method.upper(), path, item, raw, pointer)

    def _lists(self, raw: Mapping[str, Any], path: str, method: str, has_items: bool) -> bool:
        try:
            pointer = f"/paths/{escape(path)}/{method}"
            return self._replies.lists(raw, pointer, has_items=has_items and not names.is_item(path))
        except GeneratorError:  # building the operation raises it again
            return False

    def _built(self, sources: Iterable[OperationSource]) -> list[Built]:
        """Build operations. Raises: GeneratorError for all that cannot be expressed, unless they are left out."""
        built: list[Built] = []
        errors: list[GeneratorError] = []
        unsent: Counter[str] = Counter()
        for source in sources:
            try:
                built.append(Built(self._operation(source, unsent), source))
            except GeneratorError as error:
                if not self._policy.includes(source.name):
                    self._skipped.append(source.pointer)
                    continue
                if not self._policy.lenient:
                    errors.append(error)
                    continue
                self._leave_out(source, error.problem)
            except Exception as error:  # any other error is the generator's own: one operation shall not stop the rest
                if not self._policy.lenient:
                    raise
                self._leave_out(source, f"{type(error).__name__}, by a fault of the generator: please report it")
        raise_all(errors)
        for name, count in unsent.items():
            operations = f"{count:,} operations" if count > 1 else "an operation"
            self._notes.append(f"left out: the header {name} of {operations}: the client writes it")
        return built

    def _leave_out(self, source: OperationSource, problem: str) -> None:
        self._notes.append(f"left out: {source.title}: {problem} (at {source.pointer})")
        self._skipped.append(source.pointer)

    def _note_lost_operations(self) -> None:
        for one in lost_operations(self._document.get("paths") or {}):
            meant = f", did you mean {one.meant}?" if one.meant else ""
            self._notes.append(f"left out: {one.key!r} is no method{meant}: at {one.pointer}")

    def _note_callbacks(self, built: Iterable[Built]) -> None:
        for one in built:
            if callbacks := one.source.raw.get("callbacks"):
                self._notes.append(f"left out: the callbacks of {one.operation.name}: {', '.join(callbacks)}")

    def _operation(self, source: OperationSource, unsent: Counter[str]) -> Operation:
        """Build one operation; `unsent` counts the headers that it leaves out."""
        raw, pointer = source.raw, source.pointer
        # A fragment is for names alone, and is never sent (RFC 9110, section 4.2.5).
        path, _, query = source.path.partition("#")[0].partition("?")
        found = self._parameters.build(source, path)
        params = found.params
        unsent.update(found.unsent)
        self._skipped += found.skipped
        body, fields, notes = self._bodies.build(source)
        server = self._server(source)
        params, renamed = arguments([*params, *fields], OPTION_NAMES, source.name, pointer, self._policy)
        reply, events = self._replies.build(source, params)
        page = self._replies.page(params, reply, source)
        if events and events.stream_flag:  # `.stream` sets the flag, so it is not an argument
            flag = events.stream_flag[:2]
            switches = stream_flags(events.media_type)
            params = [p for p in params if not (p.attr in switches and (p.location, p.key) == flag)]
        headers = _headers(raw, pointer)
        if self._policy.standalone and found.content_type and body is None:
            headers = (*headers, ("Content-Type", found.content_type))
        keys, alternatives = self._security(raw, pointer)
        errors, unread = errors_of(source, self._inline) if self._policy.standalone else ((), [])
        self._notes += [*found.notes, *notes, *renamed, *alternatives, *unread]
        return Operation(
            source.name, source.method, path, pointer, tuple(params), body, reply, keys,
            fixed_query=tuple((k, v) for k, _, v in (pair.partition("=") for pair in query.split("&")) if k),
            events=events, page=page,
            deprecated=bool(raw.get("deprecated")), description=self._description(raw),
            structured=_structured(raw, params, events, pointer), id=str(raw.get("operationId", "")),
            body_defaults=tuple((raw.get("x-sdk-asks") or {}).items()), fixed_headers=headers,
            server=server, errors=errors,
        )  # fmt: skip

    def _description(self, raw: Mapping[str, Any]) -> str | None:
        """Return the text of an operation: of a package its summary, which is short, and then its description."""
        description, summary = raw.get("description"), raw.get("summary")
        if not (self._policy.standalone and description and summary):
            return description or summary
        start = str(summary).strip().rstrip(".").lower()
        return description if str(description).strip().lower().startswith(start) else f"{summary}\n\n{description}"

    def _server(self, source: OperationSource) -> str:
        """Return the server of an operation; one that no client can have is that of the rest, by the policy."""
        if not self._policy.standalone:
            return ""
        try:
            return own_server(self._document, source.item, source.raw, source.pointer)
        except GeneratorError as error:
            if not self._policy.lenient:
                raise
            self._notes.append(f"left out: at {error.pointer}: the server of {source.title}: {error.problem}")
            return ""

    def _security(self, raw: Mapping[str, Any], pointer: str) -> tuple[Security, list[str]]:
        """Return the keys of an operation, and notes for the report."""
        if self._policy.standalone:
            return security(self._document, raw, pointer, lenient=self._policy.lenient)
        required = raw.get("security", self._document.get("security", []))
        schemes = self._document.get("components", {}).get("securitySchemes", {})
        for alternative in required:
            for scheme in alternative:
                if scheme not in schemes:
                    raise GeneratorError(
                        f"no security scheme is called {scheme}", pointer=f"{pointer}/security", hint="correct the name"
                    )
                return (("admin_api_key" if "admin" in scheme.lower() else "api_key",),), []
        return (), []


def _headers(raw: Mapping[str, Any], pointer: str) -> tuple[tuple[str, str], ...]:
    """Return the headers that an operation always needs. Raises: GeneratorError for one that cannot be fixed."""
    headers = raw.get("x-sdk-headers") or {}
    for name, value in headers.items() if isinstance(headers, Mapping) else [("", headers)]:
        fits = isinstance(value, str) and value.isascii() and value.isprintable() and value == value.strip() != ""
        if not fits or not is_token(name) or name.lower() in UNSENT:
            raise GeneratorError(
                f"x-sdk-headers holds {name or value!r}, which is not a header with a fixed value",
                pointer=f"{pointer}/x-sdk-headers",
                hint="write {Name: value}; the client itself writes the headers of the key and of the body",
            )  # fmt: skip
    return tuple(headers.items())


def _structured(raw: Mapping[str, Any], params: list[Param], events: Events | None, pointer: str) -> str:
    """Return the argument that takes the JSON schema of the answer."""
    place: str = raw.get("x-sdk-structured", "")
    if place and (not events or place.partition(".")[0] not in {p.key for p in params if p.location == "body"}):
        raise GeneratorError(
            f"x-sdk-structured is {place!r}, which is not an argument of the body of an operation that streams",
            pointer=f"{pointer}/x-sdk-structured", hint="write response_format or text.format there",
        )  # fmt: skip
    return place
