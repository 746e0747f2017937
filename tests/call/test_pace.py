"""The pace of a scope, on a virtual clock."""

from __future__ import annotations

import time

import pytest

from sdk._core.call.pace import Pace

from .virtual import World

SERVERS = ((25, 300, 100), (100, 800, 200))
_ANSWERS = pytest.mark.parametrize("answer", [0.001, 3.0])
_SERVER = pytest.mark.parametrize(("rate", "calls", "at_once"), SERVERS)


@_ANSWERS
@_SERVER
@pytest.mark.parametrize(
    ("seconds", "most", "longer", "more"),
    [(0.2, 0.10, 1.15, 0.5), (1.0, 0.20, 1.15, 0.0), (0.0, 1.0, 1.7, 0.0)],
    ids=["a fifth of a second", "a second", "one call"],
)
def test_few_calls_are_refused_and_the_time_is_nearly_ideal(
    rate: int, calls: int, at_once: int, answer: float, seconds: float, most: float, longer: float, more: float
) -> None:
    """By the size of the server's bucket: the share of refusals, and the time over the ideal."""
    for seed in range(3):
        bucket = max(1.0, rate * seconds)
        world = World(rate, bucket, calls, at_once, answer, seed=seed).run()
        assert world.done == calls
        assert world.refused <= most * calls
        assert world.now <= longer * (world.ideal + answer) + (more + answer if more else 0.0)


@_ANSWERS
@_SERVER
@pytest.mark.parametrize("seconds", [0.2, 1.0])
def test_refusals_that_come_late(rate: int, calls: int, at_once: int, answer: float, seconds: float) -> None:
    """What the server accepts is counted by when it was sent, so that a tenth of a second more does not confuse."""
    for seed in range(3):
        world = World(rate, rate * seconds, calls, at_once, answer, refusal=0.1, seed=seed).run()
        assert world.done == calls
        assert world.refused <= 0.55 * calls
        assert world.now <= 1.15 * (world.ideal + answer + 0.1)


@_SERVER
@pytest.mark.parametrize("seconds", [0.2, 1.0])
def test_a_server_that_tells_its_limit_refuses_next_to_nothing(
    rate: int, calls: int, at_once: int, seconds: float
) -> None:
    """Its headers set the rate before it refuses."""
    for seed in range(3):
        world = World(rate, rate * seconds, calls, at_once, reported=True, seed=seed).run()
        assert world.done == calls
        assert world.refused <= 0.01 * calls
        assert world.now <= 1.15 * world.ideal


@pytest.mark.parametrize("late", [0.005, 0.01, 0.02])
@_SERVER
def test_late_timers_cost_a_bucket_of_one_call_little(rate: int, calls: int, at_once: int, late: float) -> None:
    """After a refusal the next call does not wait a whole interval, so that a late one is made up for."""
    worlds = [World(rate, 1.0, calls, at_once, late=late, seed=seed).run() for seed in range(3)]
    assert all(world.done == calls and world.refused <= 0.15 * calls for world in worlds)
    assert all(world.now <= 1.5 * world.ideal for world in worlds)


def test_after_a_refusal_of_a_small_bucket_the_next_call_goes_soon() -> None:
    """The refused call took nothing from the bucket; a larger one refills while calls wait a whole interval."""
    for accepted, share in ((2, 0.5), (3, 1.0)):
        pace = Pace()
        numbers = [pace.sent(5.0) for _ in range(6)]
        for number in numbers[accepted:]:
            pace.refused(5.01, number, 5.0, 1.0)
        now = 5.5
        for _ in range(4):
            now = max(now, pace.when(now))
            number = pace.sent(now)
        pace.refused(now, number, now, 1.0)
        assert pace.rate is not None
        assert pace.when(now) == pytest.approx(now + share / pace.rate)


def _started(refused: tuple[int, ...]) -> Pace:
    """Return a pace after a start of six calls, of which these were refused, in the order of their answers."""
    pace = Pace()
    for _ in range(6):
        pace.sent(5.0)
    for number in refused:
        pace.refused(5.01, number, 5.0, 1.0)
    return pace


def test_one_refusal_after_another_does_not_pause_a_small_bucket() -> None:
    """A server that was busy takes several calls at once, and accepts one; only after four intervals do all wait."""
    pace, now = _started((2, 3, 4, 5, 6)), 5.01
    waits: list[float] = []
    while not waits or waits[-1] < 1.0:
        now = max(now, pace.when(now))
        pace.refused(now, pace.sent(now), now, 1.0)
        waits.append(pace.when(now) - now)
    assert waits == pytest.approx([0.5 / 6, 0.5 / 9, 1.0])  # half an interval, twice; the rate grows meanwhile


def test_refusals_that_overtake_each_other_make_no_large_bucket() -> None:
    """The fourth call is the first that is known to be refused; then so are the second and the third."""
    in_order, overtaken = _started((2, 3, 4, 5, 6)), _started((4, 2, 3, 5, 6))
    found = []
    for pace in (in_order, overtaken):
        now = pace.when(5.01)
        pace.sent(now)
        now = max(now + 2.0, pace.when(now))
        number = pace.sent(now)
        rate = pace.rate
        pace.refused(now, number, now, 1.0)
        assert rate is not None
        assert pace.rate is not None
        found.append(pace.rate / rate)
    assert found == pytest.approx([0.8, 0.8])  # as a small bucket is cut


