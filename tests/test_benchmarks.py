"""What the benchmarks make of the values they measure, and which budgets they find broken."""

from __future__ import annotations

import pytest

from benchmarks import bulk, extras, face, pace
from benchmarks.limit import body_of
from benchmarks.limited import Bucket, Limit
from benchmarks.measure import Measured
from benchmarks.picture import svg
from benchmarks.report import page, problems
from benchmarks.scenarios import SCENARIOS, Scenario

CALL = Scenario("sync", "one call", "µs", 1, 0.5)


def _measured(scenario: Scenario = CALL, **values: list[float]) -> Measured:
    return Measured(scenario, values)


def test_a_ratio_is_taken_round_by_round() -> None:
    """A round in which the whole machine is slow does not change the ratio."""
    found = _measured(floor=[2.0, 20.0, 4.0], sdk=[1.0, 10.0, 2.0])
    assert found.ratio("sdk") == 0.5
    assert found.median("floor") == 4.0


@pytest.mark.parametrize(
    ("cost", "slack", "broken"), [(0.5, 1, False), (0.6, 1, True), (0.9, 2, False), (1.1, 2, True)]
)
def test_a_budget_is_broken_above_it(cost: float, slack: float, broken: bool) -> None:
    """A ratio above its budget, times the slack, is told; one at its budget is not."""
    reported = problems([_measured(floor=[1.0], sdk=[cost])], None, slack)
    assert reported == ([f"one call: {cost:.2f} times the floor, the budget is 0.5"] if broken else [])


def test_memory_of_the_cold_start_may_lie_above_the_floor() -> None:
    """Its budget is a distance, not a ratio."""
    rss = next(s for s in SCENARIOS if s.name == "rss")
    assert problems([_measured(rss, floor=[30e6], sdk=[38e6])], None, 1) == []
    assert len(problems([_measured(rss, floor=[30e6], sdk=[39e6])], None, 1)) == 1


def test_an_open_stream_takes_no_more_than_the_official_packages() -> None:
    """The memory of an open stream is held against the official package's, where that was measured."""
    memory = next(s for s in SCENARIOS if s.name == "memory")
    assert problems([_measured(memory, floor=[1.0], sdk=[9.0])], None, 1) == []
    reported = problems([_measured(memory, floor=[1.0], sdk=[9.0], openai=[8.0])], None, 1)
    assert reported == [f"{memory.title}: more than the official package's"]


def test_the_page_says_what_is_not_met() -> None:
    """A broken budget stands on the page, whose last line is else that all are met."""
    broken = page([_measured(floor=[1.0] * 3, sdk=[0.6] * 3)], None, 3, "make bench")
    assert broken.endswith("Not met: one call: 0.60 times the floor, the budget is 0.5.\n")
    assert page([_measured(floor=[1.0] * 3, sdk=[0.4] * 3)], None, 3, "make bench").endswith("All budgets are met.\n")


@pytest.mark.parametrize(
    ("cost", "slack", "broken"), [(10.0, 1, False), (11.0, 1, True), (39.0, 2, False), (41.0, 2, True)]
)
def test_the_limit_has_a_budget_of_its_own(cost: float, slack: float, broken: bool) -> None:
    """What costs more than so many times the limit is told, though it be below its budget of the floor."""
    scenario = Scenario("sync", "one call", "µs", 1, limit=5.0)
    reported = problems([_measured(scenario, limit=[2.0], floor=[99.0], sdk=[cost])], None, slack)
    assert reported == ([f"one call: {cost / 2:.2f} times the limit, the budget is 5"] if broken else [])


def test_the_limit_is_measured_where_it_has_a_budget() -> None:
    """Calls and decoding have one; bare aiohttp stands beside many calls at once."""
    limited = {s.name: s.limit for s in SCENARIOS if s.takes_part("limit")}
    assert limited == {
        "sync": 5.0, "sequential": 5.0, "async64": 1.8, "async500": 1.8, "decode": 3.0, "decode_large": 3.0,
    }  # fmt: skip
    assert [s.name for s in SCENARIOS if s.takes_part("aiohttp")] == ["async64", "async500"]
    assert all(s.takes_part("sdk") for s in SCENARIOS)


def test_the_page_and_the_picture_show_the_limit() -> None:
    """A second table has the ratios to the limit, with blanks for who was not measured; the picture has its bars."""
    one = _measured(Scenario("sync", "one call", "µs", 1, limit=5.0), limit=[1e-6], floor=[8e-6], sdk=[4e-6])
    many = _measured(
        Scenario("async64", "many", "µs", 1, limit=1.8, aiohttp=True),
        limit=[1e-6], aiohttp=[2e-6], floor=[8e-6], sdk=[1.5e-6],
    )  # fmt: skip
    lines = page([one, many], None, 1, "make bench").partition("## Beside the limit")[2].splitlines()
    assert "| one call | **4.00** |  | 8.00 | ≤ 5 | 1.0 µs ± 0% |  |" in lines
    assert "| many | **1.50** | 2.00 | 8.00 | ≤ 1.8 | 1.0 µs ± 0% | 2.0 µs ± 0% |" in lines
    assert lines[-1] == "All budgets are met."
    drawn = svg([one, many])
    assert ">0.50 (4.0 x limit)</text>" in drawn
    assert ">0.19 (1.5 x limit)</text>" in drawn
    assert drawn.count(">0.12</text>") == 2  # the limit's own bars
    assert "## Beside the limit" not in page([_measured(floor=[1.0], sdk=[1.0])], None, 1, "make bench")


