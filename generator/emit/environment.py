"""The templates: those of the generator, of which a folder of the user's may replace single ones."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined, TemplateSyntaxError

from ..errors import GeneratorError, NotPython, did_you_mean


def environment(own: Path | None = None) -> Environment:
    """Return the templates; one of the folder `own` takes the place of that of the same name.

    Raises: GeneratorError for a folder that is missing, a file that replaces nothing, or a file that is not a template.
    """
    if own is None:
        return _usual()
    usual = PackageLoader("generator.emit")
    if not own.is_dir():
        raise GeneratorError("there is no folder of templates", file=own, hint="correct dir in [templates]")
    found = _environment(ChoiceLoader([FileSystemLoader(own), usual]))
    known = usual.list_templates()
    for path in sorted(path for path in own.rglob("*") if path.is_file() and not path.name.startswith(".")):
        name = path.relative_to(own).as_posix()
        if name not in known:
            hint = did_you_mean(name, known, f"the templates are {', '.join(known)}")
            raise GeneratorError("this replaces no template", file=path, hint=hint)
        try:
            found.get_template(name)
        except TemplateSyntaxError as error:
            raise GeneratorError(
                f"this is no template of Jinja: {error.message}", file=path, line=error.lineno, hint="correct it"
            ) from error
    return found


@contextmanager
def blaming(own: Path | None) -> Iterator[None]:
    """Blame the templates of the folder `own` for what fails in them, and for code that is not Python."""
    try:
        yield
    except NotPython as error:
        if own is None:
            raise
        hint = f"correct the templates there: {', '.join(sorted(p.name for p in own.rglob('*.jinja')))}"
        raise GeneratorError(error.problem, file=own, hint=hint) from error
    except GeneratorError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = next((f for f in reversed(frames) if own is not None and Path(f.filename).is_relative_to(own)), None)
        if place is None:
            raise
        raise GeneratorError(
            f"this template fails: {type(error).__name__}: {error}", file=place.filename, line=place.lineno,
            hint="correct it; `sdkwright templates` writes the one that it replaces",
        ) from error  # fmt: skip


@cache
def _usual() -> Environment:
    return _environment(ChoiceLoader([PackageLoader("generator.emit")]))


def _environment(loader: ChoiceLoader) -> Environment:
    return Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)


def sources() -> dict[str, str]:
    """Return the text of each template of the generator, by its name."""
    usual = PackageLoader("generator.emit")
    return {name: usual.get_source(_usual(), name)[0] for name in sorted(usual.list_templates())}
