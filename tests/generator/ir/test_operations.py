"""Operations: parameters, bodies, replies, events and pages of tiny documents of our own."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.ir import Array, Enum, Events, Operation, Page, Ref, Reply, Scalar, Security, Union

from ..mini import api_of, trees_of

TEXT, WHOLE = Scalar("string"), Scalar("integer")
SCHEMAS = """
Cat: {type: object, properties: {id: {type: string}, name: {type: string}}, required: [id]}
Cats: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Cat'}}, last_id: {}, has_more: {}}}
NextCats: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Cat'}}, next_page: {}}}
AllCats: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Cat'}}}}
LostCats: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Cat'}}, has_more: {}}}
"""
CAT = "{$ref: '#/components/schemas/Cat'}"
OK = "responses: {'200': {content: {application/json: {schema: {type: string}}}}}"


def one(
    operation: str, *, method: str = "post", path: str = "/cats", more: str = "{}", schemas: str = SCHEMAS
) -> Operation:
    """Build a document with one operation, said without its braces."""
    (built,) = api_of(schemas, f"{path}: {{{method}: {{{operation}}}}}", more).operations
    return built


def params(built: Operation) -> dict[str, Any]:
    return {p.attr: p for p in built.params}


# -- parameters ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "style", "explode"),
    [
        ("in: query, schema: {type: array, items: {type: string}}", "form", True),
        ("in: query, explode: false, schema: {type: array, items: {type: string}}", "form", False),
        ("in: query, style: deepObject, schema: {type: object}", "deepObject", True),
        ("in: query, style: spaceDelimited, explode: false, schema: {type: array}", "spaceDelimited", False),
        ("in: header, schema: {type: array, items: {type: string}}", "simple", False),
        ("in: query, content: {application/json: {schema: {type: object}}}", "json", True),
    ],
)
def test_a_parameter_keeps_its_style(said: str, style: str, explode: bool) -> None:
    """Style and explode are the document's, or OpenAPI's defaults for the place."""
    (p,) = one(f"parameters: [{{name: x, {said}}}], {OK}").params
    assert (p.style, p.explode) == (style, explode)


def test_brackets_are_no_part_of_an_arguments_name() -> None:
    """event_types[] is sent under its own name and given as event_types."""
    (p,) = one(f"parameters: [{{name: 'event_types[]', in: query, schema: {{}}}}], {OK}").params
    assert (p.key, p.attr) == ("event_types[]", "event_types")


def test_a_header_can_be_named_by_the_documents_hint() -> None:
    """x-stainless-param is the name that the API's makers chose for an argument."""
    (p,) = one(f"parameters: [{{name: openai-beta, in: header, schema: {{x-stainless-param: betas}}}}], {OK}").params
    assert (p.key, p.attr, p.location) == ("openai-beta", "betas", "header")


def test_a_path_with_a_query_sends_it_always() -> None:
    """?beta=true is no argument: it is part of the operation."""
    built = one(OK, path="/cats?beta=true")
    assert (built.name, built.path, built.fixed_query) == ("beta.cats.create", "/cats", (("beta", "true"),))


def test_a_header_that_an_operation_always_needs() -> None:
    """x-sdk-headers has headers with their values; they are no arguments."""
    built = one(f"x-sdk-headers: {{X-Mode: 'b=2', X-Kind: c}}, {OK}")
    assert (built.fixed_headers, built.params) == ((("X-Mode", "b=2"), ("X-Kind", "c")), ())


@pytest.mark.parametrize(
    "said",
    [
        "{X-A: 1}",
        "{'': a}",
        "{'X A': a}",
        "{Authorization: a}",
        '{X-A: "a\\nb"}',
        "{X-A: é}",
        "{X-A: ' a'}",
        "[X-A]",
        "X-A",
    ],
)
def test_a_header_that_cannot_be_fixed(said: str) -> None:
    """A header needs a name and one line of ASCII, and cannot be one that the client writes."""
    with pytest.raises(GeneratorError, match="which is not a header with a fixed value"):
        one(f"x-sdk-headers: {said}, {OK}")


def test_path_parameters_come_first_in_the_order_of_the_path() -> None:
    """However they are declared, and whether at the path or at the operation; required always."""
    shared = "parameters: [{name: b, in: path, schema: {type: string}}]"
    paths = (
        f"/x/{{a}}/y/{{b}}.{{c}}: {{{shared}, get: {{parameters: [{{name: q, in: query}}, {{name: c, in: path}}, "
        f"{{name: a, in: path}}], {OK}}}}}"
    )
    (built,) = api_of(paths=paths).operations
    assert [(p.key, p.required) for p in built.params] == [("a", True), ("b", True), ("c", True), ("q", False)]


