"""Documents that are valid, or that an overlay makes so, become packages; what cannot is one error with a way out."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

import pytest

from generator.commands import main

from ...faults.raw import Raw, always, reply
from ..packages import HEAD, OK, Packages

HEAD_30 = HEAD.replace("3.1.0", "3.0.3")
A = "components: {schemas: {A: %s}}"


def test_references_are_uri_fragments(packages: Packages) -> None:
    """A `$ref` is percent-encoded, and may lead through the index of an array."""
    made = packages(
        """
        paths:
          /a:
            get:
              parameters: [{$ref: '#/components/parameters/p%2Eq'}]
              responses: {'200': {$ref: '#/components/responses/r%2Eq'}}
          /b: {get: {parameters: [{$ref: '#/paths/~1a/get/parameters/0'}], responses: {'200': {description: ok}}}}
        components:
          parameters: {p.q: {name: q, in: query, schema: {type: string}}}
          responses:
            r.q: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Page%5BItem%5D'}}}}
          schemas:
            Page[Item]: {type: object, properties: {list: {$ref: '#/components/schemas/List%C2%ABPet%C2%BB'}}}
            List«Pet»:
              oneOf: [{$ref: '#/components/schemas/Page%5BItem%5D'}, {$ref: '#/components/schemas/B'}]
              discriminator: {propertyName: t, mapping: {page: '#/components/schemas/Page%5BItem%5D', b: B}}
            B: {type: object, properties: {t: {type: string}}}
        """
    )
    with (
        Raw(always(reply(b'{"list": {"t": "page", "list": {"t": "b"}}}'))) as server,
        made.Client(api_base=server.url, strict=True) as client,
    ):
        page = client.a.retrieve.sync(q="1")
        client.b.retrieve.sync(q="2")
    assert (type(page).__name__, type(page.list).__name__, type(page.list.list).__name__) == (
        "PageItem",
        "PageItem",
        "B",
    )
    assert b"/b?q=2" in server.requests[1]


@pytest.mark.parametrize(
    "text",
    [
        "paths:\ncomponents:\n",
        "paths: {/a: }\ncomponents: {schemas: , responses: , securitySchemes: }\n",
        "paths: {/a: {parameters: , get: {parameters: , security: , tags: , requestBody: , servers: , "
        "responses: {'200': {description: ok, content: , headers: }}}}}\n",
        "paths: {/a: {get: , servers: }}\nservers:\nsecurity:\ntags:\n",
        "paths: {}\n"
        + A % "{type: object, properties: , required: , enum: , allOf: , additionalProperties: , items: , default: }",
        "paths: {}\n" + A % "{type: object, properties: {x: , y: {items: , format: , enum: , anyOf: }}}",
        "paths: {}\n" + A % "{type: array, items: }",
        "paths: {}\nwebhooks: {w: , v: {post: {requestBody: {content: }}}}\n",
    ],
)
def test_empty_keys_say_nothing(packages: Packages, text: str) -> None:
    """A YAML key with nothing after it is as good as none; a name, or a method, is still there."""
    made = packages(text)
    if "get: ," in text:
        assert made.Client(api_base="http://x").a.retrieve.path == "/a"
    if "properties: {x" in text:
        assert made.models.A.from_dict({"x": 1}).x == 1


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ("{type: []}", "no value satisfies this"),
        ("{oneOf: [false]}", "no value satisfies this"),
        ("{type: [string], enum: [1]}", "no value satisfies this"),
        ("false", "false is not a schema that any value satisfies"),
    ],
)
def test_what_no_value_satisfies_is_refused(packages: Packages, schema: str, problem: str) -> None:
    """An error with its place, not a traceback."""
    packages("paths: {}\n" + A % schema, code=1)
    assert problem in packages.err and "/components/schemas/A" in packages.err
    assert "spec/overlay.yaml" not in packages.err


def test_chains_have_an_end(packages: Packages) -> None:
    """What nests deeper than Python does is one error."""
    chain = ", ".join(
        f"A{n}: {{allOf: [{{$ref: '#/components/schemas/A{n + 1}'}}, {{properties: {{p{n}: {{}}}}}}]}}"
        for n in range(400)
    )
    packages(f"paths: {{}}\ncomponents: {{schemas: {{{chain}, A400: {{properties: {{z: {{}}}}}}}}}}\n", code=1)
    assert "d.yaml:4: at /components/schemas/A0: the schema nests too deep" in packages.err


@pytest.mark.parametrize("where", ["parameters", "responses", "pathItems"])
def test_references_in_a_circle_are_refused(packages: Packages, where: str) -> None:
    """What only refers to itself never ends: that is told while loading."""
    use = {
        "parameters": "/a: {get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {}}}",
        "responses": "/a: {get: {responses: {'200': {$ref: '#/components/responses/P'}}}}",
        "pathItems": "/a: {$ref: '#/components/pathItems/P'}",
    }[where]
    circle = "P: {$ref: '#/components/HERE/Q'}, Q: {$ref: '#/components/HERE/P'}".replace("HERE", where)
    packages(f"paths: {{{use}}}\ncomponents: {{{where}: {{{circle}}}}}\n", code=1)
    assert "leads back to itself" in packages.err


BROKEN = f"""
paths:
  /a: {{get: {{{OK}, parameters: [{{name: q}}, {{$ref: '#/nowhere'}}]}}}}
