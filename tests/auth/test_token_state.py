"""When a token is used, fetched, waited for or missing, on a clock of the test's."""

import pytest

from sdk._core.auth.token_state import Token, TokenState


def state(lifetime: float | None, *, early: float = 300.0) -> TokenState:
    """Return a state with the token "a", which was asked for at the time 0."""
    made = TokenState(early)
    assert made.decide(0.0) == ("fetch", "")
    made.fetched(Token("a", lifetime), 0.0)
    return made


def test_one_caller_fetches() -> None:
    """The first caller fetches; those after it wait."""
    made = TokenState(300.0)
    assert [made.decide(0.0)[0] for _ in range(3)] == ["fetch", "wait", "wait"]


@pytest.mark.parametrize(
    ("lifetime", "early", "renews"), [(3600.0, 300.0, 3300.0), (400.0, 300.0, 200.0), (3600.0, 0.0, 3600.0)]
)
def test_a_token_is_renewed_before_its_end(lifetime: float, early: float, renews: float) -> None:
    """It is renewed `early` seconds before its end, and not before half of its lifetime."""
    made = state(lifetime, early=early)
    assert made.fresh(renews - 0.1) == "a"
    assert made.fresh(renews) is None
    assert made.decide(renews - 0.1) == ("use", "a")
    assert made.decide(renews) == ("fetch", "")


def test_others_use_the_old_token_meanwhile() -> None:
    """While one caller renews the token, nobody waits for it before its end."""
    made = state(3600.0)
    assert made.decide(3400.0) == ("fetch", "")
    assert made.decide(3400.0) == ("use", "a")
    assert made.decide(3600.0) == ("wait", "")


def test_a_token_without_an_end() -> None:
    """It is used for ever."""
    assert state(None).decide(1e12) == ("use", "a")


def test_a_token_that_seems_to_have_ended_is_used() -> None:
    """Where one of two clocks is wrong, a new token is used for a minute, and not fetched by every call."""
    made = state(-7200.0)
    assert made.decide(29.0) == ("use", "a")
    assert made.decide(61.0) == ("fetch", "")


def test_a_source_that_fails_is_asked_less_and_less() -> None:
    """The pauses are doubled up to half a minute; the callers meanwhile get the error."""
    made, now, pauses = TokenState(300.0), 0.0, []
    for _ in range(7):
        assert made.decide(now)[0] == "fetch"
        pauses.append(made.failed(now))
        assert made.decide(now + pauses[-1] - 0.1) == ("fail", "")
        now += pauses[-1]
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_a_source_may_ask_for_a_longer_pause() -> None:
    """Retry-After is obeyed."""
    made = TokenState(300.0)
    made.decide(0.0)
    assert made.failed(0.0, 90.0) == 90.0
    assert made.decide(89.0)[0] == "fail"
    assert made.decide(90.0)[0] == "fetch"


def test_a_failed_renewal_leaves_the_old_token() -> None:
    """The old token is used up to its end; then the error is told."""
    made = state(3600.0)
    assert made.decide(3599.5)[0] == "fetch"
    made.failed(3599.5)
    assert made.decide(3599.9) == ("use", "a")
    assert made.decide(3600.1) == ("fail", "")


def test_a_caller_that_gives_up_leaves_the_next_one_to_fetch() -> None:
    """An interrupted fetch is no failure of the source."""
    made = TokenState(300.0)
    made.decide(0.0)
    made.abandoned()
    assert made.decide(0.0)[0] == "fetch"


def test_a_refused_token_is_fetched_again() -> None:
    """The caller whose token was refused drops it; the next attempt fetches."""
    made = state(3600.0)
    assert made.refused("a", 5.0)
    assert made.decide(5.0)[0] == "fetch"


def test_a_token_that_was_replaced_meanwhile_is_no_reason_to_fetch() -> None:
    """Fifty callers whose old token was refused lead to one new token."""
    made = state(3600.0)
    assert made.refused("a", 5.0)
    assert made.refused("a", 5.0)
    made.decide(5.0)
    made.fetched(Token("b", 3600.0), 5.0)
    assert made.refused("a", 5.1)
    assert made.decide(5.1) == ("use", "b")


def test_new_tokens_that_are_refused_do_not_drain_the_source() -> None:
    """A second refusal soon after the first does not lead to another token; a later one does."""
    made = state(3600.0)
    made.refused("a", 5.0)
    made.decide(5.0)
    made.fetched(Token("b", 3600.0), 5.0)
    assert not made.refused("b", 6.0)
    assert made.decide(6.0) == ("use", "b")
    assert made.refused("b", 16.0)
