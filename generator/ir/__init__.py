"""The intermediate representation: the content of the SDK, without the many forms of OpenAPI.

    Api ─┬─ schemas: Schema(name, module, body: ObjectType | alias type, inline objects)
         └─ operations: Operation(params, body, reply, events, page)

Types are small frozen values; `Ref` names a schema or an inline object. Every choice is closed.

A union on its way:
    normalise       oneOf, anyOf, nullable, allOf over one  →  {"anyOf": [...], "discriminator"?}, flat, null last
    ir.schemas      →  Union(members, tag, mapping): a type for each member, a class for each inline object
    ir.unions       →  Decision: Tagged (a table from tag to class), Scored (by shape), or the one class
    ir.decoding     →  DecodePlan: how to decode the values of an object, an array, a map or a str
    emit            →  an annotation (types), the decision as a constant and the plan as an expression (code)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, assert_never

from attrs import field, frozen

from ..policy import Report
from .decisions import Decision as Decision
from .decisions import JsonType as JsonType
from .decisions import Scored as Scored
from .decisions import Shape as Shape
from .decisions import Tagged as Tagged
from .sender import Sender as Sender


@frozen
class AnyType:
    """Any JSON value."""


ScalarKind = Literal["string", "integer", "number", "boolean", "null"]


@frozen
class Scalar:
    """A plain JSON value; `format` is the document's."""

    kind: ScalarKind
    format: str | None = None


@frozen
class Enum:
    """An enum of values; a single value is a constant (often a tag)."""

    values: tuple[Any, ...] = field(eq=lambda values: tuple((type(v), v) for v in values))  # in Python 1 == True
    names: tuple[str, ...] = field(default=(), eq=False)  # x-enum-varnames


@frozen
class Binary:
    """Raw bytes: a file in a multipart body, or a whole body."""


@frozen
class Array:
    item: Type
    unique: bool = False  # a request may send a set


@frozen
class Map:
    value: Type


@frozen
class Ref:
    """A named schema or an inline object, by its Python name."""

    name: str


@frozen
class Union:
    """One of several types; `mapping` maps values of `tag`, the document's discriminator, to names of members."""

    members: tuple[Type, ...]
    tag: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    rest: str = ""  # the member for every other value of the tag: the schema that the others extend


Nameless = AnyType | Scalar | Enum | Binary | Array | Map | Union  # the types that need no name
Type = Nameless | Ref


def parts(type_: Type) -> tuple[Type, ...]:
    """Return the types that a type consists of, without following references."""
    match type_:
        case Array(inner) | Map(inner):
            return (inner,)
        case Union(members):
            return members
        case AnyType() | Scalar() | Enum() | Binary() | Ref():
            return ()
        case _:
            assert_never(type_)


def mentioned(type_: Type) -> list[str]:
    """Return the names of the schemas and inline objects that a type refers to: in order, each once."""
    if isinstance(type_, Ref):
        return [type_.name]
    return list(dict.fromkeys(name for inner in parts(type_) for name in mentioned(inner)))


@frozen
class Fact:
    """A limit or default of a value: a keyword of JSON Schema with its value, and as a phrase."""

    keyword: str
    value: Any = field(eq=repr)
    text: str

    def __str__(self) -> str:
        return self.text


@frozen
class Field:
    """A property of an object: its JSON key, its Python attribute, its type and its limits."""

    key: str
    attr: str
    type: Type
    required: bool
    facts: tuple[Fact, ...] = ()
    deprecated: bool = False
    description: str | None = None
    packed: bool = False  # numbers may come as base64 of 32-bit floats: x-sdk-packed
    former: tuple[str, ...] = ()  # names that it had: x-sdk-former-names
    read_only: bool = False  # only replies have it, so that no request needs it
    write_only: bool = False  # only requests have it
    inherited: bool = False  # taken over from another schema


@frozen
class Shortcut:
    """A read-only attribute for the str at a path: keys, indexes of lists, and values that select items."""

    name: str
    path: tuple[str | int | dict[str, str], ...]


