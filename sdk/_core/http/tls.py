"""TLS contexts, and the certificate authority files that the environment names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError
from ..runtime.fork import delay_forks

if TYPE_CHECKING:
    import ssl


def certificate_files() -> dict[str, str]:
    """Return the certificate authorities of the environment, by variable; only the first variable that is set."""
    from ..options.environment import network_environment

    found = network_environment()
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if found.get(name):
            return {name: found[name]}
    return {}


def check_files(files: Mapping[str, str]) -> None:
    from pathlib import Path

    for name, value in files.items():
        path = Path(value)
        if not (path.is_file() if name == "SSL_CERT_FILE" else path.is_dir()):
            raise ConfigError(f"{name} is not a {'file' if name == 'SSL_CERT_FILE' else 'directory'}: {value}")


def build_context(verify: Any, cert: Any, files: Mapping[str, str]) -> ssl.SSLContext:
    """Build a TLS context as httpx does."""
    import ssl

    source = next(iter(files), "http_options['verify']")
    try:
        if isinstance(verify, ssl.SSLContext):
            context = verify
        elif verify is False:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        elif verify is True and not files:
            import certifi

            context = ssl.create_default_context(cafile=certifi.where())
        elif verify is True:
            context = ssl.create_default_context(cafile=files.get("SSL_CERT_FILE"), capath=files.get("SSL_CERT_DIR"))
        else:
            from pathlib import Path

            place = "capath" if Path(verify).is_dir() else "cafile"
            context = ssl.create_default_context(**{place: verify})
        if cert is not None:
            source = "http_options['cert']"
            context.load_cert_chain(*(cert if isinstance(cert, tuple | list) else (cert,)))
    except (OSError, TypeError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ConfigError(f"{source} cannot be used: {error}") from error
    if context is not verify:  # Python below 3.11.4 sets it: a reply that is cut looks like a whole one
        context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    return context


delay_forks(build_context.__code__)