def test_a_limit_reads_what_comes_in_pieces() -> None:
    """A response is whole when all of its length is there."""
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    assert [body_of(data[:size]) for size in (10, len(data) - 1, len(data))] == [None, None, b"{}"]


def test_the_limited_server_keeps_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bucket holds a fifth of a second, refills, and says what remains; a refusal waits a whole second."""
    now = 10.0
    monkeypatch.setattr("benchmarks.limited.time.monotonic", lambda: now)
    bucket = Bucket(Limit(25, 0.2, reported=True))
    found = [bucket.take() for _ in range(6)]
    assert [accepted for accepted, _ in found] == [True] * 5 + [False]
    assert found[0][1] == {
        "X-RateLimit-Limit-Requests": "1500",
        "X-RateLimit-Remaining-Requests": "4",
        "X-RateLimit-Reset-Requests": "40ms",
    }
    assert found[5][1]["Retry-After"] == "1"
    now = 10.05
    assert [bucket.take()[0], bucket.take()[0]] == [True, False]
    assert (bucket.accepted, bucket.refused) == (6, 2)


def test_the_page_of_the_pace_has_what_may_be() -> None:
    """Beside what is, for this SDK; the ideal time is that of the bucket and the answers together."""
    row = pace.Row("a server", Limit(25, 0.2, answer=3.0), 300, 100, 0.1, 1.15)
    assert row.ideal == pytest.approx(11.8 + 3.0)
    full = pace.Row("a server", Limit(100, 0.2, answer=3.0), 800, 200, 0.1, 1.15)
    assert full.ideal == pytest.approx(
        1.8 + 4 * 3.0
    )  # what the limit delays in the first calls, all later ones wait for
    text = pace.page({(row, "sdk"): pace.Result(0, 0.05, 15.0, 12.0), (row, "openai"): pace.Result(9, 1.5, 30.0, 20.0)})
    assert "| a server | this SDK | 0 of 300 | 5.0% (10%) | 1.01 (1.15) |" in text
    assert "| a server | openai | 9 of 300 | 150.0% | 2.03 |" in text


def test_many_calls_have_budgets() -> None:
    """More than 1.5 times bare aiohttp, or an official package that costs less than 8 times as much, is a problem."""
    fair = {"aiohttp": [(1.0, 4e7)], "sdk": [(1.4, 3e7)], "openai": [(12.0, 7e7)]}
    assert bulk._problems(fair) == []
    assert len(bulk._problems({**fair, "sdk": [(1.6, 3e7)]})) == 2
    text = bulk._page(fair, 1, 10_000)
    assert "| this SDK | 1.40 | 140 | 1.40 | 30 |" in text
    assert "The official package takes 8.6 times the CPU time of this SDK." in text


def test_the_page_of_extras_has_a_row_for_each_variant() -> None:
    """A ratio is that of a round to the defaults in the same round; a variant that was not measured has no row."""
    text = extras.page({"defaults": [10.0, 40.0, 20.0], "telemetry": [20.0, 60.0, 50.0]})
    rows = [line for line in text.splitlines() if line.startswith("| ") and "µs" not in line]
    assert rows == [
        "| defaults | pacing on, no hooks, no telemetry | 20.0 | 1.000 |",
        "| telemetry | instrumented, spans and metrics are kept in memory | 50.0 | 2.000 |",
    ]


def test_every_variant_of_extras_is_measured() -> None:
    """The table names what the worker calls."""
    clients = extras._variants("http://127.0.0.1:1/v1")
    assert [*clients, "log at INFO"] == [*sorted(extras.VARIANTS, key=lambda name: name == "log at INFO")]
    for client in clients.values():
        client.close()


@pytest.mark.parametrize(("cost", "slack", "broken"), [(1.3, 1, False), (1.4, 1, True), (2.5, 2, False)])
def test_the_face_has_a_budget(cost: float, slack: float, broken: bool) -> None:
    """What costs more through the face than the native call may is named; the official package has no budget."""
    row = face.Row("a chat call, sync", "µs", face.CALL, {"native": [10.0, 1.0], "face": [10 * cost, cost]})
    said = f"a chat call, sync costs {cost:.2f} times the native one through the face; it may cost 1.3"
    assert row.problem(slack) == (said if broken else None)


def test_the_page_of_the_face_has_blanks_for_who_is_missing() -> None:
    """Without the official package its column is empty."""
    native = {"native": [10.0], "face": [11.0]}
    rows = [face.Row("call", "µs", 1.3, native), face.Row("import", "ms", 1.5, {**native, "openai": [99.0]})]
    lines = face.page(rows).splitlines()
    assert "| call | 10.0 µs | 11.0 µs |  | **1.10** (1.3) |  |" in lines
    assert "| import | 10.0 ms | 11.0 ms | 99.0 ms | **1.10** (1.5) | 9.0 |" in lines
