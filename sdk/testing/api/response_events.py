"""The typed events of a streamed response."""

from collections.abc import Iterator
from itertools import count, zip_longest

from ..media.text import pieces
from .state import JSON
from .turn import argument_pieces


def events(response: JSON) -> Iterator[JSON]:
    """Yield the events that lead to a finished response, numbered from 0."""
    numbers = count()
    for event in _events(response):
        yield {**event, "sequence_number": next(numbers)}


def _events(response: JSON) -> Iterator[JSON]:
    started = {**response, "status": "in_progress", "output": [], "completed_at": None, "incomplete_details": None}
    started.pop("usage", None)
    yield {"type": "response.created", "response": started}
    yield {"type": "response.in_progress", "response": started}
    for index, item in enumerate(response["output"]):
        yield from _message(item, index) if item["type"] == "message" else _function_call(item, index)
    yield {"type": f"response.{response['status']}", "response": response}


def _message(item: JSON, index: int) -> Iterator[JSON]:
    started = {**item, "status": "in_progress", "content": []}
    yield {"type": "response.output_item.added", "output_index": index, "item": started}
    for content_index, part in enumerate(item["content"]):
        where = {"item_id": item["id"], "output_index": index, "content_index": content_index}
        empty = {**part, "text": "", "logprobs": []}
        yield {"type": "response.content_part.added", **where, "part": empty}
        for piece, logprob in zip_longest(pieces(part["text"]), part["logprobs"]):
            logprobs = [logprob] if logprob else []
            yield {"type": "response.output_text.delta", **where, "delta": piece, "logprobs": logprobs}
        yield {"type": "response.output_text.done", **where, "text": part["text"], "logprobs": part["logprobs"]}
        yield {"type": "response.content_part.done", **where, "part": part}
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _function_call(item: JSON, index: int) -> Iterator[JSON]:
    started = {**item, "status": "in_progress", "arguments": ""}
    where = {"item_id": item["id"], "output_index": index}
    yield {"type": "response.output_item.added", "output_index": index, "item": started}
    for piece in argument_pieces(item["arguments"]):
        yield {"type": "response.function_call_arguments.delta", **where, "delta": piece}
    yield {
        "type": "response.function_call_arguments.done",
        **where,
        "name": item["name"],
        "arguments": item["arguments"],
    }
    yield {"type": "response.output_item.done", "output_index": index, "item": item}
