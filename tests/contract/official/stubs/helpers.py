"""The lines of helpers: what they return follows from the methods that they call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

#: Helpers that stream events of a run.
_EVENTS = ("create_and_run_stream", "create_and_stream", "stream", "submit_tool_outputs_stream")
#: The answer of these is a value of a type of the caller: argument, parsed reply, stream.
_PARSED = {
    "chat.completions": ("response_format", "ParsedChatCompletion", "ChatCompletionStream"),
    "responses": ("text_format", "ParsedResponse", "ResponseStream"),
}


def lines(
    path: str, names: Iterable[str], replies: Mapping[str, str], arguments: Callable[[str], str], *, asynchronous: bool
) -> Iterator[str]:
    """Yield the lines of a resource's helpers; `replies` has the replies of its methods."""
    define = "    async def" if asynchronous else "    def"
    prefix = "Async" if asynchronous else ""
    for name in names:
        if path in _PARSED:
            kind, parsed, stream = _PARSED[path]
            taken = f"**arguments: Unpack[{arguments(f'{path}.create')}]"
            if name == "parse":
                yield f"{define} parse(self, *, {kind}: type[_T] | _O = ..., {taken}) -> _r.{parsed}[_T]: ..."
            else:
                first = f"{kind}: type[_T] | _O = ..."
                if path == "responses":  # which takes over a stream by its id, too
                    taken = "**arguments: Any"
                manager = f"{prefix}StreamManager[{prefix}{stream}[_T]]"
                yield f"    def stream(self, *, {first}, {taken}) -> {manager}: ..."
        elif path.startswith("beta.threads") and name in _EVENTS:
            yield f"    def {name}(self, *args: Any, **arguments: Any) -> {prefix}StreamManager[Any]: ..."
        elif name == "verify_signature":
            yield f"    def {name}(self, *args: Any, **arguments: Any) -> None: ..."
        elif name == "unwrap":
            yield f"    def {name}(self, payload: str | bytes, headers: Any, *, secret: str | None = None) -> Any: ..."
        elif name in ("parse", "stream"):
            yield f"    {name}: Any"
        else:
            yield f"{define} {name}(self, *args: Any, **arguments: Any) -> {_waited(name, replies)}: ..."


def _waited(name: str, replies: Mapping[str, str]) -> str:
    called = name.removesuffix("_and_poll").removesuffix("_poll")
    return replies.get(called) or replies.get("create") or replies.get("retrieve") or "Any"
