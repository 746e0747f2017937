"""Turn the exceptions of credential libraries into a CredentialError that holds no secret."""

from __future__ import annotations

import re

from ..errors import CredentialError
from ..errors.redact import hide_keys

#: JSON Web Tokens, and values of parameters whose names say that they are secret.
_TOKENS = r"eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)*"
_PARAMETERS = r"(?i)((?:secret|password|assertion|token|signature)['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,]+"
_BLOCKS = r"(?s)-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|$)"


def foreign_failure(source: object, error: Exception, hint: str) -> CredentialError:
    """Return the error of a source whose library raised an exception.

    The exception is not its cause: the frames of a library hold tokens and keys, which error reporters show.
    """
    text = re.sub(_BLOCKS, "***", str(error))
    text = re.sub(_PARAMETERS, r"\1***", re.sub(_TOKENS, "***", hide_keys(text)))
    return CredentialError(f"{source!r} gave no token: {type(error).__name__}: {text}", hint=hint)
