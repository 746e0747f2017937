"""A request as the server received it, for tests to inspect."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, QueryParams

from ..description.operations import operation_of, path_parameters


@dataclass(frozen=True)
class RecordedRequest:
    """A request as it came over the wire, with its whole body."""

    method: str
    path: str
    query: QueryParams
    headers: Headers
    body: bytes

    def json(self) -> Any:
        """Decode the body as JSON. Raises ValueError if it is not JSON."""
        return json.loads(self.body)

    @cached_property
    def operation(self) -> str | None:
        """The operation's name, such as "chat.create"; None if the API has no such operation."""
        return operation_of(self.method, self.path, str(self.query))

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the path, the query and the body, by name; a file of a form is its bytes."""
        found: dict[str, Any] = dict(path_parameters(self.operation, self.path)) if self.operation else {}
        found.update(self.query)
        media_type = self.headers.get("content-type", "").partition(";")[0]
        if media_type == "multipart/form-data":
            from .multipart import read_parts

            for name, part in read_parts(self.headers["content-type"], self.body):
                found[name.removesuffix("[]")] = part.content if part.filename is not None else part.text
        elif media_type == "application/x-www-form-urlencoded":
            found.update(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))
        else:
            try:
                body = self.json()
            except ValueError:
                body = None
            if isinstance(body, dict):
                found.update(body)
        return found

    @cached_property
    def text(self) -> str:
        """The body as a str, JSON without escapes: `on(contains=...)` searches it."""
        try:
            return json.dumps(self.json(), ensure_ascii=False)
        except ValueError:
            return self.body.decode(errors="replace")
