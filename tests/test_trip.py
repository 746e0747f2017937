"""How much code a call runs through: counted, so that it is the same on every machine."""

from __future__ import annotations

from benchmarks import trip
from benchmarks.trip import CEILING, Server, Tally, Trip


def test_a_warm_blocking_call_enters_few_functions() -> None:
    """A call of the SDK stays below its ceiling, and two counts of it are equal."""
    with Server() as server:
        first, second = (trip.call("sdk", server) for _ in range(2))
    assert first.own.by_file == second.own.by_file
    assert 0 < first.own.functions <= CEILING
    assert first.own.functions <= first.all.functions


def test_the_page_tells_of_every_trip() -> None:
    """A call, a call from a coroutine and a chunk have a row each, and a line with the files entered most."""
    lines = trip.page(trip.follow(["sdk"])).splitlines()
    for title in trip.TRIPS:
        assert sum(line.startswith((f"| {title}: this SDK |", f"- {title}: this SDK: ")) for line in lines) == 2


def test_a_crossing_comes_out_of_another_file() -> None:
    """Calls within a file, and those whose caller is unknown, are entries alone."""
    tally = Tally()
    tally.add("a.py", "a.py")
    tally.add("a.py", "b.py")
    tally.add("b.py", None)
    assert (tally.functions, tally.crossings, dict(tally.by_file)) == (3, 1, {"a.py": 2, "b.py": 1})


def test_code_made_at_run_time_is_the_packages_that_calls_it() -> None:
    """A decoder of a model has no file, and is an entry of the package all the same; a lambda of others is none."""
    from sdk._core.reply.decode import to_model
    from sdk.models import CompletionUsage

    followed = Trip("sdk")
    with followed.followed():
        to_model(CompletionUsage, {"id": "", "prompt_tokens_details": {}}, "", {})
        eval("(lambda: 1)()")
    assert sum(file.startswith("<decoder of ") for file in followed.own.by_file) == 2
    assert "<string>" in followed.all.by_file.keys() - followed.own.by_file.keys()


def test_functions_of_others_are_no_functions_of_the_package() -> None:
    """The second column has what the package calls, too."""
    from sdk._core.lazy import fully_imported

    followed = Trip("sdk")
    with followed.followed():
        fully_imported("sys")
        len(list(zip((), strict=True)))
        sorted([2, 1], key=lambda n: n)
    assert [*followed.own.by_file] == [fully_imported.__code__.co_filename]
    assert followed.all.by_file[__file__] == 2
