"""Cuts documents into their physical fields (search/tokens.py), for every engine.

Most texts of a catalogue repeat: 姓名, 登记日期, the department's name in each of its entries.
So what a text or a set of names comes to is remembered, as long as it is short.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ontology.resource import Scalar
from search.document import SearchDocument
from search.mapping import ID, TYPE, Field, SearchMapping
from search.pinyin import spellings, syllables
from search.text import MAX_TOKEN, Segmenter, fold, fold_name, grams, name_keys
from search.tokens import (
    APART,
    DIGEST,
    EVERY,
    GRAMS,
    KEY,
    KEYS,
    KINDS,
    MARK,
    MAX_NAME,
    NAMED,
    NAMES,
    NUMBER,
    PRIOR,
    RANK_ORDER,
    REFS,
    SHORTS,
    SOUNDS,
    SOURCE,
    SPELLINGS,
    TYPE_FACET,
    TYPE_ORDER,
    VISIBILITY,
    Physical,
    band_field,
    order,
    order_columns,
    source,
    value_field,
)

SHORT, KEPT = 32, 32_768
"""Characters of a text that is remembered, and how many are."""


ENDING = 4
"""Characters of an end of ids that is remembered: the parts of a whole are counted from 0."""
FRONTS = 1_024
"""How many beginnings of ids are remembered: ids come in order."""


class Cut(NamedTuple):
    """A passage: its words; its grams, plain and named after its field (not for class and id)."""

    words: str
    plain: str
    named: str


class Called(NamedTuple):
    """All that the names of one resource come to."""

    grams: str
    shorts: str
    sounds: str
    keys: list[str]
    spellings: list[str]


class Cutter:
    """Cuts with the mapping and the words of one generation."""

    def __init__(self, mapping: SearchMapping, segmenter: Segmenter) -> None:
        self._mapping, self._segmenter = mapping, segmenter
        self._blank = {band_field(weight): MARK for weight in mapping.bands}
        self._kinds = {name: [name, *k.ancestors, EVERY] for name, k in mapping.types.items()}
        self._places = mapping.type_places
        self._short = lru_cache(KEPT)(self._cut)
        self._front = lru_cache(FRONTS)(self._cut_front)
        self._called_so = lru_cache(KEPT)(self._called)
        self._valued = lru_cache(KEPT)(self._value)

    def physical(self, doc: SearchDocument) -> Physical:
        """The fields of one document; `source` and `digest` are bytes."""
        bands: dict[str, list[str]] = {}
        plain: list[str] = []
        named: list[str] = []
        short, cut = self._short, self._cut
        for field, text, weight in doc.passages:
            if field == ID:
                words, whole, own = self._cut_id(text)
            else:
                words, whole, own = (short if len(text) <= SHORT else cut)(field, text)
            band = band_field(weight)
            if band in bands:
                bands[band].append(words)
            else:
                bands[band] = [words]
            plain.append(whole)
            if own:
                named.append(own)
        called = (self._called_so if len(doc.names) <= 3 else self._called)(doc.names)
        fields: Physical = {
            **self._blank,
            **{name: " ".join(tokens) for name, tokens in bands.items()},
            KEY: doc.id,
            KINDS: self._kinds[doc.type],
            VISIBILITY: list(doc.visibility),
            REFS: [f"{link}={id}" for link, id in doc.refs],
            PRIOR: doc.prior,
            NUMBER: doc.number,
            NAMES: called.grams,
            SHORTS: called.shorts,
            GRAMS: APART.join(plain),
            NAMED: APART.join(named),
            SOUNDS: called.sounds,
            KEYS: [*called.keys, own] if (own := _own_key(doc.id)) else called.keys,
            SPELLINGS: called.spellings,
            TYPE_FACET: doc.type,
            TYPE_ORDER[0]: self._places[doc.type],
            RANK_ORDER[0]: -round(doc.prior * 100),
            DIGEST: doc.digest.encode(),
            SOURCE: source(doc),
        }
        for name, values in doc.values.items():
            fields[value_field(name)] = list(values)
            fields.update(self._valued(name, values[0]))
        return fields

    def _cut(self, field: str, text: str) -> Cut:
        words, cut = self._segmenter.words(text), grams(fold(text))
        plain = " ".join(cut)
        if not cut or field in (TYPE, ID):
            return Cut(words, plain, "")
        start = field + "="
        return Cut(words, plain, start + f" {start}".join(cut))

    def _cut_id(self, id: str) -> Cut:
        """Up to its last `/`, or the `#` before a column, an id is that of many others
        (dataset:postgres://db:5432/…). No word crosses the one, and none but c# the other; but what
        Chinese words stand before `#` may depend on those behind it. An id that names like userName
        are looked for in is cut as a whole."""
        if id != id.lower():
            return self._cut(ID, id)
        slash, place = id.rfind("/") + 1, id.rfind("#") + 1
        if place < slash or not id[place:].isascii() or id.endswith("c#", 0, place):
            place = slash
        end = id[place:]
        if end.isascii() and end.isdigit():
            here = Cut(end[:MAX_TOKEN], end[:MAX_TOKEN], "")
        else:
            here = (self._short if len(end) <= ENDING else self._cut)(ID, end)
        return _joined(self._front(id[:place]), here) if place else here

    def _cut_front(self, front: str) -> Cut:
        """A beginning of ids: what stands before its last part is one of still more ids."""
        slash = front.rfind("/", 0, -1) + 1
        here = self._cut(ID, front[slash:])
        return _joined(self._front(front[:slash]), here) if slash else here

    def _called(self, names: tuple[str, ...]) -> Called:
        folded = [fold(name) for name in names]
        shorts = [s for name in folded for s in self._segmenter.short_names(name[:MAX_NAME])]
        both = [*folded, *shorts]
        heard = [name[:MAX_NAME] for name in both]
        within = [a for a in both if any(a in b and a != b for b in both)]  # adds no grams
        keys = list(dict.fromkeys(key for name in heard for key in name_keys(name)))
        spelt = (spelling for key in keys for spelling in spellings(key))
        return Called(
            MARK
            + APART.join(["", *(" ".join(grams(name)) for name in both if name not in within), ""]),
            " ".join([self._segmenter.words(short) for short in shorts]) or MARK,
            APART.join([" ".join(syllables(name)) for name in heard]),
            keys,
            list(dict.fromkeys(spelling for spelling in spelt if spelling)),
        )

    def _value(self, name: str, first: Scalar) -> tuple[tuple[str, int], ...]:
        """What the field sorts by, by column; nothing where it does not."""
        field: Field = self._mapping.fields[name]
        if not field.sortable:
            return ()
        return tuple(zip(order_columns(name, field), order(first, field), strict=True))


def _joined(before: Cut, here: Cut) -> Cut:
    """Two parts of an id."""
    return Cut(f"{before.words} {here.words}".strip(), f"{before.plain} {here.plain}".strip(), "")


def _own_key(id: str) -> str:
    """The key of a resource as one more name, where people could type it: GB11643, 990100."""
    key = id.partition(":")[2]
    return fold_name(key) if len(key) <= SHORT and "//" not in key else ""
