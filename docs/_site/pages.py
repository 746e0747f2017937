"""The generated pages: operations by resource, classes by resource, as Markdown with tables in HTML."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable

from .classes import Shape
from .example import call
from .links import Places
from .operations import Argument, Endpoint

OPERATIONS = "reference/operations"
#: Forms of an operation, as tabs of its example.
_TABS = {
    "sync": ("Sync", "{call}"),
    "asyncio": ("Asyncio", "await {call}"),
    "stream": ("Streamed", "with {call} as stream:\n    for event in stream:\n        print(event)"),
    "iter": ("All pages", "for item in {call}:\n    print(item)"),
}
_WIDE = 100


def operation_pages(endpoints: Iterable[Endpoint], places: Places) -> dict[str, str]:
    """Return a page for each resource, by its path."""
    resources: dict[str, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        resources[endpoint.resource].append(endpoint)
    return {f"{OPERATIONS}/{name}.md": _resource(name, found, places) for name, found in sorted(resources.items())}


def _resource(name: str, endpoints: list[Endpoint], places: Places) -> str:
    page = f"{OPERATIONS}/{name}"
    rows = "\n".join(
        f'<tr><td><a href="#{e.name.replace(".", "")}"><code>{e.name}</code></a></td>'
        f"<td>{_text(_sentence(e.summary))}</td></tr>"
        for e in endpoints
    )
    head = (
        f"# {name}\n\nOperations of `client.{name}`.\n\n<table data-search-exclude><tbody>\n{rows}\n</tbody></table>\n"
    )
    return head + "".join(_operation(endpoint, page, places) for endpoint in endpoints)


def _operation(endpoint: Endpoint, page: str, places: Places) -> str:
    parts = [f"## {endpoint.name} {{ #{endpoint.name.replace('.', '')} }}", f"`{endpoint.method} {endpoint.path}`"]
    if endpoint.deprecated:
        instead = endpoint.operation._spec.replaced_by
        parts.append(f'!!! warning "Deprecated"\n    {f"Use `{instead}`." if instead else "It may go away."}')
    parts += [endpoint.summary, _examples(endpoint)]
    if endpoint.arguments:
        parts.append(_table("Argument", [_argument_row(argument, page, places) for argument in endpoint.arguments]))
    returns = f"<code>{places.linked(endpoint.reply, page)}</code>{_events(endpoint, page, places)}"
    parts.append(f"<p data-search-exclude>Returns {returns}.</p>")
    parts.append(f"<p data-search-exclude>Raises {_errors(endpoint, page, places)}.</p>")
    return "\n\n" + "\n\n".join(parts) + "\n"


def _events(endpoint: Endpoint, page: str, places: Places) -> str:
    if not endpoint.events:
        return ""
    return f"; <code>.stream</code> yields <code>{places.linked(endpoint.events, page)}</code>"


def _errors(endpoint: Endpoint, page: str, places: Places) -> str:
    """Return the errors of an operation, with the models of their bodies that the API describes."""
    up = "../" * (page.count("/") + 1)
    names = ["RequestError", "APIConnectionError", "APIStatusError", "APIResponseError"]
    names += ["StreamError"] * ("stream" in endpoint.forms) + ["RefusalError"] * ("parse" in endpoint.forms)
    *most, last = (
        f'<a href="{up}reference/modules/sdk.errors/#sdk.errors.{name}"><code>{name}</code></a>' for name in names
    )
    bodies = "".join(
        f"; the body of a {status} is <code>{places.linked(model, page)}</code>"
        for status, model in sorted(endpoint.errors.items())
    )
    return f"{', '.join(most)} or {last}{bodies}"


def _examples(endpoint: Endpoint) -> str:
    tabs = []
    for form in endpoint.forms:
        if form in _TABS:
            title, template = _TABS[form]
            code = template.replace("{call}", call(endpoint, form))
            indented = "".join(f"    {line}\n" for line in code.splitlines())
            tabs.append(f'=== "{title}"\n\n    ```python\n{indented}    ```\n')
    return "\n".join(tabs)


def _argument_row(argument: Argument, page: str, places: Places) -> str:
    needed = " <small>required</small>" if argument.required else ""
    return _row(f"<code>{argument.name}</code>{needed}", places.linked(argument.annotation, page), argument.text)


def _row(name: str, linked: str, text: str) -> str:
    return f"<tr><td>{name}</td><td><code>{linked}</code></td><td>{_text(text)}</td></tr>"


def class_page(page: str, shapes: list[Shape], places: Places) -> str:
    """Return the page of some classes."""
    kind, name = page.split("/")[1:]
    title, what = (
        ("Models", "What replies hold")
        if kind == "models"
        else ("Parameters", "What arguments take: plain dicts with these keys")
    )
    parts = [
        f"# {title}: {name}",
        f"{what}, in operations of `{name}`." if name != "shared" else f"{what}, in several resources.",
    ]
    for shape in shapes:
        parts.append(f"## {shape.name} {{ #{shape.name.lower()} }}")
        parts.append(_shape(shape, page, places))
    return "\n\n".join(parts) + "\n"


def _shape(shape: Shape, page: str, places: Places) -> str:
    lines = [f"<p>{_text(shape.text)}</p>"] if shape.text else []
    if shape.means:
        lines.append(f"<p>One of: <code>{places.linked(shape.means, page)}</code></p>")
    bases = [base for base in shape.bases if base in places.shapes]
    if bases:
        lines.append(f"<p>With all fields of <code>{places.linked(', '.join(bases), page)}</code>.</p>")
    if shape.fields:
        rows = [
            _row(f"<code>{field.name}</code>", places.linked(field.annotation, page), field.text)
            for field in shape.fields
        ]
        lines.append(_table("Field", rows, nested=True))
    return "<div data-search-exclude>\n" + "\n".join(lines) + "\n</div>"


def _table(first: str, rows: list[str], *, nested: bool = False) -> str:
    excluded = "" if nested else " data-search-exclude"
    head = f"<tr><th>{first}</th><th>Type</th><th>Meaning</th></tr>"
    body = "\n".join(rows)
    return f'<table class="fields"{excluded}><thead>{head}</thead><tbody>\n{body}\n</tbody></table>'


def _text(text: str) -> str:
    """Return a description as HTML: backticks are code."""
    escaped = html.escape(text, quote=False)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped)


def _sentence(text: str) -> str:
    first = text.partition("\n\n")[0]
    return re.split(r"(?<=[.;]) ", first)[0].rstrip(".;")
