"""The base of generated models: their base class, unions, named types, and decoders built from annotations.

Generated code imports only from here.
"""

from typing import TYPE_CHECKING

from ..lazy import attributes
from .base import ApiModel as ApiModel
from .base import Unknown as Unknown
from .base import changed_values as changed_values
from .base import define as define
from .base import required as required
from .values import text_at as text_at
from .values import to_date as to_date
from .values import to_datetime as to_datetime
from .values import vendor_text as vendor_text

if TYPE_CHECKING:
    from .enums import OpenIntEnum as OpenIntEnum
    from .enums import OpenStrEnum as OpenStrEnum
    from .media import MediaModel as MediaModel
    from .unions import Alias as Alias
    from .unions import Candidate as Candidate
    from .unions import ScoredUnion as ScoredUnion
    from .unions import TaggedUnion as TaggedUnion
    from .unions import members_of as members_of
else:  # for replies that contain unions, and images
    _UNIONS = ("Alias", "Candidate", "ScoredUnion", "TaggedUnion", "members_of")
    _ENUMS = dict.fromkeys(("OpenIntEnum", "OpenStrEnum"), ".enums")
    __getattr__ = attributes(__name__, {**dict.fromkeys(_UNIONS, ".unions"), **_ENUMS, "MediaModel": ".media"})