@frozen
class ObjectType:
    """A JSON object with properties: one attrs class."""

    name: str
    fields: tuple[Field, ...]
    pointer: str
    extra: Type | None = None
    closed: bool = False
    deprecated: bool = False
    description: str | None = None
    shortcuts: tuple[Shortcut, ...] = ()
    vendor_keys: tuple[str, ...] = ()  # keys with text that only some servers send
    former: tuple[str, ...] = ()  # names of merged twins, and a longer name
    media: tuple[str, str] | None = None  # the fields with an image or a sound, as base64 and as a URL ("": none)

    def by_weight(self) -> list[Field]:
        """Return the fields in order of weight: required before optional, then own before inherited."""
        return sorted(self.fields, key=lambda f: (not f.required, f.inherited))


Resolved = ObjectType | Nameless  # the target of a reference, or the type itself


@frozen
class Schema:
    """A component schema: a class or an alias, and its inline objects. One file."""

    key: str
    name: str
    module: str
    body: ObjectType | Type
    inline: tuple[ObjectType, ...]
    pointer: str
    accepts: tuple[str, ...] = ()
    description: str | None = None
    former: tuple[str, ...] = ()
    keep: bool = False  # emitted though nothing uses it: x-sdk-keep


Location = Literal["path", "query", "header", "cookie", "body"]
#: How a value is written: as OpenAPI's parameters, as JSON, by its type ("auto"), or as its media type has it ("").
Style = Literal[
    "", "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "json", "auto",
]  # fmt: skip


@frozen
class Param:
    """An argument of an operation: a path, query or header parameter, or a field of its body."""

    key: str
    attr: str
    location: Location
    type: Type
    required: bool
    style: Style = ""
    explode: bool = True
    content_type: str | None = None
    facts: tuple[Fact, ...] = ()
    deprecated: bool = False
    description: str | None = None
    former: tuple[str, ...] = ()
    reserved: bool = False  # allowReserved: what URLs reserve stays as it is


BodyKind = Literal["json", "multipart", "form", "raw", "auto", "auto_form"]  # auto: multipart if there is a file


@frozen
class Body:
    """A request body; `raw_alternative` (field, content type) is sent raw if it is the only field."""

    kind: BodyKind
    whole: bool  # a single argument `body`, because it is not an object
    required: bool
    content_type: str | None = None
    raw_alternative: tuple[str, str] | None = None
    classes: tuple[str, ...] = ()  # the objects whose fields are arguments
    optional_body: bool = False  # no body is sent if no field is given
    list_content_type: str = ""  # of an array


ReplyKind = Literal["json", "binary", "text", "none"]


@frozen
class Reply:
    """A reply; `json` is of `type`.

    `text_too`, `binary_too`, `none_too` (no content, or null): the reply can be of this kind, too. `accept` are the
    media types to request, "" for the usual ones. `by_status` are the types of statuses or ranges ("2XX") that differ;
    `type` is their union then. The argument `chosen_by` selects the class: `cases` has one for each value.
    """

    kind: ReplyKind
    type: Type | None = None
    text_too: bool = False
    binary_too: bool = False
    none_too: bool = False
    accept: str = ""
    by_status: tuple[tuple[str, Type], ...] = ()
    chosen_by: str = ""
    cases: tuple[tuple[str, str], ...] = ()


EventData = Literal["object", "json", "text"]


@frozen
class Events:
    """The events of a stream, and the argument that requests it: None if the Accept header does."""

    type: Type
    stream_flag: tuple[Literal["query", "body"], str, Any] | None  # location, key, value
    end_events: tuple[str, ...] = ()  # the types of the events that end the stream, or "[DONE]"
    envelope: bool = False  # the schema describes the event with its name, not its data alone
    data: EventData = "object"  # the type of the data of an event; json is any value
    ends_on_close: bool = False  # without a terminal event: the end of the response ends the stream
    only: bool = False  # there is no unstreamed reply
    error_events: bool = False  # an event that reports an error is one of the schema: x-stream-mode
    media_type: str = ""  # of a stream of lines of JSON, "" of server-sent events


