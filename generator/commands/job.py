"""What a command works on: the options of its command line, over those of the configuration."""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from pathlib import Path

from attrs import frozen

from generator.commands.package import TAKEN
from generator.commands.parser import program
from generator.commands.update import SPEC
from generator.config import Config, find_config, read_config
from generator.document.load import read_document
from generator.document.location import Location
from generator.errors import GeneratorError
from generator.metadata import PackageMetadata
from generator.policy import Policy

#: What a document is usually called.
USUAL = [f"{name}.{suffix}" for name in ("openapi", "swagger") for suffix in ("yaml", "yml", "json")]
#: The longest name by a title, which ends with a whole word.
_LONGEST = 40
#: Titles that frameworks and tools write for documents without one, which are packages themselves.
_USUAL = frozenset({"django", "fastapi", "flask", "litestar", "openapi", "starlite", "swagger"})


@frozen
class Job:
    """One package: its document, where it goes, and how it is made."""

    spec: Location
    package: str
    output: Path
    overlay: Path | None
    descriptions: Path | None
    include: tuple[str, ...] | None
    policy: Policy
    metadata: PackageMetadata
    config: Config

    @property
    def command(self) -> str:
        """The command that generates this package, for messages."""
        if self.config.file is not None and self.config.spec == self.spec:
            return f"{program()} generate"
        return f"{program()} generate --spec {self.spec} --package {self.package} --out {self.output}"


def is_sdk(options: argparse.Namespace) -> bool:
    """Return whether a command is about the SDK of a checkout, and not about a package of its own.

    That is what --root asks for; without it, a folder with a pinned document and the SDK is such a checkout.
    """
    if options.package is not None or options.config is not None or options.out is not None:
        return False
    if options.root is not None:
        return True
    return find_config(Path()) is None and (Path() / SPEC).is_file() and (Path() / "sdk").is_dir()


def root_of(options: argparse.Namespace) -> Path:
    """Return the checkout that a command is about."""
    return Path() if options.root is None else Path(options.root)


def config_of(options: argparse.Namespace) -> Config:
    """Return the configuration that --config names, else that of this folder, else an empty one."""
    path = options.config or find_config(Path())
    return Config() if path is None else read_config(path)


def job_of(options: argparse.Namespace) -> Job:
    """Return the job of a command line. Raises: GeneratorError where it does not say enough."""
    config = config_of(options)
    spec = spec_of(options, config)
    package = options.package if options.package is not None else config.package or _name_of(spec)
    output = options.out or config.output or Path(f"{package.replace('_', '-')}-sdk")
    return Job(
        spec, package, output, options.overlay or config.overlay, options.descriptions or config.descriptions,
        options.include or config.include, policy_of(options, config), PackageMetadata.of(config.metadata), config,
    )  # fmt: skip


def spec_of(options: argparse.Namespace, config: Config) -> Location:
    """Return the document of a command. Raises: GeneratorError without one."""
    spec: Location | None = options.spec or config.spec
    if spec is None:
        found = usual_document()
        here = f" (--spec {found})" if found else ""
        raise GeneratorError(
            "there is no document to read",
            hint=f"name one with --spec FILE, URL or -{here}; or begin with {program()} init",
        )
    return spec


def usual_document() -> Path | None:
    """Return the document of this folder by its usual name, None if there is none."""
    return next((path for path in map(Path, USUAL) if path.is_file()), None)


def policy_of(options: argparse.Namespace, config: Config) -> Policy:
    """Return the policy of a package."""
    naming = options.naming or config.naming or "operation-ids"
    return Policy.for_package(lenient=options.lenient or config.lenient, operations=naming, templates=config.templates)


def _name_of(spec: Location) -> str:
    """Return the name of a package by the title of its document."""
    info = read_document(spec).data.get("info")
    return package_name(str(info.get("title", "")) if isinstance(info, dict) else "")


def package_name(title: str) -> str:
    """Return the name to import a package by: `Pet shop API` is pet_shop."""
    words = re.findall(r"[A-Za-z0-9]+", title)
    while len(words) > 1 and words[-1].lower() in ("api", "openapi", "specification", "rest"):
        words.pop()
    while len(words) > 1 and len("_".join(words)) > _LONGEST:
        words.pop()
    name = "_".join(words).lower()[:_LONGEST].strip("_") or "api_client"
    if name[0].isdigit() or keyword.iskeyword(name) or name in TAKEN | _USUAL or name in sys.stdlib_module_names:
        name = f"client_{name}" if name[0].isdigit() else f"{name}_client"
    return name
