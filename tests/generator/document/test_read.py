"""Reading: what is read as what, which lines places have, and which files are refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from generator.document.load import load
from generator.document.location import Url, forget
from generator.document.read import read
from generator.errors import GeneratorError

from ...faults.raw import Raw, always, reply
from ..conftest import Write


def refused(path: Path) -> GeneratorError:
    """Load a file that must be refused."""
    with pytest.raises(GeneratorError) as caught:
        load(path)
    return caught.value


def test_json_is_loaded(write: Write) -> None:
    """A file called .json is read as JSON, tabs included."""
    path = write('{\n\t"openapi": "3.0.3", "info": {"title": "Zoo", "version": "1"}, "paths": {}}', "zoo.json")
    assert load(path).data["openapi"] == "3.0.3"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-10-01", "2024-10-01"),
        ("2024-10-01T10:00:00Z", "2024-10-01T10:00:00Z"),
        ("on", "on"),
        ("No", "No"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("true", True),
        ("~", None),
        ("", None),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("-3", -3),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("-", [None]),
        ("+", "+"),
    ],
)
def test_values_follow_yaml_1_2(write: Write, text: str, value: object) -> None:
    """Values are read by the core schema of YAML 1.2: dates and `on` are strings."""
    found = read(write(f"key: {text}\n" if text != "-" else "key:\n-\n")).data["key"]
    assert (type(found), found) == (type(value), value)


def test_keys_are_strings(write: Write) -> None:
    """Keys that look like numbers, booleans or null stay the text that they are."""
    assert list(read(write("200: a\non: b\nnull: c\n1.0: d\ntrue: e\n")).data) == ["200", "on", "null", "1.0", "true"]


def test_aliases_become_copies(write: Write) -> None:
    """Two places that share an anchor do not share an object."""
    data = read(write("a: &x {k: 1}\nb: *x\n")).data
    assert data == {"a": {"k": 1}, "b": {"k": 1}}
    assert data["a"] is not data["b"]


def test_merge_keys_fill_in(write: Write) -> None:
    """A merge key fills in what the mapping does not say itself, the first source first."""
    data = read(write("a: &a {k: 1, l: 2}\nb: &b {l: 3, m: 4}\nc:\n  <<: [*a, *b]\n  k: 0\n")).data
    assert data["c"] == {"k": 0, "l": 2, "m": 4}


@pytest.mark.parametrize(
    ("pointer", "line"),
    [("", 1), ("/info", 2), ("/info/title", 3), ("/tags/1", 7), ("/tags/1/name", 7), ("/tags/9/name", 5), ("/no", 1)],
)
def test_lines_are_found_by_pointer(write: Write, pointer: str, line: int) -> None:
    """A pointer gives the line of its key or element, a pointer to nowhere that of the nearest place above it."""
    document = read(write("openapi: 3.1.0\ninfo:\n  title: Zoo\n  version: '1'\ntags:\n- name: a\n- name: b\n"))
    assert document.line(pointer) == line


def test_lines_of_escaped_pointers(write: Write) -> None:
    """~0 and ~1 in a pointer stand for ~ and /."""
    assert read(write("paths:\n  /a~b:\n    get: 1\n")).line("/paths/~1a~0b/get") == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: \xe9\n", ":1: not UTF-8: byte 0xE9\n  to fix: save the file as UTF-8"),
        ("a: 1\nb: [\n", ":3: broken YAML at column 1: did not find expected node content\n  to fix: correct"),
        ("a: 1\nb: 2\na: 3\n", ":3: the key 'a' is here twice; first in line 1 (column 1)\n  to fix: remove one"),
        ("a: .nan\n", ":1: '.nan' (float) has no counterpart in JSON (column 4)"),
        ("a: !zoo 1\n", ":1: '1' (!zoo) has no counterpart in JSON (column 4)"),
        ("? [a]\n: 1\n", ":1: a key must be a string"),
        ("a: &x [*x]\n", ": nested too deep, or an alias contains itself"),
        ("a: \x01\n", ": broken YAML: "),
        ("a: 1\n---\nb: 1\n", ":2: broken YAML at column 1: but found another document"),
        ("<<: 1\n", ":1: a merge key << takes a mapping"),
        ("- 1\n", ":1: at the top of the document: the file is an array at the top, not a mapping"),
        ("", ": at the top of the document: the file is empty\n  to fix: give the path"),
    ],
)
def test_broken_files_are_refused(write: Write, text: str | bytes, message: str) -> None:
    """A file that is no YAML mapping is refused with its line and a way out."""
    path = write(text)
    error = refused(path)
    assert str(error).startswith(f"{path}{message}")
    assert error.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,\n"a" 2}', ":2: broken JSON at column 5: Expecting ':' delimiter"),
        ('{"a": 1,\n"a": 2}', ":2: the key 'a' is here twice; first in line 1 (column 1)"),
        ('{"a": NaN}', ": NaN is not JSON"),
    ],
)
def test_broken_json_is_refused(write: Write, text: str, message: str) -> None:
    """JSON is held to the same rules."""
    path = write(text, "zoo.json")
    assert str(refused(path)).startswith(f"{path}{message}")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is named."""
    assert (
        str(refused(tmp_path / "no.yaml")) == f"{tmp_path / 'no.yaml'}: there is no such file\n  to fix: check the path"
    )


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A path that cannot be read says why."""
    assert refused(tmp_path).problem.startswith("cannot be read: ")


def test_a_url(write: Write) -> None:
    """A document is read from a URL; an error of the server is one of reading."""
    with Raw(always(reply(b'{"a": 1}'), reply(b"", "404 Not Found"))) as server:
        url = Url(f"{server.url}/openapi.json")
        assert read(url).data == {"a": 1}
        forget()
        with pytest.raises(GeneratorError, match=r"openapi.json: the server answers 404 Not Found"):
            read(url)


def test_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is the standard input."""
    forget()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a: 1\n")))
    assert read(Path("-")).data == {"a": 1}
