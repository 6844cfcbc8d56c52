"""How headers are understood: which attribute or link of which class a column is.

A header is compared after folding: half width, simplified, lower case, without blanks, marks
(* for required, ：) and a remark in brackets. What it may be called stands in the ontology:
labels, names, and the further headers of attributes, links and classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import sqrt
from typing import Self

from ontology.errors import InvalidInput
from ontology.identity import fold_name
from ontology.lookup import class_named
from ontology.model import LinkType, Ontology, ResourceType

ENOUGH = 0.5
"""Share of the headers that must be understood for a table to be taken as a list of a class."""
NAMED = 0.34
"""The same where the sheet, the file or the caller names the class."""

_MARKS = re.compile(r"^[\s*＊★#]+|[\s*＊:：?？]+$")
_REMARK = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]$")


@cache
def fold_header(text: str) -> str:
    """What a header is compared by."""
    return fold_name(_MARKS.sub("", text.strip()))


@lru_cache(16_384)  # of each header for every class; of rows that may be headers, too
def variants(header: str) -> tuple[str, ...]:
    """The header as folded, then without its remark in brackets, then its first line."""
    found = [fold_header(header)]
    bare = _REMARK.sub("", _MARKS.sub("", header.strip()))
    if bare and bare != header:
        found.append(fold_header(bare))
    first = header.strip().splitlines()[0] if header.strip() else ""
    if first != header:
        found.append(fold_header(first))
    return tuple(found)


def class_of_rows(ontology: Ontology, said: str) -> str:
    """The class that the caller says the rows are of, by its name or its label; "" where
    nothing is said. Raises InvalidInput for what no row can be of."""
    if not said:
        return ""
    labels = {kind.label.zh: name for name, kind in ontology.types.items()}
    kind = class_named(ontology, labels.get(said, said))
    if kind.abstract:
        names = "、".join(
            n for n in ontology.descendants(kind.name) if not ontology.types[n].abstract
        )
        raise InvalidInput(
            f"{said} 只是统称 (an abstract class); 请用其中之一 / say which: {names}"
        )
    return kind.name


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column tells of a resource: one of its attributes, a link of it, or a link that
    points at it (`inverse`: the column names the origin). `whole` True: not of the row's own
    resource but of the one that it is a part of."""

    name: str
    link: bool = False
    inverse: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A class, and what each of the headers means for it (None: nothing). Where the rows are
    parts of something that they name, `whole` is its class and `part` the link to the row."""

    type: str
    meanings: tuple[Meaning | None, ...]
    score: float
    whole: str = ""
    part: str = ""

    @property
    def understood(self) -> int:
        return sum(meaning is not None for meaning in self.meanings)

    @property
    def coverage(self) -> float:
        """Share of the headers that mean something."""
        return self.understood / (len(self.meanings) or 1)


@dataclass(frozen=True)
class Vocabulary:
    """All that headers may say, by class; made once per ontology."""

    ontology: Ontology
    words: Mapping[str, Mapping[str, Meaning]]  # class → folded header → meaning
    common: Mapping[str, int]  # folded header → number of families that know it

    @classmethod
    def of(cls, ontology: Ontology) -> Self:
        words = {
            kind.name: _words(kind, ontology)
            for kind in ontology.types.values()
            if not kind.abstract
        }
        families: dict[str, set[str]] = {}
        for name, known in words.items():
            for word in known:
                families.setdefault(word, set()).add(ontology.types[name].family)
        return cls(ontology, words, {word: len(found) for word, found in families.items()})

    def meaning(self, type: str, header: str) -> Meaning | None:
        """What this header means for the class."""
        words = self.words[type]
        return next((words[word] for word in variants(header) if word in words), None)

    def read(self, headers: Sequence[str], type: str) -> Reading:
        """The headers as those of a list of the class."""
        own = self._assigned(headers, type)
        readings = [Reading(type, own, self._score(headers, own))]
        for link in self.ontology.links_to(type):
            if link.part_of:
                readings.extend(self._of_wholes(headers, type, own, link))
        return max(readings, key=lambda reading: reading.score)

    def _assigned(self, headers: Sequence[str], type: str) -> tuple[Meaning | None, ...]:
        """Each meaning goes to one column only, unless there may be several; the longest
        header first, since it is the most exact."""
        taken: set[Meaning] = set()
        meanings: list[Meaning | None] = [None] * len(headers)
        for index in sorted(range(len(headers)), key=lambda i: -len(fold_header(headers[i]))):
            meaning = self.meaning(type, headers[index]) if headers[index] else None
            if meaning is not None and meaning not in taken:
                meanings[index] = meaning
                if not self._several(type, meaning):
                    taken.add(meaning)
        return tuple(meanings)

    def _several(self, type: str, meaning: Meaning) -> bool:
        if meaning.link:
            return meaning.inverse or self.ontology.links[meaning.name].many
        return self.ontology.types[type].attributes[meaning.name].many

    def _of_wholes(
        self, headers: Sequence[str], type: str, own: tuple[Meaning | None, ...], part: LinkType
    ) -> Iterator[Reading]:
        """The rows as parts: what is left of the headers may tell of their whole."""
        named = [m is not None and m.inverse and m.name == part.name for m in own]
        left = ["" if m is not None and not named[i] else headers[i] for i, m in enumerate(own)]
        wholes = {name for end in part.domain for name in self.ontology.descendants(end)}
        for whole in sorted(wholes & self.words.keys() - {type}):
            kind = self.ontology.types[whole]
            told = self._assigned(left, whole)
            titled = [m is not None and m == Meaning(kind.title) for m in told]
            if not any(titled) and not any(named):
                continue
            if not any(titled):  # the column is called after the link, not after the title
                told = tuple(Meaning(kind.title) if named[i] else m for i, m in enumerate(told))
            meanings = tuple(
                Meaning(m.name, m.link, m.inverse, whole=True) if m is not None else own[i]
                for i, m in enumerate(told)
            )
            score = self._score(headers, meanings) * (1.05 if any(titled) else 1.01)
            hint = fold_header(kind.label.zh)
            if any(m is not None and hint in fold_header(headers[i]) for i, m in enumerate(told)):
                score *= 1.1
            yield Reading(type, meanings, score, whole, part.name)

    def _score(self, headers: Sequence[str], meanings: Sequence[Meaning | None]) -> float:
        """A header that few families know tells more."""
        return sum(
            1 / sqrt(self.common.get(fold_header(header), 1))
            for header, meaning in zip(headers, meanings, strict=True)
            if meaning is not None
        )

    def best(self, headers: Sequence[str], names: Iterable[str] = ()) -> Reading | None:
        """The class whose list these headers are most likely to be; `names` are those of the
        sheet and the file. None where no class understands enough of them."""
        folded = [fold_header(name) for name in names if name]
        filled = [header for header in headers if header]
        known = sum(any(word in self.common for word in variants(h)) for h in filled)
        if known < NAMED * len(filled):
            return None  # most rows of a sheet: no class would understand enough of them
        readings = [
            reading for type in self.words if (reading := self._rated(headers, type, folded))
        ]
        return max(readings, key=lambda reading: reading.score, default=None)

    def _rated(self, headers: Sequence[str], type: str, names: Sequence[str]) -> Reading | None:
        reading = self.read(headers, type)
        said = self._named(type, names)
        coverage = reading.understood / (sum(bool(header) for header in headers) or 1)
        if coverage < (NAMED if said else ENOUGH) or not self._identifies(reading):
            return None
        kind = self.ontology.types[type]
        hints = [fold_header(kind.label.zh), fold_header(kind.label.en)]
        told = any(hint in fold_header(header) for hint in hints for header in headers)
        return replace(reading, score=reading.score * (1 + 0.5 * said) * (1.1 if told else 1.0))

    def _named(self, type: str, names: Sequence[str]) -> float:
        """How surely the sheet's or file's name is that of the class: 1, or 0.5 as a part."""
        kind = self.ontology.types[type]
        words = [fold_header(word) for word in (kind.label.zh, type, *kind.headers)]
        if any(name == word for name in names for word in words):
            return 1.0
        return 0.5 if any(word and word in name for name in names for word in words) else 0.0

    def _identifies(self, reading: Reading) -> bool:
        """Whether a row would have a name, or all attributes of an identifier."""
        kind = self.ontology.types[reading.type]
        known = {m.name for m in reading.meanings if m and not m.link and not m.whole}
        return kind.title in known or any(
            known.issuperset(scheme.attributes) for scheme in kind.identifiers
        )


def _words(kind: ResourceType, ontology: Ontology) -> dict[str, Meaning]:
    """Labels first, then names, then further headers; attributes before links."""
    attributes = sorted(kind.attributes.values(), key=lambda a: (a.name != kind.title, a.order))
    outgoing = [link for link in ontology.links_from(kind.name) if not link.abstract]
    incoming = [link for link in ontology.links_to(kind.name) if not link.abstract]
    words: dict[str, Meaning] = {}

    def add(word: str, meaning: Meaning) -> None:
        folded = fold_header(word)
        if folded:
            words.setdefault(folded, meaning)

    for attribute in attributes:
        add(attribute.label.zh, Meaning(attribute.name))
        add(f"{attribute.label.zh}{attribute.name}", Meaning(attribute.name))
    for link, meaning, label in _link_words(outgoing, incoming):
        add(label, meaning)
        add(f"{label}{link.name}", meaning)
    for attribute in attributes:
        add(attribute.name, Meaning(attribute.name))
        add(attribute.label.en, Meaning(attribute.name))
    for link, meaning, _ in _link_words(outgoing, incoming):
        add(link.inverse_name if meaning.inverse else link.name, meaning)
    for attribute in attributes:
        for header in attribute.headers:
            add(header, Meaning(attribute.name))
    for link in outgoing:
        for header in link.headers:
            add(header, Meaning(link.name, link=True))
    for link in incoming:
        for header in link.inverse_headers:
            add(header, Meaning(link.name, link=True, inverse=True))
    return words


def _link_words(
    outgoing: Sequence[LinkType], incoming: Sequence[LinkType]
) -> Iterator[tuple[LinkType, Meaning, str]]:
    for link in outgoing:
        yield link, Meaning(link.name, link=True), link.label.zh
    for link in incoming:
        yield link, Meaning(link.name, link=True, inverse=True), link.inverse_label.zh
