"""The shop's orders."""

from dataclasses import dataclass, field


@dataclass
class OrderBook:
    """Orders by number, with their status."""

    orders: dict[int, str] = field(default_factory=lambda: {4711: "packed", 4712: "shipped"})

    def order_status(self, number: int) -> str:
        """Look up how far an order is: packed, shipped or cancelled."""
        return self.orders.get(number, f"there is no order {number}")

    def cancel_order(self, number: int) -> str:
        """Cancel an order that has not been shipped."""
        if self.orders.get(number) != "packed":
            return f"order {number} cannot be cancelled: {self.order_status(number)}"
        self.orders[number] = "cancelled"
        return f"order {number} is cancelled"
