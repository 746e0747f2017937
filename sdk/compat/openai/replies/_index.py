"""The names that decoders need, those of `sdk.models`."""

from sdk.models._index import ALIASES as ALIASES
from sdk.models._index import KEPT as KEPT