"""


def test_the_overlay_corrects_what_is_wrong(packages: Packages) -> None:
    """What is checked is the document with its overlay; without one the same document is refused."""
    packages(BROKEN, head=HEAD.replace("3.1.0", "'3.1'"), code=1)
    assert "no patch number" in packages.err
    packages(BROKEN, code=1)
    assert "'in' is missing" in packages.err
    made = packages(
        BROKEN,
        head=HEAD.replace("3.1.0", "'3.1'"),
        overlay="""
        - {target: $, x-reason: r, update: {openapi: 3.1.0}}
        - {target: "$.paths['/a'].get.parameters[0]", x-reason: r, update: {in: query, schema: {type: string}}}
        - {target: "$.paths['/a'].get.parameters[1]", x-reason: r, remove: true}
        """,
    )
    assert made.Client(api_base="http://x").a.retrieve.request(q="1").query == [("q", "1")]


def test_what_the_overlay_breaks_is_its_own_error(packages: Packages) -> None:
    """An overlay's fault is told with its file; what was wrong before with the document's line."""
    text = f"paths: {{/a: {{get: {{{OK}}}}}}}"
    add = "- {target: \"$.paths['/a'].get\", x-reason: r, update: {parameters: [%s]}}"
    packages(text, overlay=add % "{name: q}", code=1)
    assert "o.yaml: at /paths/~1a/get/parameters/0: after the overlay not valid OpenAPI" in packages.err
    packages(text, overlay=add % "{$ref: '#/nowhere'}", code=1)
    assert "o.yaml: at /paths/~1a/get/parameters/0/$ref: after the overlay the $ref" in packages.err
    packages(BROKEN, overlay="- {target: $.info, x-reason: r, update: {title: U}}", code=1)
    assert "d.yaml:5: at /paths/~1a/get/parameters/0: not valid OpenAPI" in packages.err
    packages("paths: {/a: {get: {parameters: [{name: q, in: body}], responses: {}}}}", overlay=add % "{}", code=1)


def test_path_items_among_the_components(packages: Packages) -> None:
    """A path item may be a reference, to one of another path, too; what stands beside it comes first."""
    made = packages(
        f"""
        paths:
          /a: {{$ref: '#/components/pathItems/A', parameters: [{{name: p, in: query, schema: {{type: string}}}}]}}
          /b: {{$ref: '#/paths/~1a'}}
        webhooks: {{w: {{$ref: '#/components/pathItems/W'}}}}
        components:
          pathItems:
            A: {{get: {{{OK}}}}}
            W: {{post: {{requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {{x: {{}}}}}}}}}}}}}}}}
        """
    )
    client = made.Client(api_base="http://x")
    assert client.a.retrieve.request(p="1").query == [("p", "1")]
    assert client.b.retrieve.path == "/b"
    assert made.models.WebhookEvent.from_dict({"x": 1}).x == 1


@pytest.mark.parametrize(
    "text",
    [
        A % "{type: array, prefixItems: [{type: string}], items: false}",
        A % "{type: object, properties: {a: true, b: {const: {a: 1}}, c: {const: [1]}, d: false}}",
        A % "{type: object, patternProperties: {x: true}, unevaluatedProperties: false, not: false}",
        A % "true",
        "paths: {/a: {get: {parameters: [{name: q, in: query, schema: true}], "
        "responses: {'200': {description: ok, content: {application/json: {schema: true}}}}}}}",
        "webhooks: {w: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}",
        "paths: {/a: {get: {}}}",
    ],
)
def test_valid_documents_that_the_typed_model_refuses(packages: Packages, text: str) -> None:
    """Boolean schemas, constants of any type, documents without paths, operations without responses: OpenAPI 3.1."""
    packages(text)


def test_an_operation_that_says_nothing_of_its_reply(packages: Packages) -> None:
    """It is called all the same, strictly, too."""
    made = packages("paths: {/a: {get: {}}}")
    with Raw(always(reply(b"{}"))) as server, made.Client(api_base=server.url, strict=True) as client:
        assert client.a.retrieve.sync() is None


@pytest.mark.parametrize("text", ["paths: {/a: {get: {}}}", A % "{type: object}", A % "{properties: {x: true}}"])
def test_openapi_3_0_is_stricter(packages: Packages, text: str) -> None:
    """Paths and responses are required there."""
    if "true" in text:
        packages("paths: {}\n" + text, head=HEAD_30)  # a slip that harms nobody
    else:
        packages(text, head=HEAD_30, code=1)
        assert "is missing" in packages.err


def test_beside_a_reference(packages: Packages) -> None:
    """OpenAPI 3.0 ignores what stands beside a `$ref`, 3.1 does not; the overlay's names hold in both."""
    text = """
        paths: {}
        components:
          schemas:
            A: {type: object, properties: {x: {type: string}}}
            B:
              type: object
              required: [a]
              properties:
                a: {$ref: '#/components/schemas/A', nullable: true, properties: {y: {}}, x-sdk-name: aa}
        """
    packages(text, head=HEAD_30)
    assert "    aa: A\n" in (packages.out / packages.names[-1] / "models/b.py").read_text()
    packages(text)
    assert "    aa: BA | None\n" in (packages.out / packages.names[-1] / "models/b.py").read_text()


