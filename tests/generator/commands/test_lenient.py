"""--lenient: a mistake in one place of a document costs that place alone, and is told with its pointer and reason."""

from __future__ import annotations

from typing import Any

import pytest

from generator import render
from generator.errors import Fault

from ...faults.raw import Raw, always, reply
from ..packages import HEAD, OK, Packages

PATHS = f"paths: {{/a: {{get: {{{OK}}}}}}}\n"
NOWHERE = "{$ref: '#/components/schemas/No'}"
GET = "get: {responses: {'200': {description: ok, content: {application/json: {schema: %s}}}}}"


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        (
            f"paths: {{/a: {{{GET % NOWHERE}}}}}",
            "read as any value: at /paths/~1a/get/responses/200/content/application~1json/schema/$ref: "
            "the $ref '#/components/schemas/No' leads nowhere",
        ),
        (
            f"{PATHS}components: {{schemas: {{A: {{type: zoo}}}}}}",
            "left out: at /components/schemas/A/type: input should be 'string', 'number', 'integer', 'boolean', "
            "'array', 'object' or 'null'",
        ),
        (
            f"{PATHS}components: {{schemas: {{A: {{properties: {{b: text, c: {{type: string}}}}}}}}}}",
            "read as any value: at /components/schemas/A/properties/b: input should be a valid dictionary or instance "
            "of Schema",
        ),
        (
            f"{PATHS}components: {{schemas: {{A: {{type: object, description: {{a: 1}}}}}}}}",
            "left out: at /components/schemas/A/description: input should be a valid string",
        ),
        (
            "paths: {/a: {get: {parameters: [{in: query}, {name: q, in: query}], responses: {'200': {}}}}}",
            "left out: at /paths/~1a/get/parameters/0: 'name' is missing",
        ),
        (
            "paths: {/a: {get: {responses: {'200': {}}}}}",
            "read as '': at /paths/~1a/get/responses/200/description: 'description' is missing",
        ),
        (
            "paths: {a: {get: {OK}}}".replace("OK", OK),
            "read as /a: at /paths/a: the path does not start with a slash",
        ),
        (
            "paths: {/a: {get: {parameters: [{name: x, in: path, required: true, schema: {}}], OK}}}".replace("OK", OK),
            "left out: at /paths/~1a/get/parameters/0: the path has no {x}",
        ),
        (
            f"{PATHS}security: [{{nope: []}}]",
            "left out: at /security/0: no security scheme is called nope",
        ),
        (
            "paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/No'}], OK}}}".replace("OK", OK),
            "left out: at /paths/~1a/get/parameters/0/$ref: the $ref '#/components/parameters/No' leads nowhere",
        ),
        (
            "paths: {/a: {get: {parameters: [{name: x, in: query, style: zoo, schema: {}}], OK}}}".replace("OK", OK),
            "left out: at /paths/~1a/get/parameters/0: the parameter 'x': a query parameter of style 'zoo' cannot be "
            "expressed",
        ),
    ],
)
def test_one_mistake_is_told_and_the_rest_is_made(packages: Packages, text: str, reported: str) -> None:
    """The operation is there and can be called; without --lenient the document is refused."""
    packages(text, code=1)
    made = packages(text, "--lenient")
    assert reported in packages.reported
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url, api_key=None) as client:
        client.a.retrieve.sync()
    assert server.requests[0].startswith(b"GET /v1/a HTTP")


def test_information_that_is_missing(packages: Packages) -> None:
    """A document without a version is 0.1.0; the error of the strict run names an overlay as a way out."""
    head = "openapi: 3.1.0\ninfo: {title: T}\n"
    packages(PATHS, head=head, code=1)
    assert "with an action in an overlay (--overlay FILE) that has an update of 'version'" in packages.err
    packages(PATHS, "--lenient", head=head)
    assert packages.reported == ["read as '0.1.0': at /info/version: 'version' is missing"]
    assert 'version = "0.1.0"' in (packages.out / "pyproject.toml").read_text()


def test_a_version_without_a_patch_number(packages: Packages) -> None:
    """It is read as the first of its versions."""
    packages(PATHS, "--lenient", head=HEAD.replace("3.1.0", "3.1"))
    assert packages.reported == ["read as 3.1.0: at /openapi: the version 3.1 has no patch number"]


def test_an_enum_without_values_is_no_mistake(packages: Packages) -> None:
    """JSON Schema allows it: the value has the type beside it."""
    made = packages(
        "paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string, enum: []}}], OK}}}".replace(
            "OK", OK
        )
    )
    assert packages.reported == []
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url) as client:
        client.a.retrieve.sync(q="x")
    assert b"/a?q=x " in server.requests[0]


def test_scopes_that_are_null(packages: Packages) -> None:
    """A scheme with a null for its scopes is wanted all the same."""
    schemes = "components: {securitySchemes: {s: {type: apiKey, in: header, name: X-S}}}"
    made = packages(f"paths: {{/a: {{get: {{security: [{{s: null}}], {OK}}}}}}}\n{schemes}")
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url, api_key="k" * 9) as client:
        client.a.retrieve.sync()
    assert b"X-S: kkkkkkkkk" in server.requests[0]


