"""Change bytes as faulty servers and broken networks do, and cut them as TCP does."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st


@st.composite
def mutated(draw: st.DrawFn, originals: st.SearchStrategy[bytes], pieces: st.SearchStrategy[bytes]) -> bytes:
    """Draw an original, and change it in up to four places: insert, delete, replace, repeat."""
    data = draw(originals)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        how = draw(st.sampled_from(("insert", "delete", "replace", "repeat", "byte")))
        if how == "insert":
            data = data[:start] + draw(pieces) + data[start:]
        elif how == "delete":
            data = data[:start] + data[end:]
        elif how == "replace":
            data = data[:start] + draw(pieces) + data[end:]
        elif how == "repeat":
            data = data[:end] + data[start:]
        else:
            data = data[:start] + bytes([draw(st.integers(0, 255))]) + data[start + 1 :]
    return data


@st.composite
def segments(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """Cut bytes into pieces, none of them empty."""
    places = draw(st.one_of(st.just(range(1, len(data))), st.sets(st.integers(0, len(data)), max_size=8)))
    cuts = sorted({0, *places, len(data)})
    return [data[a:b] for a, b in pairwise(cuts)]
