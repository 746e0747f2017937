"""The files around the generated folders: they hold whatever a title holds, and are right about what is inside."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

import importlib
import inspect
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from generator.commands import main
from generator.emit.package import release
from generator.publish import folders as publish

from ...faults.raw import Raw, always, reply
from ..conftest import Mypy
from ..packages import HEAD, OK, Packages

READ = f"paths: {{/a: {{get: {{{OK}}}}}}}"
TITLES = [
    'x"""; print("PWNED") #',
    "\\N{no such} \\",
    'ends with "',
    "a\0b\x07",
    "two\n\nlines",
    "😀 \x7f",
    "{braces}",
    "",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_text(packages: Packages, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the title holds, modules and pyproject.toml hold it as text."""
    head = f"openapi: 3.1.0\ninfo: {{title: {yaml.safe_dump(title, default_style=chr(34), width=999).strip()}, version: '1'}}\n"
    made = packages(READ, head=head)
    assert "PWNED" not in capsys.readouterr().out
    words = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    assert words in " ".join(made.__doc__.split())
    assert made.Client._service.title == (words or made.__name__)
    project = tomllib.loads((packages.out / "pyproject.toml").read_text())
    assert project["project"]["description"] == f"A typed client for {words or made.__name__}"


def test_a_key_is_text(packages: Packages, capsys: pytest.CaptureFixture[str]) -> None:
    """The names of schemas stand in comments and docstrings: they end neither."""
    odd = json.dumps('A\nprint("PWNED")\0"""')
    made = packages(f"paths: {{}}\ncomponents: {{schemas: {{{odd}: {{type: object, properties: {{x: {{}}}}}}}}}}")
    assert "PWNED" not in capsys.readouterr().out
    assert [name for name in dir(made.models) if "PWNED" in name]


def test_names_are_text(packages: Packages, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever stands where a document names something, generated code holds it as a literal."""
    for odd in ("'+print('PWNED')+'", 'x"""; print("PWNED") #', "\\N[x]\n\\%s", '"+print("PWNED")+"'):
        name, asked, server = json.dumps(odd), json.dumps(f"q{odd}"), json.dumps("https://h.x/'+print('PWNED')+'")
        packages(
            f"""
            servers: [{{url: {server}}}]
            security: [{{{name}: []}}]
            paths:
              {json.dumps("/" + odd.replace("?", ""))}:
                post:
                  summary: {name}
                  parameters:
                    - {{name: {asked}, in: query, style: deepObject, schema: {{type: object, properties: {{{name}: {{}}}}}}}}
                  requestBody:
                    content:
                      text/x: {{schema: {{type: string, format: binary}}}}
                      multipart/form-data:
                        schema: {{type: object, properties: {{{name}: {{type: string, format: binary, default: {name}}}}}}}
                        encoding: {{{name}: {{contentType: text/x}}}}
                  responses:
                    '200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/U'}}}}}}}}
            components:
              securitySchemes: {{{name}: {{type: apiKey, in: query, name: {name}}}}}
              schemas:
                U:
                  oneOf: [{{$ref: '#/components/schemas/A'}}, {{$ref: '#/components/schemas/B'}}]
                  discriminator: {{propertyName: {name}, mapping: {{{name}: A, b: B}}}}
                A: {{type: object, pattern: {name}, required: [{name}], properties: {{{name}: {{const: {name}}}}}}}
                B: {{type: object, required: [{name}], properties: {{{name}: {{enum: [b, {name}]}}}}}}
            """
        )
        assert "PWNED" not in capsys.readouterr().out


def test_half_a_character_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lone surrogate is no text: one error, and nothing written."""
    spec = tmp_path / "d.json"
    spec.write_text('{"openapi": "3.1.0", "info": {"title": "\\ud800", "version": "1"}, "paths": {}}')
    assert main(["generate", "--spec", str(spec), "--package", "p", "--out", str(tmp_path / "out")]) == 1
    assert "\\ud800 is half of a character" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def example(packages: Packages) -> str:
    found = re.search(r"```python\n(.*?)```", (packages.out / "README.md").read_text(), re.DOTALL)
    assert found
    return found[1]


def test_the_example_runs(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README counts the operations, and its example calls one that needs no argument."""
    made = packages(
        f"""
        paths:
          /old: {{get: {{deprecated: true, {OK}}}}}
          /pets:
            post:
              requestBody:
                required: true
                content: {{application/json: {{schema: {{type: object, required: [n], properties: {{n: {{}}}}}}}}}}
              {OK}
            get: {{responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{type: object, properties: {{n: {{}}}}}}}}}}}}}}}}
        """
    )
    assert ": 3 operations." in (packages.out / "README.md").read_text()
    code = example(packages)
    assert "    print(client.pets.retrieve.sync())" in code
    with Raw(always(reply(b"{}"))) as server:
        monkeypatch.setenv(f"{made.__name__.upper()}_API_BASE", server.url)
        exec(compile(code.replace('api_base="https://..."', ""), "README", "exec"), {})
        assert server.requests[0].startswith(b"GET /v1/pets HTTP")


def test_an_example_with_arguments_runs(packages: Packages) -> None:
    """Where every operation needs arguments the example gives them: one of each kind."""
    made = packages(
        f"""
        servers: [{{url: https://pets.example}}]
        security: [{{k: []}}]
        paths:
          /pets/{{id}}:
            put:
              parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [kind, tags, owner, born, good, size, free]
                      properties:
                        kind: {{enum: [cat, dog]}}
                        tags: {{type: array, items: {{type: string}}}}
                        owner: {{type: object, required: [name], properties: {{name: {{type: string}}, age: {{}}}}}}
                        born: {{type: string, format: date}}
                        good: {{type: boolean}}
                        size: {{type: [number, 'null']}}
                        free: {{type: object}}
              {OK}
        components: {{securitySchemes: {{k: {{type: http, scheme: bearer}}}}}}
        """
    )
    code = example(packages)
    assert code.startswith(f'from {made.__name__} import Client\n\nwith Client(api_key="...") as client:\n')
    assert "client.pets.replace.sync(1, " in code
    scope = {"client": made.Client(api_key="k" * 9)}
    request = eval(code.splitlines()[-1].strip().replace(".sync(", ".request("), scope)
    assert request.path == "/pets/1"
    assert json.loads(request.content().data)["owner"] == {"name": "..."}


def test_an_example_of_a_stream_runs(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that only streams has no `sync`: the example reads its events."""
    stream = "{text/event-stream: {schema: {type: string}}}"
    made = packages(f"paths: {{/log: {{get: {{responses: {{'200': {{description: ok, content: {stream}}}}}}}}}}}")
    code = example(packages)
    with Raw(always(reply(b"data: 1\n\n", headers="Content-Type: text/event-stream\r\n"))) as server:
        monkeypatch.setenv(f"{made.__name__.upper()}_API_BASE", server.url)
        exec(compile(code.replace('api_base="https://..."', ""), "README", "exec"), {})
        assert server.requests[0].startswith(b"GET /v1/log HTTP")


def test_a_document_without_operations_is_told(packages: Packages) -> None:
    """A package of models alone is made, and the command says so; there is no example to call."""
    made = packages("components: {schemas: {A: {type: object, properties: {x: {type: string}}}}}")
    assert packages.reported == ["the document has no operations: the package has models alone"]
    assert made.models.A.from_dict({"x": "1"}).x == "1"
    readme = (packages.out / "README.md").read_text()
    assert ": 0 operations." in readme and "```python" not in readme


def test_callbacks_are_told(packages: Packages) -> None:
    """What the API would call is no part of a client: a note says so."""
    packages(f"paths: {{/a: {{post: {{callbacks: {{paid: {{'{{$url}}': {{post: {{{OK}}}}}}}}}, {OK}}}}}}}")
    assert packages.reported == ["left out: the callbacks of a.create: paid"]


def test_callbacks_may_be_references(packages: Packages) -> None:
    """A callback that stands among the components is one, too."""
    paid = f"components: {{callbacks: {{paid: {{'{{$url}}': {{post: {{{OK}}}}}}}}}}}"
    packages(f"paths: {{/a: {{post: {{callbacks: {{paid: {{$ref: '#/components/callbacks/paid'}}}}, {OK}}}}}}}\n{paid}")
    assert packages.reported == ["left out: the callbacks of a.create: paid"]


@pytest.mark.parametrize("name", ["json", "os", "typing", "httpx", "attrs", "sdk", "class", "a-b", "", "é"])
def test_names_that_cannot_be(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A package has an identifier's name, and not that of a module that it would take the place of."""
    (tmp_path / "d.yaml").write_text(HEAD + READ)
    out = tmp_path / "out"
    assert main(["generate", "--spec", str(tmp_path / "d.yaml"), "--package", name, "--out", str(out)]) == 1
    assert repr(name) in capsys.readouterr().err
    assert not out.exists()


def test_folders_of_other_things_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A package goes into an empty folder, or to where one of ours is; the document may stand there, too."""
    arguments = ["generate", "--spec", str(tmp_path / "d.yaml"), "--package", "p", "--out"]
    (tmp_path / "d.yaml").write_text(HEAD + READ)
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "page.md").write_text("# mine\n")
    assert main([*arguments, str(docs)]) == 1
    assert "this folder holds other things" in capsys.readouterr().err
    assert [path.name for path in docs.iterdir()] == ["page.md"]
    (docs / "page.md").rename(tmp_path / ".hidden")
    for _ in range(2):
        assert main([*arguments, str(docs)]) == 0
        assert main([*arguments, str(tmp_path)]) == 1 if _ else True
    (docs / "p" / "client.py").write_text("mine = 1\n")
    assert main([*arguments, str(docs)]) == 1
    assert "p/client.py: this file was not generated" in capsys.readouterr().err
    assert main([*arguments, str(tmp_path / "d.yaml")]) == 1
    assert "this is a file" in capsys.readouterr().err


def test_nothing_is_half_written(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails leaves no folder in place."""

    def fail(*_: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(publish, "_swap", fail)
    text = READ
    (packages.folder / "d.yaml").write_text(HEAD + text)
    out = packages.folder / "out"
    assert main(["generate", "--spec", str(packages.folder / "d.yaml"), "--package", "p", "--out", str(out)]) == 1
    assert not [path for path in out.rglob("*") if path.is_file()]


@pytest.mark.long
@pytest.mark.timeout(240)
def test_small_packages_type_check(packages: Packages, mypy: Mypy) -> None:
    """mypy --strict finds nothing in a package without requests, and none with constants that Literal cannot hold."""
    empty = packages("components: {schemas: {A: {type: object, properties: {x: {type: string}}}}}")
    first = packages.out
    values = packages(
        f"""
        paths:
          /a:
            post:
              requestBody:
                content:
                  application/json:
                    schema:
                      type: object
                      properties: {{c: {{const: 1.5}}, e: {{enum: [0.5, 1]}}, m: {{enum: [x, 2.5, true]}}}}
              {OK}
        components: {{schemas: {{C: {{const: 1.5}}, E: {{enum: [a, 1.5]}}}}}}
        """
    )
    annotations = importlib.import_module(f"{values.__name__}.api.a").create.__wrapped__.__annotations__
    assert annotations["c"] == "float | Unset"
    assert annotations["e"] == "Literal[1] | float | Unset"
    assert annotations["m"].replace('"', "'") == "Literal['x', True] | float | Unset"
    said = mypy(packages.folder, "-p", empty.__name__, "-p", values.__name__, beside=(first, packages.out))
    assert said.startswith("Success")


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("1.0.27-SNAPSHOT", "1.0.27"), ("v1.21.0", "1.21.0"), ("2024-10-01", "2024.10.1"), ("2020-09-14_1.20.6", "2020.9.14"),
        ("1", "1"), ("1.2.3.4", "1.2.3"), ("latest", "0.1.0"), ("", "0.1.0"),
    ],
)  # fmt: skip
def test_versions_of_packages(version: str, found: str) -> None:
    """A package has the numbers with which the document's version begins."""
    assert release(version) == found


def test_the_readme_has_errors_and_webhooks(packages: Packages) -> None:
    """Models of error bodies and the webhooks of a document are on the page of its package; others have neither."""
    error = "{type: object, properties: {field: {type: string}}}"
    bad = "'422': {description: no, content: {application/json: {schema: {$ref: '#/components/schemas/Bad'}}}}"
    hook = (
        "webhooks: {born: {post: {parameters: [{name: X-Hub-Signature-256, in: header, schema: {type: string}}], "
        "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Born'}}}}, "
        "responses: {'200': {description: ok}}}}}"
    )
    made = packages(
        f"paths: {{/a: {{get: {{responses: {{'200': {{description: ok}}, {bad}}}}}}}}}\n{hook}\n"
        f"components: {{schemas: {{Bad: {error}, Born: {error}}}}}"
    )
    readme = (packages.out / "README.md").read_text()
    assert "`error.parsed` is its model: `Bad`.\n\n## Webhooks\n\n" in readme
    assert f"`{made.__name__}.webhooks.unwrap(body, headers)`" in readme
    assert "`await client.a.retrieve.asyncio(...)`" in readme
    packages(f"paths: {{/a: {{get: {{{OK}}}}}}}")
    assert "## Webhooks" not in (packages.out / "README.md").read_text()


def test_docstrings_have_the_words_of_the_document(packages: Packages) -> None:
    """The summary comes first, then the description; an argument without a text has that of its class."""
    made = packages(
        f"""
        paths:
          /a:
            get:
              summary: List things
              description: All of them.
              parameters: [{{name: state, in: query, schema: {{$ref: '#/components/schemas/State'}}}}]
              {OK}
            post: {{summary: Make one, description: Make one of them., {OK}}}
        components: {{schemas: {{State: {{type: string, enum: [on, off], description: How it is. It can change.}}}}}}
        """
    )
    text = inspect.getdoc(made.api.a.retrieve)
    assert text == "List things\n\nAll of them.\n\nGET /a\n\nArgs:\n    state: How it is."
    assert inspect.getdoc(made.api.a.update) == "Make one of them.\n\nPOST /a"
