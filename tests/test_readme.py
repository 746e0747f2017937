"""The documents say what is so: Python blocks of README.md and docs/ run, targets and links that are named exist."""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing, nullcontext
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest

import sdk
from sdk import Client
from sdk._openai.options import OpenAIOptions
from sdk.testing import LocalServer

from .example_runner import Runner

_ROOT = Path(__file__).parents[1]
_README = (_ROOT / "README.md").read_text(encoding="utf-8")
_PAGES = sorted(f"docs/{page.name}" for page in (_ROOT / "docs").glob("*.md"))
#: Pages whose examples other tests run: tests/generator/commands/test_package_docs.py and tests/cluster/test_docs.py.
_ELSEWHERE = ("docs/packages.md", "docs/clusters.md")
#: Examples that need what `make test` does not have, marked "py"; what runs them instead, or why nothing does.
_NOT_RUN = {
    "docs/applications.md": "1: Celery, make recipes",
    "docs/realtime.md": "1: a microphone and a speaker",
    "docs/telemetry.md": "4: make recipes",
    "docs/testing.md": "5: pytest functions, of which examples/mocks has three as they stand",
}


def _blocks(page: str, kind: str = "python") -> list[str]:
    """Return the examples of a page; those in tabs are indented."""
    text = (_ROOT / page).read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{kind}\n(.*?)^\1```$", text, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for _, block in found]


_BLOCKS = [block for page in ("README.md", *_PAGES) if page not in _ELSEWHERE for block in _blocks(page)]
_DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", *_PAGES)


def _name(block: str) -> str:
    return max((line for line in block.splitlines() if "import" not in line), key=len).strip()[:60]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """The process that runs examples."""
    with closing(Runner()) as process:
        yield process


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """A server for all examples."""
    with LocalServer() as server:
        yield server


@pytest.mark.skipif(not hasattr(os, "fork"), reason="examples run in forks, which this system does not have")
@pytest.mark.parametrize("block", _BLOCKS, ids=_name)
def test_python_block_runs(block: str, runner: Runner, server: LocalServer, tmp_path: Path) -> None:
    """A block runs as it stands, with the environment set to a server, and warns of nothing."""
    server.reset()
    # One example is for a self-hosted server, and sends a parameter of vLLM's.
    with LocalServer(allow_unknown=True) if "localhost" in block else nullcontext(server) as server:
        # Readers have their server on a port of their own.
        code = re.sub(r"http://localhost:\d+/v1", server.url, block)
        done = runner.run(code, tmp_path, OPENAI_API_BASE=server.url, OPENAI_API_KEY="test-key")
        assert (done.code, done.stderr) == (0, "")
        assert done.stdout.strip() or "except" in code  # an example shows something; the one of errors only on errors
        alone = ("own server", "LocalServer()", "import logging", "nothing is sent", "__version__")
        assert server.requests or any(words in block for words in alone)


@pytest.mark.long
@pytest.mark.timeout(240)  # with nothing in its cache, mypy reads every model first
def test_python_blocks_have_the_right_types(tmp_path: Path) -> None:
    """A type checker has nothing against what readers copy."""
    files = []
    for number, block in enumerate(_BLOCKS):
        files.append(tmp_path / f"block_{number}.py")
        files[-1].write_text(block, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *map(str, files)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_examples_are_short_and_run() -> None:
    """No example has more than 25 lines, and those that are not run here are known."""
    pages = ("README.md", *_PAGES)
    long = [block for page in pages for block in _blocks(page, "(?:python|py)") if block.count("\n") > 25]
    assert long == []
    assert {page: f"{len(found)}" for page in pages if (found := _blocks(page, "py"))} == {
        page: reason.partition(":")[0] for page, reason in _NOT_RUN.items()
    }


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_named_make_targets_exist(document: str) -> None:
    """`make x` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):.*## ", (_ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = (_ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.MULTILINE))
    assert named
    assert named <= targets


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    """A relative link is a file of the checkout."""
    path = _ROOT / document
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8"))
    generated = ("pictures/", "reference/")  # pages of the site, whose links tests/site follows
    assert [link for link in links if not (path.parent / link).exists() and not link.startswith(generated)] == []


def test_options_of_the_table_are_options() -> None:
    """The table of options names options and variables as the code has them."""
    table = (_ROOT / "docs/options.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("| `")]
    assert len(rows) > 15
    for names, variables, _, _ in rows:
        options = re.findall(r"`(\w+)`", names)
        assert set(options) <= OpenAIOptions.table.keys()
        known = {f"OPENAI_{suffix}" for option in options for suffix in OpenAIOptions.table[option].env}
        assert set(re.findall(r"`(\w+)`", variables)) <= known
        assert bool(variables.strip()) == bool(known)


def test_messages_of_the_table_of_trouble_are_messages() -> None:
    """What docs/errors.md lists by message stands in the source, so that readers find it."""
    page = (_ROOT / "docs/errors.md").read_text(encoding="utf-8").partition("## By message")[2].partition("A status")[0]
    messages = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    source = "".join(path.read_text(encoding="utf-8") for path in (_ROOT / "sdk/_core").rglob("*.py"))
    assert len(messages) > 5
    assert [message for message in messages if message not in source] == []


def test_the_names_for_those_who_come_from_the_official_package_exist() -> None:
    """What the right column of docs/openai.md names, a client and the package have."""
    page = (_ROOT / "docs/openai.md").read_text(encoding="utf-8")
    right = "".join(line.split("|")[2] for line in page.splitlines() if line.startswith("| `"))
    names = re.findall(r"\b((?:client|sdk)(?:\.\w+)+)", right)
    import_module("sdk.compat.openai")  # which no other module imports
    with Client(api_key="k") as client:
        found = [attrgetter(name.partition(".")[2])(client if name.startswith("client") else sdk) for name in names]
    assert len(found) > 15