def test_without_a_limit_all_calls_are_soon_on_the_wire() -> None:
    """500 calls whose answers take five seconds: the start doubles each 50 ms, and takes a third of a second."""
    world = World(1e6, 1e6, 500, 500, answer=5.0, late=0.0).run()
    assert (world.done, world.refused) == (500, 0)
    assert 0.3 < world.last_sent < 0.35


def test_after_the_start_nothing_is_held_back() -> None:
    """A second after its first call a client may send any number at once."""
    pace = Pace()
    pace.sent(10.0)
    pace.answered(1)
    pace.sent(11.5)
    assert pace.open
    for _ in range(1000):
        assert pace.when(11.5) <= 11.5
        pace.sent(11.5)


def test_the_start_lets_six_calls_go_and_one_more_for_each_answer() -> None:
    """The seventh waits for the doubling, or for an answer."""
    pace = Pace()
    for _ in range(6):
        assert pace.when(5.0) <= 5.0
        pace.sent(5.0)
    assert pace.when(5.0) == pytest.approx(5.0 + 0.05 * 0.2224, abs=1e-4)  # 2 ** 0.2224 is 7 / 6
    pace.answered(1)
    assert pace.when(5.0) <= 5.0


def test_all_calls_pause_where_nothing_was_accepted() -> None:
    """The first call is refused: nobody goes before its Retry-After has passed, and then the start begins anew."""
    pace = Pace()
    number = pace.sent(5.0)
    pace.refused(5.1, number, 5.0, 30.0)
    assert (pace.when(5.2), pace.progress, pace.rate) == (35.1, 0, None)
    for _ in range(6):
        assert pace.when(35.2) <= 35.2
        pace.sent(35.2)


def test_an_accepted_call_ends_a_pause() -> None:
    """It was sent after the refused one, so the server has room again; an older one says nothing."""
    pace = Pace()
    first, second = pace.sent(5.0), pace.sent(5.0)
    pace.refused(5.1, first, 5.0, 30.0)
    assert pace.when(5.2) == 35.1
    pace.answered(first)
    assert pace.when(5.2) == 35.1
    pace.answered(second)
    assert pace.when(5.2) <= 5.2


def test_a_burst_of_refusals_cuts_the_rate_once() -> None:
    """Those calls were sent before the rate was cut, so they say nothing of the new one."""
    pace = Pace()
    now = 5.0
    numbers = [pace.sent(now) for _ in range(6)]
    for number in numbers[2:]:
        pace.refused(now + 0.01, number, now, 1.0)
        assert pace.rate == 4.0  # two accepted in less than half a second
    assert pace.when(now + 0.01) == pytest.approx(now + 0.01 + 0.25)


def test_a_rate_that_no_server_minds_is_forgotten() -> None:
    """The limit is gone: the rate grows until it holds nothing back, and then nothing is computed any more."""
    world = World(25, 5, 60, 30).run()
    assert world.pace.rate is not None
    now = world.now
    for _ in range(20_000):
        now = max(now, world.pace.when(now))
        world.pace.sent(now)
    assert world.pace.open
    assert world.pace.when(now) <= now


def test_a_decision_costs_the_same_however_many_came_before() -> None:
    """A hundred thousand calls take at most four times as long per call as a thousand."""

    def seconds(count: int) -> float:
        pace, now, began = Pace(), 0.0, time.process_time()
        for number in range(1, count + 1):
            now = max(now, pace.when(now))
            pace.sent(now)
            if number % 50 == 0:
                pace.refused(now, number, now, 1.0)
        return (time.process_time() - began) / count

    assert seconds(100_000) < 4 * min(seconds(1_000) for _ in range(5))


def test_after_a_stall_the_start_goes_on_step_by_step() -> None:
    """The program did nothing for half a second: twice as many may go, and the others a little later."""
    pace = Pace()
    for _ in range(6):
        pace.sent(5.0)
    sent = 6
    while pace.when(5.5) <= 5.5:
        pace.sent(5.5)
        sent += 1
    assert sent == 14  # the first one of them looked, and found seven
    assert pace.when(5.5) == 5.545
    while pace.when(5.546) <= 5.546:
        pace.sent(5.546)
        sent += 1
    assert sent == 30


def test_a_bucket_of_one_call_cuts_little() -> None:
    """Timers are late, and such a bucket evens nothing out: what it accepts is no measure of its rate."""
    pace = Pace()
    now = 5.0
    numbers = [pace.sent(now) for _ in range(6)]
    for number in numbers[1:]:
        pace.refused(now + 0.01, number, now, 1.0)
    now += 0.5
    while pace.rate is not None and pace.rate < 50:
        now = max(now, pace.when(now))
        number = pace.sent(now)
    pace.refused(now, number, now, 1.0)
    for accepted, least in ((6, 0.97), (3, 0.8)):
        assert pace.rate is not None
        for _ in range(accepted + 1):
            now = max(now, pace.when(now)) + 0.03  # later than asked, by more than the interval
            number = pace.sent(now)
        rate = pace.rate
        pace.refused(now, number, now, 1.0)
        assert pace.rate == pytest.approx(rate * least)
