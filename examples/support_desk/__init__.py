"""A support desk for a bicycle shop: it answers from its handbook, and looks orders up and cancels them."""
