"""Spoken conversations: sessions, their turns, and audio."""

from __future__ import annotations

from ._openai.realtime.audio import pcm_of as pcm_of
from ._openai.realtime.audio import wav_of as wav_of
from ._openai.realtime.devices import Microphone as Microphone
from ._openai.realtime.devices import Speaker as Speaker
from ._openai.realtime.session import RealtimeSession as RealtimeSession
from ._openai.realtime.turn import Turn as Turn
