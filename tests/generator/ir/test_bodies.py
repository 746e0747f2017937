"""Bodies of other APIs, as they go over the wire."""

# ruff: noqa: E501 - a schema of a document reads best in one line

from __future__ import annotations

import inspect
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sdk.files import File

from ..packages import Packages
from ..standalone import Build, build, sent

__all__ = ["build"]
CAT = "{type: object, required: [name], properties: {name: {type: string}, age: {type: integer}}}"
DOG = "{type: object, required: [bark], properties: {bark: {type: string}}}"
TEXT, BYTES = "{type: string}", "{type: string, format: binary}"
FORM = "application/x-www-form-urlencoded"


def document(content: str, *, required: str = "true", method: str = "post") -> str:
    """Return a document of one operation, a.send, with this content of its body."""
    body = f"{{required: {required}, content: {{{content}}}}}"
    return f"paths: {{/a: {{{method}: {{x-sdk-name: a.send, operationId: sendA, requestBody: {body}, responses: {{'204': {{description: ok}}}}}}}}}}\n"


def form(properties: str, encoding: str = "{}", kind: str = FORM) -> str:
    return document(
        f"{kind}: {{schema: {{type: object, properties: {{{properties}}}}}, encoding: {encoding}}}", required="true"
    )


def body_of(package: Any, **arguments: Any) -> tuple[str | None, bytes]:
    """Return the content type and the body of a call."""
    _, headers, body = sent(package, "a.send", **arguments)
    return headers.get("Content-Type"), body


def parts_of(package: Any, **arguments: Any) -> list[tuple[str, str | None, bytes]]:
    """Return the parts of a multipart body: name, content type, content."""
    kind, body = body_of(package, **arguments)
    assert kind is not None and kind.startswith("multipart/form-data; boundary=")
    found = []
    for piece in body.split(b"--" + kind.partition("=")[2].encode())[1:-1]:
        head, _, content = piece.strip(b"\r\n").partition(b"\r\n\r\n")
        said = re.search(rb"Content-Type: ([^\r]+)", head)
        name = re.search(rb'; name="([^"]*)"', head)
        assert name is not None
        found.append((name[1].decode(), said[1].decode() if said else None, content))
    return found


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/merge-patch+json", "application/vnd.api+json", "application/json; charset=utf-8", "Application/JSON"],
)  # fmt: skip
def test_the_declared_json_is_sent(build: Build, kind: str) -> None:
    """JSON is sent under the name that the document gives it."""
    package = build(document(f"{kind}: {{schema: {CAT}}}", method="patch"))
    assert body_of(package, name="x") == (kind, b'{"name":"x"}')


def test_a_json_patch_is_a_list(build: Build) -> None:
    """A list is sent as the declared JSON, too."""
    package = build(document("application/json-patch+json: {schema: {type: array, items: {type: object}}}"))
    assert body_of(package, body=[{"op": "test"}]) == ("application/json-patch+json", b'[{"op":"test"}]')


@pytest.mark.parametrize("kind", ["'*/*'", "application/*", "application/*+json"])
def test_a_range_with_an_object_is_json(build: Build, kind: str) -> None:
    """What frameworks write for JSON is sent as application/json."""
    assert body_of(build(document(f"{kind}: {{schema: {CAT}}}")), name="x") == ("application/json", b'{"name":"x"}')