@frozen
class Page:
    """How to request the next page of a list; `param` is empty if one reply has the whole list."""

    param: str
    cursor: tuple[str, ...]  # the place in the reply: a key, or a list and the key of its last item
    item: Type
    items: str
    numbers: bool = False  # the cursor is an integer
    kind: str = ""  # a convention of the runtime's page kinds: places, and `more`, are attributes
    more: str = ""


Security = tuple[tuple[str, ...], ...]  # alternatives, each with the names of the schemes that want a key


class _Named:
    """What has a dotted name in the tree of resources."""

    __slots__ = ()
    name: str

    @property
    def resource(self) -> str:
        """The dotted name of its resource."""
        return self.name.rpartition(".")[0]

    @property
    def verb(self) -> str:
        """Its name in the resource."""
        return self.name.rpartition(".")[2]


@frozen
class Operation(_Named):
    name: str
    method: str
    path: str
    pointer: str
    params: tuple[Param, ...]
    body: Body | None
    reply: Reply
    security: Security
    fixed_query: tuple[tuple[str, str], ...] = ()
    events: Events | None = None
    page: Page | None = None
    deprecated: bool = False
    description: str | None = None
    structured: str = ""  # the argument that takes the JSON schema of the answer: x-sdk-structured
    replaced_by: str = ""  # the current name of an operation under a former name
    id: str = ""  # the operationId
    body_defaults: tuple[tuple[str, str], ...] = ()  # values of fields that the caller omits: x-sdk-asks
    fixed_headers: tuple[tuple[str, str], ...] = ()  # headers that are sent unless the caller gives them: x-sdk-headers
    server: str = ""  # its own base URL, or the path of it
    errors: tuple[tuple[str, Type], ...] = ()  # the body of errors, by status, range or "default"


@frozen
class WebSocket(_Named):
    """A path that is opened as a WebSocket.

    `sends` and `receives` are the unions of the events of the client and of the server. `ends` are the types of events
    that end the conversation, `setup` those of the client's events that set it up.
    """

    name: str
    path: str
    pointer: str
    params: tuple[Param, ...]
    sends: Type
    receives: Type
    senders: tuple[Sender, ...]
    ends: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    subprotocols: tuple[str, ...] = ()
    description: str | None = None
    security: Security = (("api_key",),)

    @property
    def request_types(self) -> list[Type]:
        """The types of the arguments, and of the client's events."""
        return [*(p.type for p in self.params), self.sends]


@frozen
class Api:
    """A whole SDK, as the input of emit."""

    title: str
    schemas: tuple[Schema, ...]
    operations: tuple[Operation, ...]
    objects: dict[str, ObjectType] = field(repr=False)
    aliases: dict[str, Type] = field(repr=False)
    modules: dict[str, str] = field(repr=False)
    nullable: frozenset[str] = frozenset()
    params: dict[str, str] = field(factory=dict, repr=False)  # class or alias → its request side, a TypedDict
    report: Report = field(factory=Report)
    typed: bool = False  # named enums, dates and UUIDs are classes of Python: in packages
    websockets: tuple[WebSocket, ...] = ()

    def former(self) -> Iterator[tuple[str, str]]:
        """Yield the former names of models, each with the current name; none that a model has now."""
        for schema in self.schemas:
            named: list[Schema | ObjectType] = [schema, *schema.inline]
            yield from ((old, one.name) for one in named for old in one.former if old not in self.modules)

    def resolve(self, type_: Type) -> Resolved:
        """Follow a reference to the object or alias behind it."""
        while isinstance(type_, Ref):
            if type_.name in self.objects:
                return self.objects[type_.name]
            type_ = self.aliases[type_.name]
        return type_

    def reached(self, types: Iterable[Type]) -> set[str]:
        """Return the names of the classes and aliases that values of some types can hold, at any depth."""
        found: set[str] = set()
        todo = [name for type_ in types for name in mentioned(type_)]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                target = self.objects.get(name)
                inner = [f.type for f in target.fields] if target else [self.aliases[name]]
                todo += [mention for type_ in inner for mention in mentioned(type_)]
        return found