def test_a_mapping_to_what_is_no_member(packages: Packages) -> None:
    """The entry of a discriminator is left out, and so is one for a schema that is not there."""
    schema = "{type: object, required: [k], properties: {k: {type: string}}}"
    ref = "{$ref: '#/components/schemas/%s'}"
    text = (
        f"paths: {{/a: {{{GET % (ref % 'U')}}}}}\ncomponents:\n  schemas:\n"
        f"    A: {schema}\n    B: {schema}\n    C: {schema}\n"
        f"    U:\n      oneOf: [{ref % 'A'}, {ref % 'B'}]\n"
        "      discriminator: {propertyName: k, mapping: {a: A, b: B, c: C, d: '#/components/schemas/D', e: E}}\n"
    )
    packages(text, code=1)
    made = packages(text, "--lenient")
    place = "left out: at /components/schemas/U/discriminator/mapping"
    assert packages.reported[:3] == [
        f"{place}/d: the $ref '#/components/schemas/D' leads nowhere",
        f"{place}/e: no schema is called 'E'",
        f"{place}/c: C is no member of the union",
    ]
    with Raw(always(reply(b'{"k": "b"}'))) as server, made.Client(api_base=server.url) as client:
        assert type(client.a.retrieve.sync()).__name__ == "B"


def test_a_path_parameter_that_is_not_declared(packages: Packages) -> None:
    """It is a string, and told, with or without --lenient."""
    made = packages(f"paths: {{'/a/{{x}}': {{get: {{{OK}}}}}}}")
    reported = "read as a string: at /paths/~1a~1{x}/get: the path parameter 'x', which is not declared"
    assert packages.reported == [reported]
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url) as client:
        client.a.retrieve.sync("p q")
    assert b"GET /v1/a/p%20q HTTP" in server.requests[0]


def test_only_the_smallest_schema_becomes_any_value(packages: Packages) -> None:
    """The properties beside one that cannot be expressed keep their types."""
    schema = (
        "{type: object, properties: {bad: {allOf: [{type: string}, {type: object}]}, at: {type: string, format: date}}}"
    )
    text = f"paths: {{/a: {{{GET % schema}}}}}"
    packages(text, code=1)
    made = packages(text, "--lenient")
    with Raw(always(reply(b'{"bad": [1], "at": "2026-01-02"}'))) as server, made.Client(api_base=server.url) as client:
        read = client.a.retrieve.sync()
    assert (read.bad, read.at.year) == ([1], 2026)


def test_a_body_that_has_no_signature(packages: Packages) -> None:
    """A form that is no object is sent as one of any fields."""
    body = "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: string}}}}"
    text = f"paths: {{/a: {{post: {{{body}, {OK}}}}}}}"
    packages(text, code=1)
    made = packages(text, "--lenient")
    assert packages.reported[0].startswith(
        "read as any value, sent as application/x-www-form-urlencoded: at /paths/~1a/post"
    )
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url) as client:
        client.a.create.sync(body={"x": 1})
    assert server.requests[0].endswith(b"\r\n\r\nx=1")


# -- faults of the generator ---------------------------------------------------------------------------------------


def test_a_fault_is_not_the_users_error(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the generator loses stops a strict run with a code of its own; a lenient one goes on, and tells it."""

    def lost(*_: object) -> Any:
        yield Fault("the schema A got lost", pointer="/components/schemas/A")

    monkeypatch.setattr(render, "faults", lost)
    monkeypatch.setattr("generator.ir.completeness.faults", lost)
    packages(PATHS, code=3)
    assert "this is a fault of the generator, not of the document: please report it" in packages.err
    assert "to fix:" not in packages.err
    packages(PATHS, "--lenient")
    assert packages.reported == [
        "got lost by a fault of the generator: at /components/schemas/A: the schema A got lost"
    ]


def test_a_fault_in_one_operation(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lenient run leaves that operation out, and makes the others."""
    from generator.ir.replies import ReplyBuilder

    build = ReplyBuilder.build

    def broken(self: ReplyBuilder, source: Any, params: Any) -> Any:
        if source.path == "/b":
            raise KeyError(source.path)
        return build(self, source, params)

    monkeypatch.setattr(ReplyBuilder, "build", broken)
    made = packages(f"paths: {{/a: {{get: {{{OK}}}}}, /b: {{get: {{{OK}}}}}}}", "--lenient")
    assert packages.reported == [
        "left out: GET /b: KeyError, by a fault of the generator: please report it (at /paths/~1b/get)"
    ]
    assert "a" in dir(made.Client(api_base="http://x")) and "b" not in dir(made.Client(api_base="http://x"))


# -- alternatives beside an object ---------------------------------------------------------------------------------


def test_what_only_a_branch_has_is_not_lost(packages: Packages) -> None:
    """Beside an object, a union with a member that adds nothing makes what the others add optional."""
    branches = "[{title: a, required: [kinds], properties: {kinds: {type: string}}}, {title: b}]"
    schema = f"{{type: object, properties: {{archived: {{type: boolean}}}}, oneOf: {branches}}}"
    body = f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}"
    made = packages(f"paths: {{/a: {{put: {{{body}, {OK}}}}}}}")
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url) as client:
        client.a.replace.sync(archived=True, kinds="x")
        client.a.replace.sync()
    assert server.requests[0].endswith(b'{"archived":true,"kinds":"x"}')
