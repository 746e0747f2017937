"""Many calls: one operation with thousands of inputs, in memory, from file to file, and on a cluster."""

from __future__ import annotations

from ._openai.bulk.embed import Embedded as Embedded
from ._openai.bulk.embed import aembed as aembed
from ._openai.bulk.embed import embed as embed
from ._openai.bulk.errors import BulkError as BulkError
from ._openai.bulk.errors import SourceError as SourceError
from ._openai.bulk.errors import TargetError as TargetError
from ._openai.bulk.errors import UnreachableError as UnreachableError
from ._openai.bulk.mapping import amap as amap
from ._openai.bulk.mapping import map as map
from ._openai.bulk.row import Result as Result
from ._openai.bulk.run import arun as arun
from ._openai.bulk.run import run as run
from ._openai.bulk.summary import DryRun as DryRun
from ._openai.bulk.summary import Summary as Summary
from ._openai.bulk.worker import Worker as Worker
