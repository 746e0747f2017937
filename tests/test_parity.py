"""`make compat` where it cannot run, its tables, and that it sees every difference of two requests."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .conformance.surface import endpoints
from .contract.official import __main__ as runner
from .contract.official import package, tables
from .contract.official.recorder import Sent
from .contract.official.wire import Difference, compare


def sent(target: str = "/v1/x", *headers: tuple[str, str], method: str = "POST", body: bytes = b"") -> Sent:
    """Return a request with its length."""
    return Sent(method, target, (*headers, ("Content-Length", str(len(body)))), body)


def form(boundary: str, *parts: str) -> Sent:
    """Return a form of parts that are written out: name, a line break, content."""
    texts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{part}\r\n' for part in parts]
    body = "".join([*texts, f"--{boundary}--\r\n"]).encode()
    return sent("/v1/x", ("Content-Type", f"multipart/form-data; boundary={boundary}"), body=body)


JSON = ("Content-Type", "application/json")
FILE = 'b"; filename="f.txt"\r\nContent-Type: text/plain\r\n\r\nx'
CASES: list[tuple[str, Sent, Sent, set[tuple[str, str | None, str | None]]]] = [
    ("own headers", sent("/v1/x", ("User-Agent", "a"), ("Host", "b")), sent("/v1/x", ("x-stainless-os", "b")), set()),
    ("a name of a header", sent("/v1/x", ("ACCEPT", "a")), sent("/v1/x", ("accept", "a")), set()),
    ("a header", sent("/v1/x", ("Accept", "a")), sent("/v1/x", ("Accept", "b")), {("header accept", "a", "b")}),
    ("a header of one", sent("/v1/x", ("OpenAI-Beta", "a")), sent(), {("header openai-beta", "a", None)}),
    ("a length", sent(), Sent("POST", "/v1/x", (), b""), {("header content-length", "that of the body", None)}),
    ("a method", sent(method="GET"), sent(), {("method", "GET", "POST")}),
    ("a path", sent("/v1/a%2Fb"), sent("/v1/a/b"), {("path", "/v1/a%2Fb", "/v1/a/b")}),
    ("order of a query", sent("/v1/x?a=1&b=2"), sent("/v1/x?b=2&a=1"), set()),
    ("order of a list", sent("/v1/x?a=1&a=2"), sent("/v1/x?a=2&a=1"), {("query a", "1, 2", "2, 1")}),
    ("brackets", sent("/v1/x?a=1"), sent("/v1/x?a%5B%5D=1"), {("query a", "1", None), ("query a[]", None, "1")}),
    ("an empty value", sent("/v1/x?a="), sent("/v1/x"), {("query a", "", None)}),
    ("spaces in JSON", sent("/v1/x", JSON, body=b'{"a":1}'), sent("/v1/x", JSON, body=b'{ "a": 1 }'), set()),
    ("JSON", sent("/v1/x", JSON, body=b'{"a":null}'), sent("/v1/x", JSON, body=b"{}"), {("body a", "null", None)}),
    ("no body", sent("/v1/x", JSON, body=b"{}"), sent("/v1/x", JSON), {("body", "JSON", None)}),
    ("boundary and order", form("1", 'a"\r\n\r\nx', FILE), form("2", FILE, 'a"\r\n\r\nx'), set()),
    ("a part", form("1", 'a"\r\n\r\nx'), form("1", 'a"\r\n\r\ny'), {("part a", "'x'", "'y'")}),
    ("a type", form("1", FILE), form("1", FILE.replace("plain", "x")),
     {("part b", "'x' as text/plain in the file f.txt", "'x' as text/x in the file f.txt")}),
    ("a file", form("1", FILE), form("1", FILE.replace("f.txt", "g.txt")),
     {("part b", "'x' as text/plain in the file f.txt", "'x' as text/plain in the file g.txt")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "official", "differences"), [pytest.param(*rest, id=name) for name, *rest in CASES]
)  # fmt: skip
def test_what_counts_as_a_difference(
    ours: Sent, official: Sent, differences: set[tuple[str, str | None, str | None]]
) -> None:
    """Method, path, query, body and headers count, as what they mean; what is each client's own does not."""
    assert compare(ours, official) == {Difference(*one) for one in differences}


def test_every_operation_has_its_counterpart() -> None:
    """The table has each operation once, each with another method, but for two paths of one action."""
    found = tables.names()
    assert found.keys() == {endpoint.name for endpoint in endpoints().values()}
    assert found.pop("evals.runs.cancel_legacy") == "evals.runs.cancel"
    assert len(set(found.values())) == len(found)


def test_a_difference_is_listed_once_and_has_a_reason() -> None:
    """An entry says what differs, for operations that exist, in an order in which one is found."""
    entries = tables.entries()
    pairs = [(e["what"], e["ours"], e["official"], name) for e in entries for name in e["operations"]]
    assert len(pairs) == len(set(pairs))
    for entry in entries:
        assert entry.keys() == {"what", "ours", "official", "reason", "operations"}
        assert entry["ours"] != entry["official"]
        assert entry["reason"]
        assert entry["operations"] == sorted(entry["operations"])
        assert tables.names().keys() >= set(entry["operations"])


def test_the_version_is_pinned_in_one_place() -> None:
    """The extra `bench` has the one requirement."""
    assert re.fullmatch(r"openai==\d+\.\d+\.\d+", package.pin())


def test_without_a_registry_it_says_so_and_succeeds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the package cannot be installed, one clear line says why, in pip's words, and nothing is left."""

    def fail(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", f"WARNING: x\nERROR: No distribution for {command[-1]}\n")

    monkeypatch.setattr(package, "CACHE", tmp_path)
    monkeypatch.setattr("subprocess.run", fail)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("pytest.main", lambda *_, **__: pytest.fail("the tests were run"))
    assert runner.main([]) == 0
    reported = capsys.readouterr().out
    assert f"SKIPPED: pip cannot install {package.pin()}: ERROR: No distribution for {package.pin()}." in reported
    assert list(tmp_path.iterdir()) == []
