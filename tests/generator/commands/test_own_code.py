"""What is the user's in a package: its module `extra`, its project files, its templates."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from generator.commands.package import write_package
from generator.errors import GeneratorError
from generator.metadata import PackageMetadata
from generator.policy import Policy
from generator.progress import Progress
from generator.publish.own_code import own_names

from ...faults.raw import Raw, always, reply
from ..conftest import Mypy
from ..packages import HEAD, Packages

PETS = """
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components: {schemas: {Pet: {type: object, required: [name], properties: {name: {type: string}, born: {type: string, format: date}}}}}
"""  # noqa: E501
EXTRA = '''"""Mine."""

from {package}.client import Client as _Client
from {package}.models.pet import Pet as _Pet


class Pet(_Pet):
    """A pet that knows its call."""

    def call(self) -> str:
        return f"{{self.name}}!"


class Client(_Client):
    """A client with a method of its own."""

    def pet(self, id: str) -> Pet:
        return self.pets.retrieve.sync(id)


def helper() -> int:
    return 1


def _private() -> None: ...
'''


def _again(packages: Packages, made: Any, templates: Path | None = None, **more: Any) -> str:
    """Generate the package once more, and return its `__init__`."""
    policy = Policy.for_package(lenient=False, operations="paths", templates=templates)
    write_package(
        packages.folder / "d.yaml", None, None, made.__name__, packages.out, "1", Progress(), policy, **more
    )  # fmt: skip
    return (packages.out / str(made.__name__) / "__init__.py").read_text()


def test_own_code_survives_and_takes_its_place(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    """`extra.py` stays; its client and its model take the place of the generated ones, its functions are exported."""
    made = packages(PETS)
    folder = packages.out / made.__name__
    (folder / "extra.py").write_text(EXTRA.format(package=made.__name__))
    for _ in range(2):
        text = _again(packages, made)
        assert "from .extra import Client as Client" in text and "from .client" not in text
    assert (folder / "extra.py").read_text() == EXTRA.format(package=made.__name__)
    assert "from ..extra import Pet as Pet" in (folder / "models/__init__.pyi").read_text()
    stub = (folder / "api/_resources.pyi").read_text()
    assert "\nfrom . import pets as _pets\n" in stub and "    retrieve = _pets.retrieve\n" in stub
    packages.forget(made)
    made = packages.imported(made.__name__)
    assert made.helper() == 1 and not hasattr(made, "_private")
    with Raw(always(reply(b'{"name": "Rex", "born": "2026-01-31"}'))) as server:
        with made.Client(api_base=server.url, api_key=None) as client:
            pet = client.pet("1")
            assert (pet.call(), pet.born.year, type(pet).__module__) == ("Rex!", 2026, f"{made.__name__}.extra")
        monkeypatch.setenv(f"{made.__name__.upper()}_API_BASE", server.url)
        from sdk._core.client.default import _defaults, default_client

        assert type(default_client(made.__name__)) is made.Client
        _defaults.pop(made.__name__)[0].close()


def test_own_code_that_is_no_python(packages: Packages) -> None:
    """A mistake in `extra.py` is an error with its line, and nothing changes."""
    made = packages(PETS)
    (packages.out / made.__name__ / "extra.py").write_text("x = 1\nclass:\n")
    with pytest.raises(GeneratorError, match=r"extra.py:2: this is no Python"):
        _again(packages, made)


def test_a_template_takes_the_place_of_its_own_name(packages: Packages, tmp_path: Path) -> None:
    """One file of the folder replaces one template; the others are the generator's."""
    made = packages(PETS)
    own = tmp_path / "own"
    (own / "package").mkdir(parents=True)
    (own / "package/version.py.jinja").write_text('{{ header }}\n__version__ = "{{ 1 + 1 }}"\n')
    _again(packages, made, own)
    assert (packages.out / made.__name__ / "_version.py").read_text().endswith('\n__version__ = "2"\n')
    assert "class Pet(ApiModel):" in (packages.out / made.__name__ / "models/pet.py").read_text()


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("modle.py.jinja", "", "this replaces no template to fix: did you mean 'model.py.jinja'"),
        ("model.py.jinja", "{% if %}", "this is no template of Jinja"),
        (
            "model.py.jinja",
            "\n{{ nope.a }}",
            "model.py.jinja:2: this template fails: UndefinedError: 'nope' is undefined",
        ),
        ("model.py.jinja", "def (", "correct the templates there: model.py.jinja"),
    ],
)
def test_templates_that_cannot_be(packages: Packages, tmp_path: Path, name: str, text: str, problem: str) -> None:
    """A file that replaces nothing, or is no template, is an error with a way out."""
    made = packages(PETS)
    (own := tmp_path / "own").mkdir()
    (own / name).write_text(text)
    with pytest.raises(GeneratorError) as caught:
        _again(packages, made, own)
    assert problem in " ".join(str(caught.value).split())