@pytest.mark.parametrize(
    ("kind", "schema", "body", "content_type"),
    [
        ("application/xml", CAT, "<a/>", "application/xml"),
        ("application/xml", CAT, b"<a/>", "application/xml"),
        ("text/plain", TEXT, "é", "text/plain"),
        ("text/plain", "{type: integer}", 5, "text/plain"),
        ("text/plain", "{type: string, format: date}", date(2026, 1, 2), "text/plain"),
        ("application/x-ndjson", CAT, '{"a":1}\n', "application/x-ndjson"),
        ("application/json-seq", CAT, b"\x1e{}\n", "application/json-seq"),
        ("'*/*'", BYTES, b"\0", "application/octet-stream"),
        ("'*/*'", TEXT, "x", "text/plain; charset=utf-8"),
        ("image/*", BYTES, File(b"\0", content_type="image/png"), "image/png"),
    ],
)
def test_other_types_are_sent_as_they_are(build: Build, kind: str, schema: str, body: Any, content_type: str) -> None:
    """Text and bytes of any other media type are the whole body."""
    reported, content = body_of(build(document(f"{kind}: {{schema: {schema}}}")), body=body)
    raw = body.content if isinstance(body, File) else body if isinstance(body, bytes) else str(body).encode()
    assert (reported, content) == (content_type, raw)


def test_text_or_bytes(build: Build) -> None:
    """Where both are declared, what is given decides."""
    package = build(document(f"text/plain: {{schema: {TEXT}}}, application/octet-stream: {{schema: {BYTES}}}"))
    assert body_of(package, body="x") == ("text/plain; charset=utf-8", b"x")
    assert body_of(package, body=b"x") == ("application/octet-stream", b"x")


def test_several_kinds_of_bytes(build: Build, packages: Packages, tmp_path: Path) -> None:
    """Of several types of bytes the value says which one it is: by its name, or its own type; text is text."""
    package = build(document(f"application/zip: {{schema: {BYTES}}}, image/png: {{}}, text/plain: {{schema: {TEXT}}}"))
    (tmp_path / "a.png").write_bytes(b"png")
    assert packages.reported == []
    assert body_of(package, body=tmp_path / "a.png") == ("image/png", b"png")
    assert body_of(package, body=File(b"x", content_type="application/zip")) == ("application/zip", b"x")
    assert body_of(package, body=b"x") == ("application/octet-stream", b"x")
    assert body_of(package, body="x") == ("text/plain; charset=utf-8", b"x")


