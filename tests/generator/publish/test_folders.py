"""Publishing: whole folders at once or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from generator.emit.header import MARKER
from generator.errors import GeneratorError
from generator.publish.drift import check
from generator.publish.folders import Summary, publish, write_atomically

LINE = f"{MARKER} a test.\n"
OLD = {
    "sdk/api": {"__init__.py": LINE, "chat/create.py": LINE + "old = 1\n"},
    "sdk/models": {"a.py": LINE, "b.py": LINE},
}
NEW = {
    "sdk/api": {"__init__.py": LINE, "chat/create.py": LINE + "new = 2\n", "files.py": LINE},
    "sdk/models": {"a.py": LINE + "x = 1\n"},
}

Tree = dict[str, str]


def tree(root: Path) -> Tree:
    """Read every file below a folder, leftovers of a publication included."""
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


def flat(trees: dict[str, dict[str, str]]) -> Tree:
    """Write folders of files as one mapping."""
    return {f"{folder}/{name}": text for folder, files in trees.items() for name, text in files.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder in which OLD was published."""
    publish(tmp_path, OLD)
    return tmp_path


def test_new_folders_are_made(tmp_path: Path) -> None:
    """Into an empty root everything is written."""
    assert publish(tmp_path, OLD) == Summary(written=4, unchanged=0, removed=0)
    assert tree(tmp_path) == flat(OLD)


def test_folders_are_replaced_whole(root: Path) -> None:
    """Changed files are written, files that are no longer generated are removed."""
    assert publish(root, NEW) == Summary(written=3, unchanged=1, removed=1)
    assert tree(root) == flat(NEW)


def test_unchanged_files_keep_their_time_stamp(root: Path) -> None:
    """A file whose bytes stay keeps its time, also where its neighbours change."""
    same = root / "sdk/api/__init__.py"
    os.utime(same, (1, 1))
    publish(root, NEW)
    assert same.stat().st_mtime == 1


def test_publishing_again_touches_nothing(root: Path) -> None:
    """Publishing the same files again touches neither files nor folders."""
    os.utime(root / "sdk/api", (1, 1))
    assert publish(root, OLD) == Summary(written=0, unchanged=4, removed=0)
    assert (root / "sdk/api").stat().st_mtime == 1


def test_files_are_copied_where_links_do_not_work(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without links unchanged files are copied, time stamps included."""
    same = root / "sdk/api/__init__.py"
    os.utime(same, (1, 1))

    def no_links(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    publish(root, NEW)
    assert tree(root) == flat(NEW)
    assert same.stat().st_mtime == 1


def test_neighbours_are_left_alone(root: Path) -> None:
    """Files beside the published folders are nobody's business."""
    (root / "sdk/client.py").write_text("handwritten\n")
    publish(root, NEW)
    assert tree(root) == flat(NEW) | {"sdk/client.py": "handwritten\n"}


@pytest.mark.parametrize("name", ["chat/mine.py", "mine.pyi", "notes.md"])
def test_a_handwritten_file_is_never_deleted(root: Path, name: str) -> None:
    """A file without the marker stops everything, and is named."""
    mine = root / "sdk/api" / name
    mine.write_text('"""About generated code."""\n')
    with pytest.raises(GeneratorError, match="this file is not generated") as caught:
        publish(root, NEW)
    assert caught.value.file == mine
    assert tree(root) == flat(OLD) | {f"sdk/api/{name}": mine.read_text()}


def test_a_link_is_never_deleted(root: Path, tmp_path: Path) -> None:
    """A link to a folder elsewhere is not ours."""
    (root / "elsewhere").mkdir()
    (root / "sdk/api/linked").symlink_to(root / "elsewhere")
    with pytest.raises(GeneratorError, match="this file is not generated"):
        publish(root, NEW)


def test_files_without_comments_need_no_marker(root: Path) -> None:
    """py.typed and data that the generator writes cannot carry the marker."""
    data = {"sdk/api": {"py.typed": "", "table.json": "{}"}}
    publish(root, data)
    assert publish(root, {"sdk/api": {"table.json": "[]"}}) == Summary(written=1, unchanged=0, removed=1)


def test_byte_code_does_not_count(root: Path) -> None:
    """Byte code caches are neither handwritten nor extra."""
    cache = root / "sdk/api/__pycache__"
    cache.mkdir()
    (cache / "a.pyc").write_bytes(b"\0")
    assert check(root, OLD) == []
    assert publish(root, OLD).removed == 0


def test_a_generated_file_without_the_marker_is_refused(root: Path) -> None:
    """The generator may not write a file that it would refuse to replace."""
    with pytest.raises(GeneratorError, match="a generated file must start with"):
        publish(root, {"sdk/api": {"a.py": "x = 1\n"}})
    assert tree(root) == flat(OLD)


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("bug")])
@pytest.mark.parametrize("method", ["mkdir", "write_bytes", "rename"])
@pytest.mark.parametrize("nth", range(4))
def test_a_failure_in_the_middle_leaves_the_old_files(
    root: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, method: str, nth: int
) -> None:
    """Whatever fails, whenever: the old files are all there, and nothing else."""
    original = getattr(Path, method)
    left = nth

    def fail_once(self: Path, *arguments: Any, **options: Any) -> Any:
        nonlocal left
        left -= 1
        if left == -1:
            raise failure
        return original(self, *arguments, **options)

    monkeypatch.setattr(Path, method, fail_once)
    try:
        publish(root, NEW)
    except (GeneratorError, KeyboardInterrupt, ValueError):
        assert left < 0
        assert tree(root) == flat(OLD)
        assert sorted(path.name for path in (root / "sdk").iterdir()) == ["api", "models"]
    else:
        assert left >= 0  # there are fewer calls than that
        assert tree(root) == flat(NEW)


def test_a_failure_leaves_no_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that was not there before is not there after a failure."""
    original = Path.rename
    calls = 0

    def fail_second(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError(28, "No space left on device")
        return original(self, target)

    monkeypatch.setattr(Path, "rename", fail_second)
    with pytest.raises(GeneratorError, match="No space left on device; everything is as it was before"):
        publish(tmp_path, OLD)
    assert tree(tmp_path) == {}
    assert not (tmp_path / "sdk/api").exists()


@pytest.mark.parametrize("swapped", [False, True])
def test_a_killed_run_is_cleared_up(root: Path, swapped: bool) -> None:
    """What a killed run left behind is put back or removed by the next one."""
    if swapped:
        (root / "sdk/.generated-old-api").mkdir()
        (root / "sdk/.generated-old-api/__init__.py").write_text("older\n")
    else:
        (root / "sdk/api").rename(root / "sdk/.generated-old-api")
    (root / "sdk/.generated-new-api").mkdir()
    assert publish(root, OLD) == Summary(written=0, unchanged=4, removed=0)
    assert tree(root) == flat(OLD)


def test_a_single_file_is_written_atomically(tmp_path: Path) -> None:
    """A single file is replaced as a whole, and only if its bytes change."""
    path = tmp_path / "deep" / "file"
    assert write_atomically(path, b"1")
    assert not write_atomically(path, b"1")
    assert write_atomically(path, b"2")
    assert tree(tmp_path) == {"deep/file": "2"}


def test_a_single_file_that_cannot_be_written(tmp_path: Path) -> None:
    """A file that cannot be written is an error with its name, and leaves nothing behind."""
    (tmp_path / "file").write_text("")
    with pytest.raises(GeneratorError, match="cannot be written"):
        write_atomically(tmp_path / "file" / "below", b"")
    assert tree(tmp_path) == {"file": ""}
