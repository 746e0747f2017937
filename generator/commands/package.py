"""A separate SDK package for any document: its generated folders, its client, and the files around them."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from attrs import evolve
from jinja2 import Environment

from generator import pipeline
from generator.document.location import Location
from generator.document.pointer import at, split
from generator.emit.environment import blaming, environment
from generator.emit.header import MARKER
from generator.emit.package import Package, PackageEmitter, one_line, release
from generator.emit.project import ProjectEmitter
from generator.emit.requirements import requirements
from generator.emit.style import tidy
from generator.errors import GeneratorError, shown
from generator.ir.waits import waits_of
from generator.ir.webhooks import webhook_signature
from generator.metadata import PackageMetadata
from generator.policy import Policy, Report
from generator.progress import Progress
from generator.publish.folders import Summary, publish, write_atomically
from generator.publish.own_code import FILE, own_names, own_version
from generator.runtime import copies as copied
from generator.runtime.reach import Reach

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
        *("click", "jmespath", "python_multipart", "rich", "starlette", "uvicorn", "yaml"),
        *("idna", "anyio", "sniffio", "msgspec", "orjson", "six", "socksio", "trio", "typing_extensions", "aiohttp"),
    }
)
_LINE_1 = re.compile(rf"{re.escape(MARKER)} `make generate`")


def write_package(
    spec: Location, overlay: Path | None, include: Collection[str] | None, package: str, out: Path, runtime: str,
    progress: Progress, policy: Policy, descriptions: Path | None = None, *, metadata: PackageMetadata | None = None,
    own: Path | None = None,
) -> tuple[Summary, Report]:  # fmt: skip
    """Write a package to a folder; return the counts of its generated files, and what was renamed or left out.

    `runtime` is the version of the runtime that the package carries along. `own` is the folder of the package whose own
    code counts, if that is not `out`. pyproject.toml, README and the workflow are written if they are not there.
    Raises: GeneratorError for what cannot be expressed, by the policy; nothing has changed then.
    """
    check_name(package)
    _check_folder(out, package, [spec, overlay, descriptions])
    with blaming(policy.templates):
        generated, service = pipeline.build_package(spec, overlay, include, progress, policy, descriptions, package)
        info, here = generated.document["info"], own or out
        title, metadata = one_line(info["title"]) or package, metadata or PackageMetadata()
        metadata = evolve(
            metadata,
            name=metadata.name or package.replace("_", "-"),
            version=metadata.version or own_version(here) or release(one_line(info["version"])),
            description=metadata.description or f"A typed client for {title}",
        )
        described = Package(
            package, title, service, generated.api, metadata, _tags(generated), own_names(here / package),
            waits=bool(waits_of(generated.document, generated.api)), signature=webhook_signature(generated.document),
        )  # fmt: skip
        templates = environment(policy.templates)
        trees, files = _code(described, generated, templates, one_line(shown(spec.name)), runtime)
        texts = [text for folder in trees.values() for text in folder.values()] + list(files.values())
        project = ProjectEmitter(described, requirements(texts), templates).files()
    # In bytes before anything is written: what cannot be written stops here.
    content = {name: text.encode() for name, text in (*files.items(), *project.items())}
    with progress.stage("publish", "files") as stage:
        summary = publish(out, trees)
        for name, data in content.items():
            if name in files or not (out / name).exists():
                write_atomically(out / name, data)
        _remove_old(out / package, {name.rpartition("/")[2] for name in files})
        stage.count = summary.written + summary.unchanged
    notes = [f"{FILE}: {name} takes the place of the model" for name in described.own if name in generated.api.modules]
    if (there := own_version(here)) and there != metadata.version:
        of = f"{metadata.version} is configured: correct one"
        notes.append(f"the version in pyproject.toml is {there}, which pip has, and {of}")
    return summary, generated.api.report + Report.of(notes)


def _code(
    package: Package, generated: pipeline.Generated, templates: Environment, spec: str, runtime: str
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Return the folders of a package, and its single modules by path."""
    name, marker = package.name, f"{MARKER} sdkwright from {spec}"
    emitter = PackageEmitter(package, templates)
    made = tidy({name: emitter.code(), f"{name}/testing": emitter.testing()}, name)
    own = {folder.partition("/")[2]: dict(files) for folder, files in generated.trees.items()}
    if replaced := [one for one in package.own if one in package.api.modules]:
        own["models"] |= _replaced(package, own["models"], replaced)
        own["api"]["_resources.pyi"] = _without_imports_in_classes(own["api"]["_resources.pyi"])
    own["testing"] = made[f"{name}/testing"]
    texts = [*(text for folder in own.values() for text in folder.values()), *made[name].values()]
    reach = Reach(copied.roots_in(texts, name) | copied.roots_below(own["testing"], "testing"))
    copies, public = copied.rooms(reach, runtime), copied.public(reach)
    trees = {
        f"{name}/{folder}": {
            **copies.get(folder, {}),
            **{file: _LINE_1.sub(lambda _: marker, text, 1) for file, text in own.get(folder, {}).items()},
        }
        for folder in sorted({*own, *copies})
    }
    modules = {file: _LINE_1.sub(lambda _: marker, text, 1) for file, text in made[name].items()}
    files = {f"{name}/{file}": text for file, text in {**public, **modules, "py.typed": ""}.items()}
    return trees, files


