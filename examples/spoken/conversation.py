"""Ask a question that was recorded, and keep the answer as a recording."""

from __future__ import annotations

from pathlib import Path

from sdk import Client, RealtimeSession
from sdk.realtime import Turn

HOURS = {"monday": "10 to 18", "saturday": "10 to 14"}


def opening_hours(day: str) -> str:
    """Return when the shop is open.

    Args:
        day: A day of the week, in English.
    """
    return HOURS.get(day.lower(), "closed")


def answer(question: Path, spoken: Path, client: Client | None = None) -> list[Turn]:
    """Say what is in one WAV file, write the answer to another, and return both turns."""
    with RealtimeSession(client, tools=[opening_hours], instructions="You answer the phone of a shop.") as session:
        session.speak(question).save(spoken)
        return session.turns
