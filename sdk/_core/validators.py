"""Validate values from users and the environment. Pure; the messages never contain a secret.

Each `*_problem` returns None, or a message without the value that completes "<name> ...". The caller raises, and names
the option, the environment variable or the argument.
"""

import re

#: The characters of a token, such as a method or the name of a header (RFC 9110, section 5.6.2).
TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#: Characters that are not encoded in the path of a URL that may be encoded already (RFC 3986, section 3.3).
IN_PATH = "/%:@!$&'()*+,;=-._~"
#: Headers that say how a body is framed: another value than the true one would break the connection.
FRAMING_HEADERS = frozenset({"content-length", "transfer-encoding"})
#: Headers that are not free for a key: they say how a message goes over a connection (RFC 9110, 7.6.1 and 10.1), or
#: what each request is and wants.
HTTP_HEADERS = FRAMING_HEADERS | {
    *("connection", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"),
    *(
        "accept",
        "accept-encoding",
        "content-encoding",
        "content-type",
        "idempotency-key",
        "user-agent",
        "x-retry-count",
    ),
}
#: What no name of a host holds (WHATWG URL, forbidden domain code points).
_NO_HOST = '%<>^`{|}"#@'
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PLAIN_HOST = f"{_LETTERS}0123456789.-"
#: Characters that are the same in a path and in its encoded form.
PLAIN_PATH = f"{_LETTERS}0123456789-._~/"
_QUOTES = "\"'`"


def secret_problem(key: object) -> str | None:
    """Check a key that is encoded before it is sent: a str without control characters."""
    if not isinstance(key, str):
        return f"must be a str, not {type(key).__name__}"
    if not key:
        return "is empty"
    if any(c < " " or "\x7f" <= c < "\xa0" or "\ud800" <= c <= "\udfff" for c in key):
        return "contains a line break or another control character"
    return None


def value_problem(value: object) -> str | None:
    """Check the whole value of a header that is a key, such as "Token abc": it may have inner spaces."""
    problem = secret_problem(value)
    if problem is not None:
        return problem
    text = str(value)
    if text != text.strip():
        return "begins or ends with white space"
    return None if text.isascii() else "contains a character that is not ASCII"


def key_problem(key: object) -> str | None:
    """Check an API key, which is sent unchanged in a header."""
    if not isinstance(key, str):
        return f"must be a str, not {type(key).__name__}"
    if not key:
        return "is empty"
    if "\n" in key or "\r" in key:
        return "contains a line break; was it read from a file without strip()?"
    if key != key.strip():
        return "begins or ends with white space"
    if key[:7].lower() == "bearer ":
        return 'begins with "Bearer "; give the key alone'
    if not key.isascii():
        return "contains a character that is not ASCII"
    if key[0] in _QUOTES or key[-1] in _QUOTES:
        return "is in quotes; leave them out"
    if not all("!" <= c <= "~" for c in key):
        return "contains white space or a control character"
    return None


def url_problem(url: object) -> str | None:
    """Check a base URL: http or https and a host; no user, query or fragment."""
    if not isinstance(url, str):
        return f"must be a str, not {type(url).__name__}"
    if not url.strip():
        return "is empty"
    if any(c == " " or c == "\\" or not c.isprintable() for c in url):
        return "contains white space, a control character or a backslash"
    scheme, separator, rest = url.partition("://")
    if not separator:
        return 'has no scheme; write it as "http://..." or "https://..."'
    if scheme.lower() not in ("http", "https"):
        return "must begin with http:// or https://"
    if "@" in rest.partition("/")[0]:
        return "must not hold a user name or password; use api_key or default_headers"
    if "?" in rest:
        return "must not hold a query; use default_query"
    if "#" in rest:
        return "must not hold a fragment"
    try:
        _, host, port, _ = split_url(url)
    except ValueError:
        return "has a host or a port that cannot be read"
    if not host:
        return "has no host"
    return None if port != 0 and is_host(host, rest.partition("/")[0]) else "has a host or a port that cannot be read"


def split_url(url: str) -> tuple[str, str, int | None, str]:
    """Return scheme, host, port and path of a URL without user, query and fragment. Raises ValueError.

    What nearly all base URLs consist of is read here: to import urllib.parse takes as long as ten small modules.
    """
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    host, colon, port = authority.partition(":")
    plain = host and not (host.strip(_PLAIN_HOST) or path.strip(PLAIN_PATH) or scheme.strip(_LETTERS))
    if plain and (not colon or (port.isascii() and port.isdigit() and len(port) < 6 and int(port) < 65536)):
        return scheme.lower(), host.lower(), int(port) if colon else None, slash + path
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port, parts.path


def is_host(host: str, netloc: str) -> bool:
    """Return whether a host is an IPv6 address, where it is in brackets, else a name that could be looked up."""
    if "[" not in netloc:
        return not any(c in _NO_HOST for c in host)
    from ipaddress import ip_address

    try:
        return ip_address(host).version == 6
    except ValueError:
        return False


def ascii_host(host: str) -> str:
    """Return a host name in its ASCII form, for DNS and TLS: IDNA 2008 with the mapping of UTS 46. Raises ValueError.

    The codec "idna" of Python is IDNA 2003, which turns some names into those of other domains: ß into ss.
    """
    if host.isascii():
        return host
    import idna  # here: few hosts need it, and its tables take milliseconds to load

    return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")


def header_problem(name: object, value: object) -> str | None:
    """Check one header; the message contains neither its name nor its value."""
    if not isinstance(name, str) or not name or name.strip(TOKEN):
        return "has a header name that is not a token (RFC 9110)"
    if not isinstance(value, str):
        return f"has a header value that is not a str but {type(value).__name__}"
    return header_value_problem(value)


def header_value_problem(value: str) -> str | None:
    """Check the value of a header: one line of ISO-8859-1 without white space around it."""
    problem = header_text_problem(value)
    return "begins or ends with white space" if problem is None and value != value.strip(" \t") else problem


def header_text_problem(text: str) -> str | None:
    """Check that HTTP/1.1 can send a str in a header: one line of ISO-8859-1 (RFC 9110, section 5.5)."""
    if text.isascii() and text.isprintable():  # nearly all values, and fast
        return None
    if "\n" in text or "\r" in text:
        return "contains a line break"
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        return "contains a control character"
    return "contains a character outside ISO-8859-1" if re.search(r"[^\x00-\xff]", text) else None


#: Longest accepted duration in seconds (about 31 years); use None for no limit.
LONGEST = 1e9
#: The largest integer that other programs and the operating system accept.
LARGEST = 2**63 - 1


def number_problem(
    value: object, *, whole: bool, least: float, most: float = LONGEST, above: bool = False
) -> str | None:
    """Check a number; `above` excludes `least` itself. bool, NaN and infinity are not accepted."""
    kind = "a whole number" if whole else "a number of seconds"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return f"must be {kind}, not {type(value).__name__}"
    if value != value or value in (float("inf"), float("-inf")):
        return f"must be {kind}, not {value}"
    # Python does not format integers of thousands of digits.
    given = f", not {value}" if -LARGEST < value < LARGEST else ""
    if value < least or (above and value == least):
        return f"must be {'more than' if above else 'at least'} {least:g}{given}"
    if whole:
        return f"must be at most {LARGEST}" if value > LARGEST else None
    hint = "; use None for no limit" if most == LONGEST else ""
    return f"must be at most {most:g} seconds{given}{hint}" if value > most else None


def read_number(text: str, *, whole: bool) -> int | float | None:
    """Parse a number from the environment; return None if it is not one."""
    text = text.strip()
    # int() and float() alone would also accept 1_0, Arabic digits, nan and inf.
    if not re.fullmatch(r"[+-]?[0-9]{1,18}" if whole else r"[+-]?[0-9]{1,18}(\.[0-9]*)?([eE][+-]?[0-9]{1,2})?", text):
        return None
    return int(text) if whole else float(text)
