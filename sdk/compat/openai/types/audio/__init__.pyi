# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
from typing import Any

from .. import _replies as _r
from sdk import models as _m
from sdk import params as _p
from .._replies import Transcription as Transcription, TranscriptionDiarized as TranscriptionDiarized, TranscriptionVerbose as TranscriptionVerbose, Translation as Translation, TranslationVerbose as TranslationVerbose, VoiceDeleted as VoiceDeleted
from sdk.models import TranscriptionDiarizedSegment as TranscriptionDiarizedSegment, TranscriptionLanguage as TranscriptionLanguage, TranscriptionSegment as TranscriptionSegment, TranscriptionWord as TranscriptionWord

SpeechCreateParams = Any
SpeechModel = str
TranscriptionCreateParams = Any
TranscriptionCreateResponse = _r.CreateTranscriptionResponse
TranscriptionInclude = str
TranscriptionStreamEvent = Any
TranscriptionTextDeltaEvent = Any
TranscriptionTextDoneEvent = Any
TranscriptionTextSegmentEvent = Any
TranslationCreateParams = Any
TranslationCreateResponse = _r.CreateTranslationResponse
Voice = _r.VoiceResource
VoiceConsent = _r.VoiceConsentResource
VoiceConsentCreateParams = Any
VoiceConsentDeleted = _r.VoiceConsentDeletedResource
VoiceConsentListParams = Any
VoiceConsentUpdateParams = Any
VoiceCreateParams = Any
