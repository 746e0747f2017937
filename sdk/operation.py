"""An operation of the API as one object, with `sync`, `asyncio`, their detailed forms, `request`, streams and pages.

Generated code decorates a function that only builds the request; every form has its signature.
"""

from __future__ import annotations

from ._core.operation import BinaryOperation as BinaryOperation
from ._core.operation import EndpointSpec as EndpointSpec
from ._core.operation import Operation as Operation
from ._core.operation import PagedOperation as PagedOperation
from ._core.operation import Request as Request
from ._core.operation import RequestOptions as RequestOptions
from ._core.operation import binary as binary
from ._core.operation import operation as operation
from ._core.operation import paged as paged
from ._core.operation.streaming import OnlyStreamingOperation as OnlyStreamingOperation
from ._core.operation.streaming import PagedStreamingOperation as PagedStreamingOperation
from ._core.operation.streaming import StreamingBinaryOperation as StreamingBinaryOperation
from ._core.operation.streaming import StreamingOperation as StreamingOperation
from ._core.operation.streaming import only_streaming as only_streaming
from ._core.operation.streaming import paged_streaming as paged_streaming
from ._core.operation.streaming import streaming as streaming
from ._core.operation.streaming import streaming_binary as streaming_binary
from ._core.operation.structured import StructuredOperation as StructuredOperation
from ._core.operation.structured import structured as structured
