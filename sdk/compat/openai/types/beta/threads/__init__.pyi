# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
from typing import Any

from ... import _replies as _r
from sdk import models as _m
from sdk import params as _p
from ..._replies import Annotation as Annotation, Run as Run

AnnotationDelta = Any
FileCitationAnnotation = _r.FileCitationBody
FileCitationDeltaAnnotation = _m.MessageDeltaContentTextAnnotationsFileCitationObject
FilePathAnnotation = _r.FilePath
FilePathDeltaAnnotation = _m.MessageDeltaContentTextAnnotationsFilePathObject
ImageFile = _m.MessageContentImageFileObjectImageFile
ImageFileContentBlock = _m.MessageContentImageFileObject
ImageFileContentBlockParam = Any
ImageFileDelta = _m.MessageDeltaContentImageFileObjectImageFile
ImageFileDeltaBlock = _m.MessageDeltaContentImageFileObject
ImageFileParam = Any
ImageURL = _m.MessageContentImageUrlObjectImageUrl
ImageURLContentBlock = _m.MessageContentImageUrlObject
ImageURLContentBlockParam = Any
ImageURLDelta = _m.MessageDeltaContentImageUrlObjectImageUrl
ImageURLDeltaBlock = _m.MessageDeltaContentImageUrlObject
ImageURLParam = Any
Message = _r.ThreadMessage
MessageContent = Any
MessageContentDelta = Any
MessageContentPartParam = Any
MessageCreateParams = Any
MessageDeleted = _r.DeleteMessageResponse
MessageDelta = _m.MessageDeltaObjectDelta
MessageDeltaEvent = _m.MessageDeltaObject
MessageListParams = Any
MessageUpdateParams = Any
RefusalContentBlock = _m.MessageContentRefusalObject
RefusalDeltaBlock = _m.MessageDeltaContentRefusalObject
RequiredActionFunctionToolCall = _m.RunToolCallObject
RunCreateParams = Any
RunListParams = Any
RunStatus = str
RunSubmitToolOutputsParams = Any
RunUpdateParams = Any
TextContentBlock = _m.MessageContentTextObject
TextContentBlockParam = Any
TextDelta = _m.MessageDeltaContentTextObjectText
TextDeltaBlock = _m.MessageDeltaContentTextObject
