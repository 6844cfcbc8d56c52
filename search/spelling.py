"""Did you mean: what a person seems to have meant, out of names that the ledger has.

Most slips in Chinese are homophones (社报 for 社保) or pinyin left as typed (shebao); the
rest is a wrong or missing character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from search import query as q
from search.pinyin import spellings, syllables
from search.text import fold

MAX_CHUNKS = 6
_HOMOPHONE = 0.5


def chunks(query: q.Query) -> tuple[str, ...]:
    """The pieces of the query that may be misspelt, as typed."""
    texts = [text.text for text in q.positive(query) if not isinstance(text, q.Prefix)]
    pieces = dict.fromkeys(piece for text in texts for piece in text.split())
    return tuple(piece for piece in pieces if 2 <= len(piece) <= 32)[:MAX_CHUNKS]


def mend(chunk: str, names: Iterable[str]) -> str | None:
    """The stretch of some name that is most like the chunk; None where none is."""
    wanted = fold(chunk)
    best: tuple[float, str] | None = None
    for name in names:
        for stretch in _stretches(fold(name), len(wanted), spelt=wanted.isascii()):
            distance = _distance(wanted, stretch)
            if distance is not None and (best is None or distance < best[0]):
                best = distance, stretch
    return best[1] if best else None


def _stretches(name: str, length: int, *, spelt: bool) -> Iterator[str]:
    """Pieces of a name that may be compared: for pinyin all its beginnings, otherwise
    those of about the chunk's length, the equally long ones first."""
    if spelt:
        yield from (name[:end] for end in range(2, min(len(name), length) + 1))
        return
    for size in (length, length + 1, length - 1):
        for start in range(max(0, len(name) - size + 1)):
            yield name[start : start + size]


def _distance(wanted: str, stretch: str) -> float | None:
    """How far the stretch is from what was typed; None: too far, or nothing to mend."""
    if stretch == wanted or len(stretch) < 2:
        return None
    if wanted.isascii():
        return _HOMOPHONE if wanted in spellings(stretch) else None
    if len(stretch) == len(wanted) and syllables(stretch) == syllables(wanted):
        return _HOMOPHONE
    allowed = 1 if len(wanted) < 8 else 2
    if len(wanted) < 3 or abs(len(wanted) - len(stretch)) > allowed:
        return None
    steps = _edits(wanted, stretch)
    return float(steps) if steps <= allowed else None


def _edits(a: str, b: str) -> int:
    """Insertions, removals, replacements and swaps of neighbours between two short texts."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before = before, row
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if older and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