def test_the_version_is_that_of_the_project(packages: Packages) -> None:
    """The version of one's pyproject.toml is that of the package; that of the configuration comes first."""
    made = packages(PETS)
    version = packages.out / made.__name__ / "_version.py"
    assert '__version__ = "1"' in version.read_text()
    project = packages.out / "pyproject.toml"
    project.write_text('[project]\nname = "mine"\nversion = "7.2.0"\n')
    _again(packages, made)
    assert '__version__ = "7.2.0"' in version.read_text()
    _again(packages, made, metadata=PackageMetadata.of({"version": "8.0"}))
    assert '__version__ = "8.0"' in version.read_text()
    assert "7.2.0" in project.read_text()
    spec, policy = packages.folder / "d.yaml", Policy.for_package(lenient=False, operations="paths")
    _, report = write_package(
        spec, None, None, made.__name__, packages.out, "1", Progress(), policy,
        metadata=PackageMetadata.of({"version": "8.0"}),
    )  # fmt: skip
    assert report.notes[-1] == (
        "the version in pyproject.toml is 7.2.0, which pip has, and 8.0 is configured: correct one"
    )


def test_metadata_of_a_configuration(tmp_path: Path) -> None:
    """The table [package] becomes the project; what it leaves out comes from the document."""
    (tmp_path / "d.yaml").write_text(HEAD + PETS)
    table = {
        "name": "acme-pets", "license": "MIT", "urls": {"Home page": "https://pets.example"},
        "authors": [{"name": 'A "B"', "email": "a@b.example"}, "Cy <c@d.example>"],
        "classifiers": ["Framework :: AsyncIO"], "requires-python": ">=3.12",
    }  # fmt: skip
    policy = Policy.for_package(lenient=False)
    write_package(
        tmp_path / "d.yaml", None, None, "pets", tmp_path / "out", "1", Progress(), policy,
        metadata=PackageMetadata.of(table),
    )  # fmt: skip
    project = tomllib.loads((tmp_path / "out/pyproject.toml").read_text())["project"]
    assert project["authors"] == [
        {"name": 'A "B"', "email": "a@b.example"}, {"name": "Cy", "email": "c@d.example"}
    ]  # fmt: skip
    assert (project["name"], project["version"], project["license"]) == ("acme-pets", "1", "MIT")
    assert project["description"] == "A typed client for T"
    assert project["urls"] == {"Home page": "https://pets.example"}
    assert (project["classifiers"], project["requires-python"]) == (["Framework :: AsyncIO"], ">=3.12")
    assert 'product=f"acme-pets/' in (tmp_path / "out/pets/client.py").read_text()


@pytest.mark.parametrize("table", [{"name": 1}, {"description": "a\nb"}, {"authors": "x"}, {"authors": [1]}])
def test_wrong_metadata(table: dict[str, Any]) -> None:
    """A value of another kind is an error that says what to write."""
    with pytest.raises(GeneratorError, match="to fix: write"):
        PackageMetadata.of(table)


@pytest.mark.long
def test_types_with_own_code(packages: Packages, mypy: Mypy) -> None:
    """With a client and a model of one's own in `extra.py`, mypy knows what a call returns: the model."""
    made = packages(PETS)
    folder = packages.out / made.__name__
    (folder / "extra.py").write_text(EXTRA.format(package=made.__name__))
    _again(packages, made)
    program = packages.folder / "program.py"
    code = "with Client() as client:\n    reveal_type(client.pets.retrieve.sync('1'))\n"
    program.write_text(f"from {made.__name__} import Client\n{code}")
    assert f'Revealed type is "{made.__name__}.extra.Pet"' in mypy(packages.out, str(program))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("__all__ = ['a'] + ['b']\n", "the names in __all__ are not a list of strings"),
        ("__all__: list[str] = [1]\n", "the names in __all__ are not a list of strings"),
        ("def f(:\n", "this is no Python"),
    ],
)
def test_own_code_that_cannot_be_read(tmp_path: Path, text: str, problem: str) -> None:
    """The error has the file and the line."""
    (tmp_path / "extra.py").write_text(text)
    with pytest.raises(GeneratorError) as caught:
        own_names(tmp_path)
    assert (caught.value.problem.startswith(problem), caught.value.line) == (True, 1)


def test_annotated_names(tmp_path: Path) -> None:
    """`__all__` may have an annotation."""
    (tmp_path / "extra.py").write_text("__all__: list[str] = ['b', 'a']\n")
    assert own_names(tmp_path) == ["a", "b"]