def test_a_parameter_of_the_operation_replaces_that_of_the_path() -> None:
    """The same name at the same place is one parameter."""
    shared = "parameters: [{name: q, in: query, schema: {type: string}}]"
    paths = f"/x: {{{shared}, get: {{parameters: [{{name: q, in: query, schema: {{type: integer}}}}], {OK}}}}}"
    (built,) = api_of(paths=paths).operations
    assert [p.type for p in built.params] == [WHOLE]


def test_defaults_are_words_alone() -> None:
    """A default of the document is told, never sent: the parameter stays optional without a value."""
    (p,) = one(
        f"parameters: [{{name: n, in: query, schema: {{type: integer, default: 20, maximum: 100}}}}], {OK}"
    ).params
    assert (p.required, [str(f) for f in p.facts]) == (False, ["maximum 100", "the server's default is 20"])


def test_a_limit_that_is_a_flag_in_openapi_3_0() -> None:
    """exclusiveMinimum: true turns the minimum beside it into a bound that is not reached."""
    said = "{type: number, minimum: 0, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: false}"
    (p,) = one(f"parameters: [{{name: n, in: query, schema: {said}}}], {OK}").params
    assert [str(f) for f in p.facts] == ["more than 0", "maximum 2"]


# -- bodies --------------------------------------------------------------------------------------------------------


def body(content: str, **more: str) -> Operation:
    return one(f"requestBody: {{required: true, content: {{{content}}}}}, {OK}", **more)


def test_an_object_is_spread_into_arguments() -> None:
    """A body's fields are arguments; required ones stay required."""
    built = body(f"application/json: {{schema: {CAT}}}")
    assert built.body is not None
    assert (built.body.kind, built.body.whole) == ("json", False)
    assert [(p.attr, p.location, p.required) for p in built.params] == [("id", "body", True), ("name", "body", False)]


def test_a_body_that_is_no_object_is_one_argument() -> None:
    """A list, a union with a text or a map is body=."""
    built = body(f"application/json: {{schema: {{type: array, items: {CAT}}}}}")
    assert built.body is not None
    assert (built.body.kind, built.body.whole) == ("json", True)
    assert [(p.attr, p.required) for p in built.params] == [("body", True)]


@pytest.mark.parametrize(
    "kind", ["application/sdp", "application/zip", "video/mp4", "image/webp", "application/octet-stream"]
)
def test_a_raw_body_is_one_argument_with_its_content_type(kind: str) -> None:
    """What is neither JSON nor a form is sent as it is."""
    built = body(f"{kind}: {{schema: {{type: string, format: binary}}}}")
    assert built.body is not None
    assert (built.body.kind, built.body.whole, built.body.content_type) == ("raw", True, kind)


def test_a_form_and_a_multipart_body() -> None:
    """The two form encodings keep their kinds, a part its content type."""
    form = body("application/x-www-form-urlencoded: {schema: {properties: {a: {type: string}}}}").body
    parts = body(
        "multipart/form-data: {schema: {properties: {a: {type: string, format: binary}}}, "
        "encoding: {a: {contentType: image/png}}}"
    )
    assert form is not None
    assert parts.body is not None
    assert (form.kind, parts.body.kind, params(parts)["a"].content_type) == ("form", "multipart", "image/png")


def test_several_content_types_are_one_signature() -> None:
    """Fields of both; required where all require them; a union where their types differ."""
    built = body(
        "multipart/form-data: {schema: {properties: {a: {type: string}, f: {type: string}}, required: [a, f]}}, "
        "application/json: {schema: {properties: {a: {type: integer}, j: {type: string}}, required: [a]}}"
    )
    assert built.body is not None
    assert built.body.kind == "auto"
    assert {p.key: (p.type, p.required) for p in built.params} == {
        "a": (Union((TEXT, WHOLE)), True), "f": (TEXT, False), "j": (TEXT, False),
    }  # fmt: skip


def test_a_field_that_can_be_sent_alone() -> None:
    """SDP is the whole body where it is the only field given."""
    built = body(
        "multipart/form-data: {schema: {properties: {sdp: {type: string}}}, encoding: {sdp: {contentType: application/sdp}}}, "
        "application/sdp: {schema: {type: string}}"
    )
    assert built.body is not None
    assert built.body.raw_alternative == ("sdp", "application/sdp")


# -- replies -------------------------------------------------------------------------------------------------------


def reply(content: str) -> Reply:
    return one(f"responses: {{'200': {{content: {{{content}}}}}}}").reply


CHOICE = """
Short: {type: object, properties: {text: {type: string}}}
Long: {type: object, properties: {text: {type: string}, more: {type: string}}}
Other: {type: object, properties: {x: {type: string}}}
"""


