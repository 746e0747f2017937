# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
from typing import Any

from .. import _replies as _r
from sdk import models as _m
from sdk import params as _p
from .._replies import ComparisonFilter as ComparisonFilter, CompoundFilter as CompoundFilter, Reasoning as Reasoning, ResponseFormatText as ResponseFormatText
from sdk.models import CustomToolInputFormat as CustomToolInputFormat, DecisionInputJSON as DecisionInputJSON, DecisionQuestionInputImage as DecisionQuestionInputImage, DecisionQuestionInputPart as DecisionQuestionInputPart, DecisionQuestionInputText as DecisionQuestionInputText

AllModels = str
ChatModel = str
ErrorObject = _m.Error
FunctionDefinition = _m.FunctionObject
FunctionParameters = Any
Metadata = Any
OAuthErrorCode = str
ReasoningEffort = str
ResponseFormatJSONObject = _r.ResponseFormatJsonObject
ResponseFormatJSONSchema = _m.ResponseFormatJsonSchema
ResponseFormatTextGrammar = Any
ResponseFormatTextPython = Any
ResponsesModel = str
