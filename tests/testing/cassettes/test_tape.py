"""What a tape's file says of requests that are out of the ordinary, and that long tapes are written fast."""

from pathlib import Path
from typing import Any

import pytest

from sdk.testing.cassettes import tape
from sdk.testing.cassettes.tape import Interaction, TapeRequest, TapeResponse, load, save

JSON = {"content-type": "application/json"}
URL = "http://test/v1/some/path"


def interaction(body: bytes, *pieces: bytes, kind: str = "application/json") -> Interaction:
    """Return a request with a body, and its response."""
    request, secrets = TapeRequest.of("POST", URL, JSON, body)
    return Interaction(request, TapeResponse.of(200, [("content-type", kind)], pieces, secrets))


@pytest.mark.parametrize("body", [b"{}", b"[]", b'""', b"0", b"null", b"false"])
def test_a_request_that_says_little_is_known_again(tmp_path: Path, body: bytes) -> None:
    """The JSON body of a request is on the tape even if it is empty."""
    one = interaction(body, b"1")
    save(tmp_path / "one.yaml", [one])
    assert load(tmp_path / "one.yaml") == [one]


def test_a_lone_surrogate_does_not_spoil_the_tape(tmp_path: Path) -> None:
    """What YAML cannot hold as data is kept as it came, and the tape can be read."""
    one = interaction(rb'{"text":"\ud800"}', b"1")
    save(tmp_path / "one.yaml", [one])
    assert load(tmp_path / "one.yaml") == [one]


def test_a_key_that_came_in_two_pieces_is_not_written_down(tmp_path: Path) -> None:
    """A stream's pieces may part a key anywhere; one without secrets keeps its pieces."""
    headers = {**JSON, "authorization": "Bearer some-opaque-key"}
    request, secrets = TapeRequest.of("POST", URL, headers, b"1")
    events = [("content-type", "text/event-stream")]
    response = TapeResponse.of(200, events, [b"data: some-op", b"aque-key\n\n", b"data: 2\n\n"], secrets)
    save(tmp_path / "one.yaml", [Interaction(request, response)])
    assert b"".join(load(tmp_path / "one.yaml")[0].response.pieces) == b"data: REDACTED\n\ndata: 2\n\n"
    harmless = [b"data: 1", b"\n\n"]
    assert TapeResponse.of(200, events, harmless, secrets).pieces == harmless


def test_what_follows_a_text_that_ends_in_empty_lines_is_another_interaction(tmp_path: Path) -> None:
    """Texts that end in empty lines, or in dots, are whole, whether something follows or not."""
    rows = [interaction(b"1", text, kind="text/plain") for text in (b"a\n\n\n", b"b\nand so on...\n", b"c\n...\n\n")]
    for known in (rows, rows[::-1], [rows[0]] * 2):
        save(tmp_path / "one.yaml", known)
        assert load(tmp_path / "one.yaml") == known


def test_a_long_tape_costs_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each interaction is turned into YAML once, however often the tape is written."""
    made: list[Interaction] = []
    write = tape._to_row

    def counted(one: Interaction) -> dict[str, Any]:
        made.append(one)
        return write(one)

    monkeypatch.setattr(tape, "_to_row", counted)
    rows: list[Interaction] = []
    for number in range(20):
        rows.append(interaction(b"%d" % number, b"text", kind="text/plain"))
        save(tmp_path / "one.yaml", rows)
    assert made == rows == load(tmp_path / "one.yaml")