@pytest.mark.parametrize("version", ["2.0", "'2.0'", "4", "3.3.0"])
def test_other_versions_are_told_to_convert(packages: Packages, version: str) -> None:
    """A version that is not supported is not told to get a patch number."""
    packages("paths: {}", head=HEAD.replace("3.1.0", version), code=1)
    assert f"OpenAPI {version.strip(chr(39))} is not supported" in packages.err and "convert" in packages.err


def test_hints_name_the_overlay_that_was_given(packages: Packages) -> None:
    """A package has no spec/overlay.yaml: the hint names the file, or the option."""
    text = A % "false"
    packages(text, code=1)
    assert "remove it in an overlay (--overlay FILE)" in packages.err
    packages(text, overlay="- {target: $.info, x-reason: r, update: {title: U}}", code=1)
    assert f"remove it in {packages.folder / 'o.yaml'}" in packages.err


def test_diff_looks_at_its_files_first(packages: Packages, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is missing is told before anything is read, and that no overlay was found."""
    old, root = packages.folder / "old.yaml", str(packages.folder)
    old.write_text("broken: [")
    assert main(["diff", str(old), str(packages.folder / "nope.yaml"), "--root", root]) == 1
    assert "nope.yaml: there is no such file" in capsys.readouterr().err
    old.write_text(HEAD + "paths: {}\n")
    assert main(["diff", str(old), str(old), "--root", root]) == 0
    reported = capsys.readouterr()
    assert "no overlay: there is no" in reported.err and "--overlay FILE" in reported.err
    assert "no overlay" not in reported.out


def test_every_problem_is_told(packages: Packages) -> None:
    """All operations that cannot be expressed are told at once, each with its place; so are all schemas."""
    lost = f"get: {{security: [{{nope: []}}], {OK}}}"
    packages(f"paths: {{/a: {{{lost}}}, /b: {{{lost}}}, /c: {{get: {{{OK}}}}}}}", code=1)
    assert packages.err.count("no security scheme is called nope") == 2
    assert "/paths/~1a/get/security/0" in packages.err and "/paths/~1b/get/security/0" in packages.err
    both = "{allOf: [{type: string}, {type: integer}]}"
    uses = "{allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {x: {}}}]}"
    packages(f"paths: {{}}\ncomponents: {{schemas: {{C: {uses}, A: {both}, B: {both}}}}}", code=1)
    assert packages.err.count("no value satisfies together") == 2  # C is wrong because of A
    assert packages.err.count("to fix: ") == 2


def test_lenient_takes_a_schema_that_cannot_be_expressed_as_any_value(packages: Packages) -> None:
    """--lenient keeps the operations that use such a schema, and lists it."""
    reply = "content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}"
    text = f"""
        paths: {{/a: {{get: {{responses: {{'200': {{description: ok, {reply}}}}}}}}}}}
        components:
          schemas:
            A: {{allOf: [{{type: string}}, {{type: object, properties: {{x: {{}}}}}}]}}
            B: {{type: object, properties: {{a: {{$ref: '#/components/schemas/A'}}, b: {{type: integer}}}}}}
        """
    packages(text, code=1)
    made = packages(text, "--lenient")
    reported = "read as any value: at /components/schemas/A: allOf joins schemas that no value satisfies together"
    assert packages.reported == [f"{reported} (string and object)"]
    read = made.models.B.from_dict({"a": {"x": 1}, "b": 2})
    assert (read.a, read.b) == ({"x": 1}, 2)


def test_mappings_from_before_bundling(packages: Packages) -> None:
    """A mapping that still names a file means the schema that came from it, and none where the schemas stand inline."""
    kinds = "{kind: {type: string}}"
    made = packages(
        f"""
        components:
          schemas:
            Cat: {{type: object, required: [kind], properties: {kinds}}}
            Dog: {{type: object, required: [kind], properties: {kinds}}}
            Pet:
              oneOf: [{{$ref: '#/components/schemas/Cat'}}, {{$ref: '#/components/schemas/Dog'}}]
              discriminator: {{propertyName: kind, mapping: {{c: 'models/pets.yml#/Cat', d: ./Dog.yaml}}}}
            Free:
              oneOf: [{{type: object, properties: {{a: {{}}}}}}, {{type: object, properties: {{b: {{}}}}}}]
              discriminator: {{propertyName: kind, mapping: {{c: 'models/pets.yml#/Hen'}}}}
        """
    )
    assert [type(made.models.Pet.from_dict({"kind": kind})).__name__ for kind in "cd"] == ["Cat", "Dog"]
    assert made.models.Free.from_dict({"b": 1}).b == 1


def test_a_mapping_to_another_file(packages: Packages) -> None:
    """A mapping to a file whose schema is not here is an error."""
    schemas = "Cat: {type: object}, Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: k, mapping: {c: 'a.yml#/Hen'}}}"
    packages(f"components: {{schemas: {{{schemas}}}}}", code=1)
    assert "leads to another file" in packages.err
