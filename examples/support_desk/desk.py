"""The desk: one conversation with one customer."""

from collections.abc import Callable

from sdk import ChatSession, Client
from sdk.errors import APIError

from .handbook import Handbook
from .orders import OrderBook

_MODEL = "gpt-4o-mini"
_RULES = "You are the support desk of a bicycle shop. Look things up before you answer. Be brief and friendly."
SORRY = "I am sorry, I cannot look that up just now. Please ask again in a minute."


class Desk:
    """Answer a customer's questions with the handbook and the order book."""

    def __init__(self, client: Client, orders: OrderBook | None = None) -> None:
        self.orders = orders or OrderBook()
        self.handbook = Handbook(client)
        self._chat = ChatSession(
            client,
            _MODEL,
            messages=[{"role": "system", "content": _RULES}],
            tools=[self.search_handbook, self.orders.order_status, self.orders.cancel_order],
        )

    def search_handbook(self, question: str) -> str:
        """Search the shop's handbook for what it says about a question."""
        found = self.handbook.search(question)
        return f"{found.title}: {found.text}"

    def answer(self, question: str, show: Callable[[str], None] = lambda text: None) -> str:
        """Answer a question, and show the answer as it arrives.

        If the server fails, apologise to the customer; the conversation continues without that question.
        """
        try:
            reply = self._chat.run(question, on_chunk=lambda chunk: show(chunk.content))
        except APIError:
            return SORRY
        return reply.text