def chosen(choice: str) -> Reply:
    body = "requestBody: {content: {application/json: {schema: {type: object, properties: {form: {type: string}}}}}}"
    union = "{oneOf: [{$ref: '#/components/schemas/Short'}, {$ref: '#/components/schemas/Long'}]}"
    said = f"responses: {{'200': {{content: {{application/json: {{schema: {union}}}}}}}}}"
    return one(f"{body}, {said}, x-sdk-reply: {choice}", schemas=CHOICE).reply


def test_an_argument_that_chooses_the_class_of_the_reply() -> None:
    """x-sdk-reply has the values of the argument, each with a member of the reply's union."""
    found = chosen("{by: form, cases: {s: '#/components/schemas/Short', l: '#/components/schemas/Long'}}")
    assert (found.chosen_by, found.cases) == ("form", (("s", "Short"), ("l", "Long")))


@pytest.mark.parametrize(
    "choice",
    [
        "{by: format, cases: {s: '#/components/schemas/Short'}}",
        "{cases: {s: '#/components/schemas/Short'}}",
        "{by: form, cases: {o: '#/components/schemas/Other'}}",
        "{by: form}",
    ],
)
def test_a_choice_that_cannot_be_made(choice: str) -> None:
    """The argument must be one of the body, and the classes those of the reply."""
    with pytest.raises(GeneratorError, match="x-sdk-reply chooses by no argument of the body, or another class"):
        chosen(choice)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f"application/json: {{schema: {CAT}}}", Reply("json", Ref("Cat"))),
        ("application/json: {schema: {type: string}}", Reply("json", TEXT)),
        ("'application/json; charset=utf-8': {schema: {type: string}}", Reply("json", TEXT)),
        ("application/vnd.zoo+json: {schema: {type: string}}", Reply("json", TEXT)),
        ("text/plain: {schema: {type: string}}", Reply("text", accept="text/plain")),
        ("application/sdp: {schema: {type: string}}", Reply("text", accept="application/sdp")),
        (f"application/json: {{schema: {CAT}}}, text/plain: {{schema: {{type: string}}}}", Reply("json", Ref("Cat"), True)),
        ("application/octet-stream: {schema: {type: string, format: binary}}", Reply("binary")),
        ("application/zip: {}", Reply("binary")),
        ("video/mp4: {schema: {type: string, format: binary}}, image/webp: {schema: {type: string, format: binary}}", Reply("binary")),
    ],
)  # fmt: skip
def test_a_reply_is_json_text_or_bytes(content: str, expected: Reply) -> None:
    """The content type and the schema decide what a reply is; only a text of one type is asked for by its type."""
    assert reply(content) == expected


def test_no_content_is_no_reply() -> None:
    """204 gives None."""
    assert one("responses: {'204': {description: Gone}}").reply == Reply("none")


def test_several_successful_responses_are_a_union() -> None:
    """Nothing of a second 2xx response is dropped."""
    said = "responses: {'200': {content: {application/json: {schema: {type: string}}}}, " \
        "'202': {content: {application/json: {schema: {type: integer}}}}, '400': {content: {text/html: {}}}}"  # fmt: skip
    assert one(said).reply == Reply("json", Union((TEXT, WHOLE)))


def test_an_inline_reply_has_a_class() -> None:
    """An object without a component schema is named after its operation."""
    api = api_of(paths="/cats: {get: {operationId: listCats, responses: {'200': {content: {application/json: {schema: "
                 "{properties: {x: {type: string}}}}}}}}}")  # fmt: skip
    assert api.operations[0].reply == Reply("json", Ref("ListCatsResponse"))
    assert [f.key for f in api.objects["ListCatsResponse"].fields] == ["x"]


STREAMED = f"responses: {{'200': {{content: {{application/json: {{}}, text/event-stream: {{schema: {CAT}}}}}}}}}"


def test_an_event_stream_is_asked_for_by_its_parameter() -> None:
    """The `stream` parameter is what .stream sets, so it is no argument."""
    built = one(
        f"requestBody: {{content: {{application/json: {{schema: {{properties: {{stream: {{type: boolean}}, a: {{}}}}}}}}}}}}, {STREAMED}"
    )
    assert built.events == Events(Ref("Cat"), ("body", "stream", True))
    assert [p.attr for p in built.params] == ["a"]


def test_an_event_stream_is_asked_for_as_the_overlay_says() -> None:
    """Another parameter, its value, the ends of the stream and the form of its events come from x-sdk-stream."""
    said = "x-sdk-stream: {in: query, name: mode, value: sse, terminal: [done], envelope: true}"
    built = one(f"{said}, parameters: [{{name: mode, in: query, schema: {{enum: [sse, all]}}}}], {STREAMED}")
    assert built.events == Events(Ref("Cat"), ("query", "mode", "sse"), ("done",), True)
    assert params(built)["mode"].type == Enum(("sse", "all"))


