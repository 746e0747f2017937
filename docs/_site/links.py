"""Where each class stands in the reference, and links to it."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable

from .classes import Shape, names_in
from .operations import Endpoint

#: Pages below this folder have the classes.
FOLDERS = {"models": "reference/models", "params": "reference/params"}
_SHARED = "shared"
_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\b[A-Z]\w+\b|[^'\"A-Z]+|.", re.DOTALL)


class Places:
    """The page of each class: that of the one resource that uses it, else a page of shared ones."""

    def __init__(self, models: dict[str, Shape], params: dict[str, Shape], endpoints: Iterable[Endpoint]) -> None:
        self.shapes = {**models, **params}
        self._kind = {**dict.fromkeys(models, "models"), **dict.fromkeys(params, "params")}
        users: dict[str, set[str]] = defaultdict(set)
        for endpoint in endpoints:
            texts = [endpoint.reply, endpoint.events, *(argument.annotation for argument in endpoint.arguments)]
            for name in {name for text in texts for name in names_in(text)}:
                self._reach(name, endpoint.name.partition(".")[0], users)
        self._group = {name: next(iter(roots)) if len(roots) == 1 else _SHARED for name, roots in users.items()}

    def _reach(self, name: str, root: str, users: dict[str, set[str]]) -> None:
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name in self.shapes and root not in users[name]:
                users[name].add(root)
                waiting += self.shapes[name].uses

    def pages(self) -> dict[str, list[Shape]]:
        """Return the classes by the page that shows them, without its suffix."""
        found: dict[str, list[Shape]] = defaultdict(list)
        for name in sorted(self.shapes):
            found[self.page_of(name)].append(self.shapes[name])
        return dict(sorted(found.items()))

    def page_of(self, name: str) -> str:
        """Return the page of a class, without its suffix."""
        return f"{FOLDERS[self._kind[name]]}/{self._group.get(name, _SHARED)}"

    def linked(self, annotation: str, page: str) -> str:
        """Return a type as HTML, with links from `page` to the classes that it names."""
        return "".join(self._token(token, page) for token in _TOKEN.findall(annotation))

    def _token(self, token: str, page: str) -> str:
        if token not in self.shapes:
            return html.escape(token, quote=False)
        target = self.page_of(token)
        up = "../" * (page.count("/") + 1)
        return f'<a href="{"" if target == page else up + target + "/"}#{token.lower()}">{token}</a>'
