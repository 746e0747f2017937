"""Upload files that are too large for one request: in parts, several at once, resumable."""

from __future__ import annotations

from ._openai.uploads import UploadOptions as UploadOptions
from ._openai.uploads import UploadState as UploadState
from ._openai.uploads import aupload_large as aupload_large
from ._openai.uploads import upload_large as upload_large
from ._openai.vector_store_plan import VectorStoreUploadOptions as VectorStoreUploadOptions
from ._openai.vector_store_upload import VectorStoreUpload as VectorStoreUpload