def _replaced(package: Package, models: Mapping[str, str], own: Collection[str]) -> dict[str, str]:
    """Return the index of the models, in which classes of the user's take the place of those of the same name."""
    found = {name: models[name] for name in ("_index.py", "__init__.pyi")}
    for name in own:
        module = package.api.modules[name]
        found["_index.py"] = found["_index.py"].replace(f"\n{name} .{module}\n", f"\n{name} {package.name}.extra\n")
        found["__init__.pyi"] = found["__init__.pyi"].replace(
            f"from .{module} import {name} as {name}\n", f"from ..extra import {name} as {name}\n"
        )
    return found


def _without_imports_in_classes(stub: str) -> str:
    """Return a stub whose classes name what they imported.

    The models import `extra`, and `extra` the client, which has these classes: in such a circle mypy reads an import
    inside a class before the module that it names, and takes Any for it.
    """
    modules: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        above, _, module = found["module"].rpartition(".")
        alias = "_" + found["module"].strip(".").replace(".", "_")
        modules[alias] = f"from {above or '.'} import {module} as {alias}"
        return f"{found['indent']}{found['name']} = {alias}.{found['member']}"

    pattern = r"(?m)^(?P<indent> +)from (?P<module>\.[\w.]*\w) import (?P<member>\w+) as (?P<name>\w+)$"
    body = re.sub(pattern, named, stub)
    first, rest = body.split("\n\n", 1)
    return "\n".join([first, "", *(modules[alias] for alias in sorted(modules)), rest])


def _tags(generated: pipeline.Generated) -> dict[str, str]:
    """Return the tag of each operation; one without a tag has the name of its resource."""
    found = {}
    for operation in generated.api.operations:
        tags = at(generated.document, split(operation.pointer)).get("tags") or [operation.resource or operation.name]
        found[operation.name] = one_line(tags[0])
    return found


def _remove_old(folder: Path, kept: set[str]) -> None:
    """Remove modules beside the folders that an earlier generation wrote, and that the package has no more."""
    for path in folder.glob("*.py"):
        if path.name not in kept and _is_ours(path):
            path.unlink()


def _identifier(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").lower() or "pets"
    return f"{name}_client" if keyword.iskeyword(name) else f"client_{name}" if name[0].isdigit() else name


def check_name(package: str) -> None:
    """Raise GeneratorError for what cannot be imported, or would shadow a package that is needed."""
    if not (package.isidentifier() and package.isascii()) or keyword.iskeyword(package):
        raise GeneratorError(
            f"{package!r} cannot be the name of a package",
            hint=f"choose a Python identifier of ASCII letters, such as {_identifier(package)}",
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
    here = {path.name for path in found if not path.name.startswith(".") and path.resolve() not in known}
    if here and not here & {"generator.toml", "pyproject.toml"} and not (out / package).is_dir():
        raise GeneratorError(
            "this folder holds other things than a package", file=out,
            hint="choose a folder that is empty, or has a generator.toml or a pyproject.toml, with --out",
        )  # fmt: skip
    for module in ("client", "__init__", "__main__"):
        path = out / package / f"{module}.py"
        if path.exists() and not _is_ours(path):
            raise GeneratorError("this file was not generated", file=path, hint="choose another folder with --out")


def _is_ours(path: Path) -> bool:
    """Return whether a file has the first line of generated files."""
    if not path.is_file():
        return False
    return "Generated by" in path.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
