"""Where a hit has the words of a query: computed here, so that every engine shows the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search import query as q
from search.text import Folded, Segmenter, fold

FRAGMENT = 90
"""Characters shown of a long text."""
MAX_PER_FIELD = 3
"""Values shown of a field that has many (the items of an entry)."""
MAX_HIGHLIGHTS = 8

_RUN = re.compile(r"[^\W_]+")
_SHORT = re.compile("[\u4e00-\u9fff]{2}")
"""What may be short for two words of two characters: the first of each."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A piece of a field's text as it was written, and the spans in it that match."""

    field: str
    text: str
    spans: tuple[tuple[int, int], ...]


class Highlighter:
    """Marks the texts of one query."""

    def __init__(self, query: q.Query, segmenter: Segmenter) -> None:
        needles = sorted(set(_needles(query, segmenter)), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_loosely, needles))) if needles else None
        self._heads = frozenset(run[0][0] for run in map(_RUN.search, needles) if run)
        self._known: dict[str, list[tuple[int, int]]] = {}  # hits of a page have much in common
        self._segmenter = segmenter
        self._shorts = frozenset(filter(_SHORT.fullmatch, needles))
        # Any sign will do here, since the segmenter decides: to compile a class of all
        # Chinese characters takes longer than to mark a page.
        spelled_out = "|".join(f"{short[0]}.{short[1]}." for short in sorted(self._shorts))
        self._spelled_out = re.compile(spelled_out) if spelled_out else None

    def mark(self, texts: Iterable[tuple[str, str]]) -> tuple[Highlight, ...]:
        """Highlights of (field, text) pairs, in their order; each text once, in whatever
        further fields it stands."""
        if self._pattern is None:
            return ()
        found: dict[str, Highlight] = {}
        shown: dict[str, int] = {}
        for field, text in texts:
            if shown.get(field, 0) >= MAX_PER_FIELD or text in found:
                continue
            spans = self._known.get(text)
            if spans is None:
                spans = self._known[text] = self._spans(text)
            if spans:
                found[text] = _fragment(field, text, spans)
                shown[field] = shown.get(field, 0) + 1
                if len(found) == MAX_HIGHLIGHTS:
                    break
        return tuple(found.values())

    def _spans(self, text: str) -> list[tuple[int, int]]:
        plain = fold(text)
        if self._heads.isdisjoint(plain) or not (finds := self._finds(plain)):
            return []  # most texts of a hit: not worth knowing where each character came from
        folded = Folded(text)
        spans: list[tuple[int, int]] = []
        for find in finds if folded.text == plain else self._finds(folded.text):
            start, end = folded.span(*find)
            if spans and start <= spans[-1][1]:  # touching finds are one
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans

    def _finds(self, folded: str) -> list[tuple[int, int]]:
        """Where the words stand, and where what they are short for does: who asks for 社保
        sees why 社会保险 was found."""
        assert self._pattern is not None
        finds = [match.span() for match in self._pattern.finditer(folded)]
        if self._spelled_out is not None and self._spelled_out.search(folded):
            shrunk = self._segmenter.shrunk(folded)
            finds += [(start, end) for short, start, end in shrunk if short in self._shorts]
        return sorted(finds)


def _needles(query: q.Query, segmenter: Segmenter) -> Iterable[str]:
    for text in q.positive(query):
        if isinstance(text, q.Words):
            for word in segmenter.query_words(text.text):
                if not word.weak:
                    yield word.text
                    yield from word.parts
                    if word.short:
                        yield word.short
        elif _RUN.search(folded := fold(text.text)):
            yield folded + ("*" if isinstance(text, q.Prefix) else "")


def _loosely(needle: str) -> str:
    """The needle with any punctuation between its runs, at word boundaries where it is
    made of letters: id is not in identity, but 社保 is in 城镇社保缴费."""
    runs = _RUN.findall(needle)
    pattern = r"[\W_]*".join(map(re.escape, runs))
    head = r"(?<![a-z0-9])" if runs[0][0].isascii() else ""
    open_ended = needle.endswith("*") or not runs[-1][-1].isascii()
    return head + pattern + ("" if open_ended else r"(?![a-z0-9])")


def _fragment(field: str, text: str, spans: Sequence[tuple[int, int]]) -> Highlight:
    """The window of the text that shows most of the spans."""
    if len(text) <= FRAGMENT:
        return Highlight(field, text, tuple(spans))
    best = max(spans, key=lambda s: sum(s[0] <= a and b <= s[0] + FRAGMENT - 20 for a, b in spans))
    start = max(0, best[0] - 15)
    end = max(min(len(text), start + FRAGMENT), best[1])
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(head) - start
    inside = tuple((a + shift, b + shift) for a, b in spans if start <= a and b <= end)
    return Highlight(field, head + text[start:end] + tail, inside)
