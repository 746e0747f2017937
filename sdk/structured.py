"""Types as servers are asked for them: the JSON schema that is sent for a type, and the value in an answer."""

from __future__ import annotations

from ._core.operation.parse import output_type_of as output_type_of
from ._core.operation.schema import DoesNotFit as DoesNotFit
from ._core.operation.schema import OutputType as OutputType
