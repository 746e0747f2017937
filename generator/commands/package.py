"""A separate SDK package for any document: its generated folders, its client, and the files around them."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Collection
from pathlib import Path

from generator import pipeline
from generator.document.location import Location
from generator.emit.header import MARKER
from generator.emit.package import PackageEmitter, one_line
from generator.emit.style import tidy
from generator.errors import GeneratorError
from generator.ir.waits import waits_of
from generator.policy import Policy, Report
from generator.progress import Progress
from generator.publish.folders import Summary, publish, write_atomically

#: The dependencies of the package, and theirs: a package of the same name would shadow them.
TAKEN = frozenset(
    {
        *(
            "sdk",
            "generator",
            "attr",
            "attrs",
            "certifi",
            "dateutil",
            "h11",
            "h2",
            "httpcore",
            "httpx",
            "httpx_aiohttp",
        ),
        *("idna", "anyio", "sniffio", "msgspec", "orjson", "six", "socksio", "trio", "typing_extensions", "aiohttp"),
    }
)
_LINE_1 = re.compile(rf"{re.escape(MARKER)} `make generate` from spec/openapi\.yaml")


def write_package(
    spec: Location, overlay: Path | None, include: Collection[str] | None, package: str, out: Path, runtime: str,
    progress: Progress, policy: Policy, descriptions: Path | None = None,
) -> tuple[Summary, Report]:  # fmt: skip
    """Write a package to a folder; return the counts of its generated files, and what was renamed or left out.

    Raises: GeneratorError for what cannot be expressed, by the policy; nothing has changed then.
    """
    _check_name(package)
    _check_folder(out, package, [spec, overlay, descriptions])
    generated, service = pipeline.build_package(spec, overlay, include, progress, policy, descriptions)
    info = generated.document["info"]
    emitter = PackageEmitter(
        package, one_line(info["title"]) or package, one_line(info["version"]), service, generated.api, runtime,
        waits=bool(waits_of(generated.document, generated.api)),
    )  # fmt: skip
    marker = f"{MARKER} `python -m generator` from {one_line(spec.name)}"
    trees = {
        f"{package}/{folder.partition('/')[2]}": {
            name: _LINE_1.sub(lambda _: marker, text, 1) for name, text in f.items()
        }
        for folder, f in generated.trees.items()
    }
    code = tidy({package: emitter.code()})[package]
    texts = {f"{package}/{name}": _LINE_1.sub(lambda _: marker, text, 1) for name, text in code.items()}
    # In bytes before anything is written: what cannot be written stops here.
    files = {
        name: text.encode() for name, text in (*texts.items(), (f"{package}/py.typed", ""), *emitter.project().items())
    }
    with progress.stage("publish", "files") as stage:
        summary = publish(out, trees)
        for name, content in files.items():
            write_atomically(out / name, content)
        stage.count = summary.written + summary.unchanged
    return summary, generated.api.report


def _check_name(package: str) -> None:
    if not (package.isidentifier() and package.isascii()) or keyword.iskeyword(package):
        raise GeneratorError(
            f"{package!r} cannot be the name of a package", hint="choose a Python identifier of ASCII letters"
        )
    if package in TAKEN or package in sys.stdlib_module_names:
        raise GeneratorError(
            f"{package!r} is a module that the package itself would import",
            hint=f"choose another name, such as {package}_client",
        )


def _check_folder(out: Path, package: str, sources: Collection[Location | None]) -> None:
    """Refuse a folder with other files than those of a package, or with files of a package that were edited by hand."""
    if out.exists() and not out.is_dir():
        raise GeneratorError("this is a file, and the package needs a folder", file=out, hint="choose another --out")
    known = {path.resolve() for path in sources if isinstance(path, Path)}
    found = out.iterdir() if out.is_dir() else ()
    here = [path for path in found if not path.name.startswith(".") and path.resolve() not in known]
    if here and not _is_ours(out / "pyproject.toml"):
        raise GeneratorError(
            "this folder holds other things than a package that was generated", file=out,
            hint="choose a folder that is empty, or not there yet, with --out",
        )  # fmt: skip
    for name in ("README.md", *(f"{package}/{module}.py" for module in ("client", "__init__", "__main__"))):
        if (out / name).exists() and not _is_ours(out / name):
            raise GeneratorError(
                "this file was not generated", file=out / name, hint="choose another folder with --out"
            )


def _is_ours(path: Path) -> bool:
    """Return whether a file has the first line of generated files."""
    if not path.is_file():
        return False
    return "Generated by" in path.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
