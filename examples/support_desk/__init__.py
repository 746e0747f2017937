"""A support desk for a bicycle shop: it answers from a handbook, looks up orders, and cancels them."""
