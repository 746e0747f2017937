"""Files: the types of uploads, and of binary replies."""

from __future__ import annotations

from ._core.files import BinaryFile as BinaryFile
from ._core.files import BinaryReply as BinaryReply
from ._core.files import File as File
from ._core.files import FileContent as FileContent
from ._core.files import FileInput as FileInput
from ._core.files import Progress as Progress
