"""The desk's own tests: no network, no key. `openai_server` and `cassette` come from the SDK's pytest plugin."""

import pytest

from sdk import Client
from sdk.testing import Cassette, LocalServer

from ..desk import SORRY, Desk
from ..handbook import Handbook


def test_finds_the_right_article(openai_server: LocalServer) -> None:
    """The search is semantic; the local server's vectors are similar if inputs share words."""
    with Client() as client:
        handbook = Handbook(client)
        assert handbook.search("how long does a repair take").title == "Repairs"
        assert handbook.search("when is the shop open").title == "Opening hours"
    assert [len(request.json()["input"]) for request in openai_server.requests] == [3, 1, 1]


def test_answers_from_the_handbook(openai_server: LocalServer) -> None:
    """The model calls the search, and receives the article before it answers."""
    openai_server.reply_tool_call("search_handbook", question="when is the shop open")
    openai_server.reply("We are closed on Sunday.")
    with Client() as client:
        assert Desk(client).answer("Are you open on Sunday?") == "We are closed on Sunday."
    last = openai_server.requests[-1].json()["messages"][-1]
    assert last["role"] == "tool"
    assert "closed on Sunday" in last["content"]


def test_shows_the_answer_as_it_arrives(openai_server: LocalServer) -> None:
    """The customer sees each piece of the stream."""
    openai_server.reply("One piece at a time.")
    shown: list[str] = []
    with Client() as client:
        Desk(client).answer("How?", shown.append)
    assert "".join(shown) == "One piece at a time."
    assert len([piece for piece in shown if piece]) == 5


def test_cancels_an_order(openai_server: LocalServer) -> None:
    """A packed order is cancelled; a shipped order is not."""
    openai_server.reply_tool_calls(("cancel_order", {"number": 4711}), ("cancel_order", {"number": 4712}))
    openai_server.reply("4711 is cancelled; 4712 is on its way.")
    with Client() as client:
        desk = Desk(client)
        desk.answer("Cancel 4711 and 4712, please.")
    assert desk.orders.orders == {4711: "cancelled", 4712: "shipped"}


def test_retries_after_a_rate_limit(openai_server: LocalServer) -> None:
    """The client retries after a rate limit; the customer does not notice."""
    openai_server.fail(429, retry_after=0)
    openai_server.reply("Here I am.")
    with Client() as client:
        assert Desk(client).answer("Hello?") == "Here I am."
    assert len(openai_server.requests) == 2


def test_apologises_for_a_broken_answer(openai_server: LocalServer) -> None:
    """A broken stream leads to an apology, and the desk answers the next question."""
    openai_server.cut_stream(after=3)
    with Client() as client:
        desk = Desk(client)
        assert desk.answer("Are you there?", print) == SORRY
        openai_server.reply("Yes.")
        assert desk.answer("And now?") == "Yes."
    assert "Are you there?" not in str(openai_server.requests[-1].json())


@pytest.mark.cassette(mode="none", path="cassettes/order.yaml")
def test_a_recorded_conversation(cassette: Cassette) -> None:
    """A recorded conversation plays without a server."""
    with Client(api_base="http://localhost:8000/v1", api_key="no-key-is-needed") as client:
        assert Desk(client).answer("What about order_status number=4711?") == "The tool answered: packed"
    assert cassette.unplayed == []
