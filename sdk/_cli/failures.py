"""Errors as people see them: one message on stderr, and an exit code for each class of errors."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable

import click

OK, FAILED, USAGE, CREDENTIALS, REFUSED, LIMITED, SERVER, CONNECTION = range(8)
INTERRUPTED, BROKEN_PIPE = 130, 141
#: Exit codes by class, the nearest base class first. A name, since no error loads before one occurs.
_CODES = {
    "AuthenticationError": CREDENTIALS,
    "PermissionDeniedError": CREDENTIALS,
    "CredentialError": CREDENTIALS,
    "RateLimitError": LIMITED,
    "InternalServerError": SERVER,
    "APIResponseError": SERVER,
    "StreamIncompleteError": CONNECTION,
    "APIStatusError": REFUSED,
    "APIConnectionError": CONNECTION,
    "ConfigError": USAGE,
    "RequestError": USAGE,
    "SourceError": USAGE,
    "UnreachableError": CONNECTION,
    "UsageError": USAGE,
    "BrokenPipeError": BROKEN_PIPE,
    "KeyboardInterrupt": INTERRUPTED,
    "Abort": INTERRUPTED,
}


#: What the library says, and what that is called on the command line.
_WORDS = (
    ("give api_key= or set", "set"),
    ("(api_key=None sends no key)", "(--no-key sends none)"),
    ("the base URL (api_base=)", "the URL of --api-base"),
    ("to all lines in arguments=", "to all lines by --model or --set"),
)


#: What to do about a file, by the number of the operating system's error.
_REMEDIES = {
    errno.ENOENT: "check the path",
    errno.EISDIR: "name a file in it",
    errno.EACCES: "check who may use it",
    errno.ENOSPC: "make room",
}


def exit_code(error: BaseException) -> int:
    """Return the exit code of an error, or of a command that ends early, such as for --help."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    return next((_CODES[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in _CODES), FAILED)


def report(program: str, error: BaseException) -> None:
    """Write what happened, and what to do, on stderr; an error that the SDK did not expect is raised again."""
    if isinstance(error, BrokenPipeError):
        # The interpreter flushes stdout when it ends, which would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    if isinstance(error, click.exceptions.Exit):
        return
    if isinstance(error, KeyboardInterrupt | click.Abort):
        click.echo("interrupted", err=True)
    elif isinstance(error, click.UsageError):
        if isinstance(error, click.NoSuchOption):
            near = nearest(error.option_name, error.possibilities or ())
            error = click.NoSuchOption(error.option_name, possibilities=near, ctx=error.ctx)
        error.show()
    elif isinstance(error, click.ClickException):
        click.echo(f"{program}: {error.format_message()}", err=True)
    elif _expected(error):
        click.echo(f"{program}: {message_of(error)}", err=True)
    else:
        raise error


def message_of(error: BaseException) -> str:
    """Return the message of an error, in words of the command line."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {reason_of(error)}"
    message = re.sub(r"needs \w+_key= or ", "needs ", str(error))
    for said, meant in _WORDS:
        message = message.replace(said, meant)
    return message


def reason_of(error: OSError) -> str:
    """Return what is wrong with a file, and what to do, without its name."""
    remedy = _REMEDIES.get(error.errno or 0)
    return f"{error.strerror or error}{f'; {remedy}' if remedy else ''}"


def nearest(wrong: str, known: Iterable[str]) -> list[str]:
    """Return the known words that are about as near to a wrong one as the nearest, that first."""
    from difflib import SequenceMatcher, get_close_matches  # only a mistake needs it

    near = get_close_matches(wrong, list(known), 3)
    ratios = [SequenceMatcher(None, word, wrong).ratio() for word in near]
    return [word for word, ratio in zip(near, ratios, strict=True) if ratio > ratios[0] - 0.1]


def _expected(error: BaseException) -> bool:
    from .._core.errors import SDKError

    return isinstance(error, SDKError | OSError)
