"""Plain Python functions as tools: the schema comes from the signature, and arguments are checked before a call.

msgspec creates the schema and checks the arguments; it is imported with the first tool.
"""

from __future__ import annotations

from ._openai.session.tools import Outcome as Outcome
from ._openai.session.tools import Tool as Tool
from ._openai.session.tools import as_tool as as_tool
from ._openai.session.tools import definitions as definitions
from ._openai.session.tools import find as find
from ._openai.session.tools import name_of as name_of
