"""Generate: a package for a document, or the folders of the SDK."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
from pathlib import Path

from generator import pipeline
from generator._version import __version__
from generator.commands import checkout, package
from generator.commands.job import Job, is_sdk, job_of, root_of
from generator.commands.output import SUCCESS, Output
from generator.errors import GeneratorError
from generator.publish import stamp
from generator.publish.folders import publish


def run(options: argparse.Namespace, output: Output) -> int:
    """Write what the options name; return the exit code."""
    return _sdk(options, output) if is_sdk(options) else _package(options, output)


def _package(options: argparse.Namespace, output: Output) -> int:
    job, progress = job_of(options), output.progress()
    output.data(package=job.package, output=str(job.output))
    is_new = not (job.output / job.package).exists()
    summary, report = package.write_package(
        job.spec, job.overlay, job.include, job.package, job.output, __version__, progress, job.policy,
        job.descriptions, metadata=job.metadata,
    )  # fmt: skip
    _run_hooks(job, output)
    progress.done()
    output.notes(report.notes)
    output.data(files={"written": summary.written, "unchanged": summary.unchanged, "removed": summary.removed})
    output.line(f"{job.output / job.package}: {summary}")
    if is_new:
        output.aside(f"next: pip install {_as_argument(job.output)}; examples are in {job.output / 'README.md'}")
    return SUCCESS


def _as_argument(folder: Path) -> str:
    """Return a folder as pip takes it: a bare name would be that of a distribution."""
    return str(folder) if folder.is_absolute() or folder.parts[:1] == ("..",) else f"./{folder}"


def _run_hooks(job: Job, output: Output) -> None:
    """Run the commands of the configuration in the folder of the package, one after another, without a shell."""
    for command in job.config.after:
        with output.progress().stage("hook") as stage:
            stage.unit = command[:20]
            try:
                done = subprocess.run(
                    shlex.split(command), cwd=job.output, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                    errors="replace", check=False,
                )  # fmt: skip
            except (OSError, ValueError) as error:
                raise GeneratorError(
                    f"the hook {command!r} cannot run: {error}", file=job.config.file, hint="correct it in [hooks]"
                ) from error
        if done.returncode:
            printed = re.sub(r"(?m)^", "  ", done.stdout[-2000:].rstrip())
            what = f"it prints:\n{printed}" if printed.strip() else "it prints nothing"
            raise GeneratorError(
                f"the hook {command!r} ends with the exit code {done.returncode}; {what}",
                file=job.config.file, hint="correct it in [hooks]; the package itself is in place",
            )  # fmt: skip


def _sdk(options: argparse.Namespace, output: Output) -> int:
    root, inputs = root_of(options), checkout.inputs_of(options)
    if options.lenient:
        raise GeneratorError("--lenient is for packages of their own", hint="name one with --package")
    read = stamp.inputs(*inputs, options.include)
    current = None if options.force else stamp.is_current(root, read)
    if current is not None:
        output.line(f"0 written, {current:,} unchanged, 0 removed (nothing has changed; --force generates anyway)")
        output.data(files={"written": 0, "unchanged": current, "removed": 0})
        return SUCCESS
    progress = output.progress()
    made = pipeline.build(inputs.spec, inputs.overlay, options.include, progress, inputs.descriptions)
    with progress.stage("publish", "files") as stage:
        summary = publish(root, made.trees)
        stage.count = summary.written + summary.unchanged
    stamp.write(root, read, made.trees)
    progress.done()
    output.notes(made.api.report.notes)
    output.data(files={"written": summary.written, "unchanged": summary.unchanged, "removed": summary.removed})
    output.line(summary)
    return SUCCESS