def test_several_kinds_of_text(build: Build, packages: Packages) -> None:
    """Of several types of text the first is sent, unless the call chooses another one: nothing in the value does."""
    package = build(document(f"text/plain: {{schema: {TEXT}}}, text/x-markdown: {{schema: {TEXT}}}"))
    assert packages.reported == []
    assert body_of(package, body="x") == ("text/plain", b"x")
    assert body_of(package, body="x", content_type="text/x-markdown") == ("text/x-markdown", b"x")


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        (f"application/xml: {{schema: {CAT}}}, application/json: {{schema: {CAT}}}", "sent as application/json, not as application/xml: POST /a"),
        (f"application/json: {{schema: {CAT}}}, text/plain: {{schema: {TEXT}}}", "sent as application/json, not as text/plain: POST /a"),
        (f"{FORM}: {{schema: {CAT}}}, application/json: {{schema: {CAT}}}", ""),
        (f"{FORM}: {{schema: {DOG}}}, application/json: {{schema: {CAT}}}", f"sent as application/json, not as {FORM}: POST /a"),
        (f"application/json;v=1: {{schema: {CAT}}}, application/json;v=2: {{schema: {CAT}}}", ""),
        (f"application/json: {{schema: {CAT}}}, text/json: {{schema: {CAT}}}, application/*+json: {{schema: {CAT}}}", ""),
    ],
)  # fmt: skip
def test_json_is_preferred(build: Build, packages: Packages, content: str, reported: str) -> None:
    """Of several ways to send an object JSON is taken, and the command lists the others."""
    package = build(document(content))
    assert body_of(package, name="x")[1] == b'{"name":"x"}'
    assert packages.reported == ([reported] if reported else [])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (f"{FORM}: {{schema: {{type: array, items: {TEXT}}}}}", "a form is an object, and this one is not"),
        (f"multipart/form-data: {{schema: {CAT}, encoding: {{name: {{style: matrix}}}}}}", "a field of a form cannot have the style 'matrix'"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent(build: Build, packages: Packages, content: str, problem: str) -> None:
    """What one signature cannot say, or nobody could write, is an error when the package is made."""
    build(document(content), code=1)
    reported = packages.err
    assert problem in reported
    assert "/paths/~1a/post/requestBody/content" in reported


def test_parts_as_far_as_they_are_written(build: Build, packages: Packages) -> None:
    """Headers of a part are left out, and noted; another kind of multipart is sent as the caller has written it."""
    header = f"encoding: {{name: {{headers: {{Content-Type: {{schema: {TEXT}}}, X-A: {{schema: {TEXT}}}}}}}}}"
    package = build(document(f"multipart/form-data: {{schema: {CAT}, {header}}}"))
    assert parts_of(package, name="a") == [("name", None, b"a")]
    assert packages.reported == ["left out: the headers of the part 'name' of POST /a"]
    package = build(document(f"multipart/mixed: {{schema: {CAT}}}"))
    written = {"Content-Type": "multipart/mixed; boundary=b"}
    assert body_of(package, body=b"--b", extra_headers=written) == (written["Content-Type"], b"--b")
    assert packages.reported == ["not written: the parts of multipart/mixed of POST /a: give the body as it is sent"]


def test_an_object_that_is_no_json_is_given_as_it_is_sent(build: Build) -> None:
    """An object in a media type of its own, such as XML: the caller writes it."""
    encoding = "encoding: {cat: {contentType: application/xml}}"
    schema = f"{{type: object, properties: {{cat: {CAT}, n: {TEXT}}}}}"
    package = build(document(f"multipart/form-data: {{schema: {schema}, {encoding}}}"))
    assert parts_of(package, cat="<a/>", n="1") == [("cat", "application/xml", b"<a/>"), ("n", None, b"1")]
    package = build(document(f"multipart/form-data: {{schema: {schema}, {encoding}}}".replace("xml", "zip")))
    assert parts_of(package, cat=b"zip") == [("cat", "application/zip", b"zip")]


def test_a_form_unless_a_file_is_given(build: Build) -> None:
    """Form and multipart without JSON: the form, and multipart for a file."""
    schema = f"{{type: object, properties: {{name: {TEXT}, photo: {BYTES}}}}}"
    package = build(document(f"{FORM}: {{schema: {schema}}}, multipart/form-data: {{schema: {schema}}}"))
    assert body_of(package, name="a b") == (FORM, b"name=a+b")
    assert parts_of(package, name="a", photo=b"\0") == [
        ("name", None, b"a"),
        ("photo", "application/octet-stream", b"\0"),
    ]


@pytest.mark.parametrize(
    ("schema", "encoding", "value", "body"),
    [
        ("{type: array, items: {type: string}}", "{}", ["1", "a,b"], b"x=1&x=a%2Cb"),
        ("{type: array, items: {type: string}}", "{x: {style: form, explode: false}}", ["1", "a,b"], b"x=1,a%2Cb"),
        ("{type: array, items: {type: string}}", "{x: {style: spaceDelimited}}", ["1", "2"], b"x=1%202"),
        ("{type: array, items: {type: string}}", "{x: {style: deepObject, explode: true}}", ["1", "2"], b"x%5B%5D=1&x%5B%5D=2"),
        (f"{{type: array, items: {CAT}}}", "{x: {style: deepObject, explode: true}}", [{"name": "a"}, {"name": "b"}], b"x%5B0%5D%5Bname%5D=a&x%5B1%5D%5Bname%5D=b"),
        (f"{{type: array, items: {CAT}}}", "{}", [{"name": "a"}], b"x=%7B%22name%22%3A%22a%22%7D"),
        (CAT, "{x: {style: deepObject, explode: true}}", {"name": "a", "age": 1}, b"x%5Bname%5D=a&x%5Bage%5D=1"),
        (CAT, "{x: {style: form, explode: true}}", {"name": "a"}, b"name=a"),
        (CAT, "{x: {style: form, explode: false}}", {"name": "a"}, b"x=name,a"),
        (CAT, "{x: {contentType: application/json}}", {"name": "a"}, b"x=%7B%22name%22%3A%22a%22%7D"),
        (CAT, "{}", {"name": "a"}, b"x=%7B%22name%22%3A%22a%22%7D"),
        (TEXT, "{x: {contentType: application/json}}", "a", b"x=%22a%22"),
        (TEXT, "{x: {allowReserved: true}}", "a/b c", b"x=a/b%20c"),
        ("{}", "{}", "a", b"x=a"),
    ],
)  # fmt: skip
def test_the_encoding_of_a_form(build: Build, schema: str, encoding: str, value: Any, body: bytes) -> None:
    """Style, explode and content type of a field are the document's; without them an object is JSON."""
    assert body_of(build(form(f"x: {schema}", encoding)), x=value) == (FORM, body)


@pytest.mark.parametrize(("version", "body"), [("3.0.3", b"name=a"), ("3.0.4", b"x=%7B%22name%22%3A%22a%22%7D")])
def test_objects_in_forms_of_older_documents(build: Build, version: str, body: bytes) -> None:
    """Up to OpenAPI 3.0.3 the members of an object are fields of the form."""
    assert body_of(build(form(f"x: {CAT}"), version=version), x={"name": "a"}) == (FORM, body)


def test_a_form_that_is_a_map(build: Build) -> None:
    """A form without properties of its own is body=."""
    package = build(document(f"{FORM}: {{schema: {{type: object, additionalProperties: {TEXT}}}}}"))
    assert body_of(package, body={"a b": "c&d"}) == (FORM, b"a+b=c%26d")


def test_parts_of_a_multipart_body(build: Build) -> None:
    """Content types of parts are the document's where it names one, the file's own where one is given."""
    properties = f"photo: {BYTES}, any: {BYTES}, raw: {{type: string, contentMediaType: application/octet-stream}}, tags: {{type: array, items: {TEXT}}}, csv: {{type: array, items: {TEXT}}}, cat: {CAT}"
    encoding = "{photo: {contentType: image/png}, any: {contentType: 'image/png, image/jpeg'}, csv: {style: form, explode: false}}"
    package = build(form(properties, encoding, "multipart/form-data"))
    assert parts_of(
        package, photo=b"1", any=("a.jpg", b"2"), raw=b"3", tags=["a", "b"], csv=["c", "d"], cat={"name": "x"}
    ) == [
        ("tags", None, b"a"),
        ("tags", None, b"b"),
        ("csv", None, b"c,d"),
        ("cat", "application/json", b'{"name":"x"}'),
        ("photo", "image/png", b"1"),
        ("any", "image/jpeg", b"2"),
        ("raw", "application/octet-stream", b"3"),
    ]
    assert parts_of(package, photo=File(b"1", content_type="image/webp")) == [("photo", "image/webp", b"1")]


def test_a_body_that_need_not_be(build: Build) -> None:
    """Without arguments there is no body where the document asks for none; a required one is an empty object."""
    schema = f"{{type: object, properties: {{name: {TEXT}}}}}"
    for required, expected in (("false", (None, b"")), ("true", ("application/json", b"{}"))):
        package = build(document(f"application/json: {{schema: {schema}}}", required=required))
        assert body_of(package) == expected
        assert body_of(package, name="x") == ("application/json", b'{"name":"x"}')


def test_what_is_annotated(build: Build) -> None:
    """A body that has no Python form is text or a file for type checkers."""
    package = build(document(f"application/xml: {{schema: {CAT}}}"))
    assert (
        inspect.signature(package.Client(api_key=None).a.send._build).parameters["body"].annotation == "str | FileInput"
    )


def test_a_file_by_its_path(build: Build, tmp_path: Path) -> None:
    """A raw body can be a path."""
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    package = build(document(f"application/xml: {{schema: {CAT}}}"))
    assert body_of(package, body=tmp_path / "a.xml") == ("application/xml", b"<a/>")


def test_json_bodies_of_different_schemas(build: Build, packages: Packages) -> None:
    """A merge patch is an object and a JSON patch an array: what is given decides which media type is sent."""
    patch = f"application/json-patch+json: {{schema: {{type: array, items: {CAT}}}}}"
    package = build(document(f"{patch}, application/merge-patch+json: {{schema: {CAT}}}"))
    reported = "sent as application/merge-patch+json, and an array as application/json-patch+json: POST /a"
    assert packages.reported == [reported]
    for body, kind in (({"name": "x"}, "merge"), ([{"name": "x"}], "json")):
        _, headers, _ = sent(package, "a.send", body=body)
        assert headers["Content-Type"] == f"application/{kind}-patch+json"


def test_json_bodies_that_nothing_tells_apart(build: Build, packages: Packages) -> None:
    """The first media type is sent, or the one that the caller gives."""
    package = build(document(f"application/a+json: {{schema: {CAT}}}, application/b+json: {{schema: {DOG}}}"))
    assert packages.reported == ["sent as application/a+json: POST /a; content_type= chooses application/b+json"]
    assert body_of(package, body={"name": "x"})[0] == "application/a+json"
    assert body_of(package, body={"name": "x"}, content_type="application/b+json")[0] == "application/b+json"


@pytest.mark.parametrize(
    ("declared", "chosen", "body"),
    [
        (("application/json", FORM), FORM, (FORM, b"name=a+b")),
        ((FORM, "application/json"), None, ("application/json", b'{"name":"a b"}')),
        ((FORM, "multipart/form-data"), FORM, (FORM, b"name=a+b")),
        (("application/json", "application/vnd.cat+json"), "application/vnd.cat+json", ("application/vnd.cat+json", b'{"name":"a b"}')),
        (("application/json;v=1", "application/json;v=2"), "application/json;v=2", ("application/json;v=2", b'{"name":"a b"}')),
    ],
)  # fmt: skip
def test_the_media_type_that_a_call_chooses(
    build: Build, declared: tuple[str, ...], chosen: str | None, body: tuple[str, bytes]
) -> None:
    """`content_type=` writes the same arguments as another one of the media types that the document declares."""
    package = build(document(", ".join(f"{kind}: {{schema: {CAT}}}" for kind in declared)))
    assert body_of(package, name="a b", **({"content_type": chosen} if chosen else {})) == body


def test_multipart_or_json_by_choice(build: Build) -> None:
    """A choice decides over the values: multipart without a file, and no JSON with one."""
    schema = f"{{type: object, properties: {{name: {TEXT}, photo: {BYTES}}}}}"
    package = build(document(f"application/json: {{schema: {schema}}}, multipart/form-data: {{schema: {schema}}}"))
    assert parts_of(package, name="a", content_type="multipart/form-data") == [("name", None, b"a")]
    assert body_of(package, name="a", content_type="application/json") == ("application/json", b'{"name":"a"}')
    with pytest.raises(ValueError, match="bytes cannot be sent as JSON"):
        body_of(package, photo=b"x", content_type="application/json")


def test_the_choice_is_typed(build: Build) -> None:
    """The argument lists what the document declares, and one media type is no choice."""
    package = build(document(f"application/json: {{schema: {CAT}}}, {FORM}: {{schema: {CAT}}}"))
    found = inspect.signature(package.Client(api_key=None).a.send._build).parameters["content_type"]
    assert found.annotation == f"Literal['application/json', '{FORM}'] | Unset"
    one = build(document(f"application/json: {{schema: {CAT}}}, text/json: {{schema: {CAT}}}"))
    assert "content_type" not in inspect.signature(one.Client(api_key=None).a.send._build).parameters
