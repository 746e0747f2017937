"""What an operation takes, as data: for programs that are made from operations, and for consoles.

Nothing of it loads with a call.
"""
