"""Sources as other programs write them, and files that are none."""

from __future__ import annotations

import gzip
import json
import os
import threading
from pathlib import Path

import pytest

import sdk
from sdk.bulk import SourceError
from sdk.errors import RequestError
from sdk.testing import LocalServer

from .files import batch_line, ids, read, write

ONE, TWO = (json.dumps(batch_line(number)).encode() for number in (1, 2))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf%b\n%b\n" % (ONE, TWO),
        b"%b\r\n%b\r\n\r\n" % (ONE, TWO),
        b"\n \n\t\n%b\n\n%b" % (ONE, TWO),
    ],
    ids=["byte order mark", "CRLF", "empty lines"],
)
def test_lines_as_editors_write_them(server: LocalServer, tmp_path: Path, content: bytes) -> None:
    """A byte order mark, other line ends and empty lines do not count, and nor does a missing last line end."""
    (tmp_path / "in.jsonl").write_bytes(content)
    assert sdk.bulk.run(tmp_path / "in.jsonl", tmp_path / "out.jsonl").done == 2
    assert ids(tmp_path / "out.jsonl") == ["r1", "r2"]


def test_separators_of_unicode_are_no_line_ends(server: LocalServer, tmp_path: Path) -> None:
    """U+2028, U+2029 and U+0085 are characters of a line, in the source and in the target."""
    text = "a\u2028b\u2029c\x85d"
    source = tmp_path / "in.jsonl"
    source.write_text(f"{json.dumps(batch_line(1, text), ensure_ascii=False)}\n", encoding="utf-8")
    server.reply(text)
    assert sdk.bulk.run(source, tmp_path / "out.jsonl").done == 1
    assert server.requests[0].json()["messages"][0]["content"] == text
    [line] = (tmp_path / "out.jsonl").read_bytes().removesuffix(b"\n").split(b"\n")
    assert json.loads(line)["response"]["body"]["choices"][0]["message"]["content"] == text


def test_a_line_of_many_megabytes(server: LocalServer, tmp_path: Path) -> None:
    """A line may have any size."""
    source = write(tmp_path / "in.jsonl", [batch_line(1, "x" * 5_000_000), batch_line(2)])
    assert sdk.bulk.run(source, tmp_path / "out.jsonl").done == 2
    assert len(json.dumps(read(tmp_path / "out.jsonl"))) > 5_000_000


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (gzip.compress(ONE), "compressed by gzip"),
        (ONE.decode().encode("utf-16"), "UTF-16; save it as UTF-8"),
        (b"[\n" + ONE + b",\n" + TWO + b"\n]\n", "a JSON array"),
        (b"PAR1....", "its name must end in .parquet"),
    ],
)
def test_a_file_of_another_kind(server: LocalServer, tmp_path: Path, content: bytes, what: str) -> None:
    """The error says what the file is."""
    (tmp_path / "in.jsonl").write_bytes(content)
    with pytest.raises(SourceError, match=r"in\.jsonl, line 1: not JSON") as caught:
        sdk.bulk.run(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert what in str(caught.value)


def test_a_table_as_spreadsheets_write_it(server: LocalServer, tmp_path: Path) -> None:
    """A byte order mark, CRLF, line ends in a cell, empty lines and cells of any length are read."""
    rows = f'\ufefftext,custom_id\r\n"a\r\nb",1\r\n\r\n{"x" * 200_000},2\r\n'
    (tmp_path / "in.csv").write_bytes(rows.encode())
    sdk.bulk.run(
        tmp_path / "in.csv", tmp_path / "out.jsonl", template="{text}", arguments={"model": "m"}, concurrency=1
    )
    assert ids(tmp_path / "out.jsonl") == ["1", "2"]
    texts = [request.json()["messages"][0]["content"] for request in server.requests]
    assert (texts[0], len(texts[1])) == ("a\r\nb", 200_000)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe(server: LocalServer, tmp_path: Path) -> None:
    """A pipe, such as `<(...)` of a shell, is a source, which is read once; a target is none."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[b"\xef\xbb\xbf%b\n%b\n" % (ONE, TWO)])
    writer.start()
    assert sdk.bulk.run(pipe, tmp_path / "out.jsonl").done == 2
    writer.join()
    with pytest.raises(sdk.bulk.TargetError, match="pipe is a device or a pipe"):
        sdk.bulk.run([batch_line(0)], pipe)


def test_the_source_is_no_target(server: LocalServer, tmp_path: Path) -> None:
    """A file is not read and written at once, by another name neither; nor is the file of errors a source."""
    source = write(tmp_path / "out.errors.jsonl", [batch_line(1)])
    (tmp_path / "link.jsonl").symlink_to(source)
    (tmp_path / "hard.jsonl").hardlink_to(source)
    for target in ("out.errors.jsonl", "link.jsonl", "hard.jsonl", "../" + tmp_path.name + "/out.errors.jsonl"):
        with pytest.raises(RequestError, match="is the source and the target"):
            sdk.bulk.run(source, tmp_path / target)
    with pytest.raises(RequestError, match="is the source and the file of errors"):
        sdk.bulk.run(source, tmp_path / "out.jsonl")
    with pytest.raises(SourceError, match="is a folder"):
        sdk.bulk.run(tmp_path, tmp_path / "out.jsonl")