@pytest.mark.parametrize(
    ("schema", "query", "page"),
    [
        ("Cats", "after", Page("after", ("last_id",), Ref("Cat"), "data")),
        ("NextCats", "page", Page("page", ("next_page",), Ref("Cat"), "data")),
        ("AllCats", "other", Page("", (), Ref("Cat"), "data")),
        ("LostCats", "other", None),
    ],
)
def test_a_list_knows_its_next_page(schema: str, query: str, page: Page | None) -> None:
    """The cursor is found by the parameter and the key of the reply that fit each other."""
    said = f"responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}}}"
    assert one(f"parameters: [{{name: {query}, in: query}}], {said}", method="get").page == page


# -- security ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("security", "key"),
    [
        ("", (("api_key",),)),
        ("security: [{AdminAuth: []}],", (("admin_api_key",),)),
        ("security: [],", ()),
        ("security: [{}, {Key: []}],", (("api_key",),)),
    ],
)
def test_an_operation_knows_its_key(security: str, key: Security) -> None:
    """The operation's security, else the document's, names the key."""
    more = "{security: [{Key: []}], components: {securitySchemes: {Key: {type: http}, AdminAuth: {type: http}}}}"
    assert one(f"{security} {OK}", more=more).security == key


def test_an_array_of_references_is_a_type() -> None:
    """A reply that is a list of objects decodes them, too: it has a name."""
    api = api_of(
        SCHEMAS,
        f"/cats: {{get: {{operationId: all, responses: {{'200': {{content: {{application/json: {{schema: {{type: array, items: {CAT}}}}}}}}}}}}}}}",
    )
    assert api.operations[0].reply == Reply("json", Ref("AllResponse"))
    assert api.aliases["AllResponse"] == Array(Ref("Cat"))


# -- what cannot be built ------------------------------------------------------------------------------------------

NO = "{'200': {}}"
WRONG = {
    f"/a: {{get: {{x-sdk-name: x.y, responses: {NO}}}, post: {{x-sdk-name: x.y, responses: {NO}}}}}": (
        "two operations would both be called x.y", "/paths/~1a/post",
    ),
    f"/a: {{get: {{x-sdk-name: x.y, responses: {NO}}}, post: {{x-sdk-name: x.y.z, responses: {NO}}}}}": (
        "both an operation and a resource", "/paths/~1a/get",
    ),
    f"/a: {{get: {{parameters: [{{name: timeout, in: query}}], responses: {NO}}}}}": (
        "has the name of a request option", "/paths/~1a/get",
    ),
    f"/a: {{get: {{parameters: [{{name: x, in: query}}, {{name: x, in: header}}], responses: {NO}}}}}": (
        "would have two arguments called x", "/paths/~1a/get",
    ),
    f"/a: {{get: {{parameters: [{{name: x, in: body}}], responses: {NO}}}}}": (
        "parameters in 'body' cannot be expressed", "/paths/~1a/get/parameters/0",
    ),
    f"'/a/{{x}}': {{get: {{parameters: [{{name: x, in: path, style: form}}], responses: {NO}}}}}": (
        "style 'form' cannot be expressed", "/paths/~1a~1{x}/get/parameters/0/style",
    ),
    f"'/a/{{x}}': {{get: {{responses: {NO}}}}}": ("no path parameter is called so", "/paths/~1a~1{x}/get/parameters"),
    f"/a: {{get: {{parameters: [{{name: x, in: path}}], responses: {NO}}}}}": (
        "does not occur in the path", "/paths/~1a/get/parameters",
    ),
    f"/a: {{get: {{security: [{{Nobody: []}}], responses: {NO}}}}}": (
        "no security scheme is called Nobody", "/paths/~1a/get/security",
    ),
    "/a: {get: {responses: {'200': {content: {application/json: {}, text/event-stream: {}}}}}}": (
        "nothing says how to ask for it", "/paths/~1a/get",
    ),
    "/a: {post: {requestBody: {content: {application/json: {schema: {properties: {a: {}}}}, text/plain: {}}}, "
    f"responses: {NO}}}}}": ("one signature cannot say both", "/paths/~1a/post/requestBody/content"),
}  # fmt: skip


@pytest.mark.parametrize(("paths", "wrong"), WRONG.items())
def test_what_cannot_be_built_is_one_error(paths: str, wrong: tuple[str, str]) -> None:
    """The error says what, where, and what to do."""
    with pytest.raises(GeneratorError) as caught:
        trees_of(paths=paths)
    assert wrong[0] in caught.value.problem
    assert caught.value.pointer == wrong[1]
    assert caught.value.hint
