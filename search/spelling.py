"""Did you mean: what a person seems to have meant, out of names that the ledger has.

Most slips in Chinese are homophones (社报 for 社保) or pinyin left as typed (shebao); the
rest is a wrong or missing character, or a short form that the ledger does not use (市监局).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from search import query as q
from search.pinyin import spellings, syllables
from search.text import Segmenter, fold

MAX_CHUNKS = 6
LONGEST = 16
"""Characters of what is offered."""
_HOMOPHONE, _ABBREVIATED = 0.5, 3.0


def chunks(query: q.Query) -> tuple[str, ...]:
    """The pieces of the query that may be misspelt, as typed."""
    texts = [text.text for text in q.positive(query) if not isinstance(text, q.Prefix)]
    pieces = dict.fromkeys(piece for text in texts for piece in text.split())
    return tuple(piece for piece in pieces if 2 <= len(piece) <= 32)[:MAX_CHUNKS]


def mend(chunk: str, names: Iterable[str], segmenter: Segmenter) -> str | None:
    """What is most like the chunk of all that stands in some name as words of it, never a torn
    one (个体工 of 个体工商户); None where nothing is."""
    wanted = fold(chunk)
    best: tuple[float, str] | None = None
    for name in names:
        for piece in _pieces(fold(name), len(wanted), segmenter):
            distance = _distance(wanted, piece)
            if distance is not None and (best is None or distance < best[0]):
                best = distance, piece
    return best[1] if best else None


def _pieces(name: str, length: int, segmenter: Segmenter) -> Iterator[str]:
    """Neighbouring words of a name, the equally long ones first."""
    starts, ends = segmenter.edges(name)
    found = {name[a:b] for a in starts for b in ends if 1 < b - a <= LONGEST}
    found = {piece for piece in found if piece.isalnum()}
    yield from sorted(found, key=lambda piece: (abs(len(piece) - length), name.index(piece)))


def _distance(wanted: str, piece: str) -> float | None:
    """How far the piece is from what was typed; None: too far, or nothing to mend."""
    if piece == wanted:
        return None
    if wanted.isascii():
        return _HOMOPHONE if wanted in spellings(piece) else None
    if len(piece) == len(wanted) and syllables(piece) == syllables(wanted):
        return _HOMOPHONE
    if min(len(wanted), len(piece)) < 3:
        return None
    allowed = 1 if len(wanted) < 8 else 2
    if abs(len(wanted) - len(piece)) <= allowed and (steps := _edits(wanted, piece)) <= allowed:
        return float(steps)
    return _ABBREVIATED + len(piece) / 100 if _abbreviates(wanted, piece) else None


def _abbreviates(short: str, long: str) -> bool:
    """市监局 of 市场监督管理局: its characters in their order, first and last as there."""
    rest = iter(long)
    ends = (short[0], short[-1]) == (long[0], long[-1])
    return ends and len(short) < len(long) <= 4 * len(short) and all(c in rest for c in short)


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
