"""Did you mean, on any engine: what to look for in the index, and what the answers come to.

advice = Advice(asked)
for look in advice.looks():
    look.seen = …
advice.text
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search import clause as clauses
from search import query as q
from search import spelling
from search import tokens as t
from search.question import Question
from search.text import Segmenter, fold

_CANDIDATES = 12
_SHORT = 40
"""Characters of a text that may be a name somebody misspelt."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether there was any, and the sources of the best."""

    any: bool
    sources: Sequence[bytes | str] = ()


@dataclass(slots=True)
class Look:
    """What an engine is to look for before the next: so many of the best documents of a clause,
    or (0) only whether there is any. What it sees it writes into `seen`."""

    clause: clauses.Clause
    best: int = 0
    seen: Seen = Seen(any=False)


@dataclass(slots=True)
class Advice:
    """`text`, once all looks are answered: the query with its unknown pieces mended, if any of
    them can be."""

    asked: Question
    text: str | None = None

    def looks(self) -> Iterator[Look]:
        asked, typed, planner = self.asked, self.asked.request.query, self.asked.planner
        text = str(typed)
        for chunk in spelling.chunks(typed):
            yield (known := Look(_shown(planner.filter(q.Words(chunk)), asked)))
            if known.seen.any:
                yield (called := Look(_shown(planner.called(chunk), asked), _CANDIDATES))
                other = _renamed(text, chunk, called.seen.sources)
                if other != text:
                    yield (found := Look(asked.wholly(other)))
                    text = other if found.seen.any else text
            else:
                yield (alike := Look(_shown(planner.similar(chunk), asked), _CANDIDATES))
                text = _mended(text, chunk, alike.seen.sources, planner.segmenter)
        self.text = text if text != str(typed) else None


def _shown(clause: clauses.Clause, asked: Question) -> clauses.Clause:
    return clauses.Bool(must=(clause,), filters=asked.visible)


def _mended(text: str, chunk: str, sources: Iterable[bytes | str], segmenter: Segmenter) -> str:
    """The text with a chunk replaced by what it seems to mean, out of the names in documents
    that are like it."""
    names: list[str] = []
    for source in sources:
        _, title, texts = t.read_source(source)
        names += [title, *(text for _, text in texts if len(text) <= _SHORT)]
    meant = spelling.mend(chunk, names, segmenter)
    return text.replace(chunk, meant) if meant else text


def _renamed(text: str, chunk: str, sources: Iterable[bytes | str]) -> str:
    """The text with another name of something for the proper one: fields that conform to an
    element are called as it is (公民身份号码), not by its synonym (身份证号)."""
    titles = (t.read_source(source)[1] for source in sources)
    proper = next((title for title in titles if fold(title) != fold(chunk)), chunk)
    return text.replace(chunk, f'"{proper}"' if " " in proper else proper)
