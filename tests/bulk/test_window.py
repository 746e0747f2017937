"""Which input is read next, and which result is handed out."""

from __future__ import annotations

from sdk._openai.bulk.window import Window


def test_results_as_they_arrive() -> None:
    """Without an order the first that arrives is the first."""
    window: Window[str] = Window(4, ordered=False)
    assert [window.read() for _ in range(3)] == [0, 1, 2]
    window.add(2, "c")
    window.add(0, "a")
    assert (window.take(), window.take(), window.take()) == ("c", "a", None)


def test_results_in_order() -> None:
    """In order, what is early waits."""
    window: Window[str] = Window(4, ordered=True)
    for _ in range(3):
        window.read()
    window.add(1, "b")
    assert (window.ready, window.take()) == (False, None)
    window.add(0, "a")
    assert (window.ready, window.take(), window.take(), window.take()) == (True, "a", "b", None)


def test_reading_ahead_is_bounded() -> None:
    """No more inputs are read than the size allows, until results are handed out."""
    window: Window[str] = Window(2, ordered=True)
    window.read()
    assert window.may_read()
    window.read()
    assert not window.may_read()
    window.add(1, "b")
    assert not window.may_read()  # it has arrived, and nobody has it
    window.add(0, "a")
    window.take()
    assert window.may_read()


def test_the_end() -> None:
    """It is finished when the source has ended and every result is handed out."""
    window: Window[str] = Window(2, ordered=False)
    window.read()
    window.end()
    assert (window.may_read(), window.finished) == (False, False)
    window.add(0, "a")
    window.take()
    assert window.finished
