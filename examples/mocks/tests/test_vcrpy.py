"""With vcrpy: a cassette plays what was recorded once."""

from pathlib import Path

import vcr

from ..greeting import greet

CASSETTES = vcr.VCR(
    cassette_library_dir=str(Path(__file__).with_name("cassettes")),
    filter_headers=["authorization"],  # the key never goes into a file
    record_mode=vcr.mode.NONE,  # vcr.mode.ONCE records if there is no file
)


def test_greets() -> None:
    """The recorded reply is what the program gets."""
    with CASSETTES.use_cassette("greeting.yaml") as cassette:
        assert greet("Ann") == "Hello Ann!"
    assert cassette.all_played
