"""What a reply's bytes mean where JSON libraries differ."""

from __future__ import annotations

from typing import Any

import pytest

from sdk._core.reply.decode import has_long_digits, parse
from sdk.errors import APIResponseError


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('{"n": 9223372036854775807}', {"n": 9223372036854775807}),
        ('{"n": 18446744073709551616}', {"n": 18446744073709551616}),
        ('{"n": -' + "9" * 30 + "}", {"n": -int("9" * 30)}),
        ('{"id": "' + "1" * 40 + '"}', {"id": "1" * 40}),
        ('{"f": 0.1234567890123456789012}', {"f": 0.1234567890123456789012}),
    ],
)
def test_numbers_are_never_rounded(written: str, value: Any, as_text: bool) -> None:
    """An integer of any size comes out as it was written."""
    assert parse(written if as_text else written.encode(), "", {}) == value


@pytest.mark.parametrize("digits", [18, 19, 40])
def test_long_numbers_are_found_wherever_they_begin(digits: int) -> None:
    """Nineteen digits in a row are found at each offset, after short numbers too; eighteen are not."""
    for before in range(20):
        text = "1" * min(before, 17) + "x" * (before % 7 + 1) + "9" * digits + "x1"
        assert [has_long_digits(text), has_long_digits(text.encode())] == [digits >= 19] * 2


def test_nan_is_read() -> None:
    """Some servers write NaN, which is no JSON; the reply is read all the same."""
    assert str(parse(b'{"n": NaN}', "", {})) == "{'n': nan}"


def test_an_integer_that_python_does_not_read_is_a_typed_error() -> None:
    """Five thousand digits are too many for Python by default."""
    with pytest.raises(APIResponseError, match="the reply is not JSON"):
        parse(b'{"n": ' + b"9" * 5000 + b"}", "", {})
