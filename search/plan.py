"""A query as scored clauses: the last form that all engines share.

What is required, and what merely ranks, is decided here; how much it ranks, in `ranking.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from ontology.errors import InvalidInput
from ontology.resource import Scalar
from search import query as q
from search import ranking
from search.clause import (
    Best,
    Between,
    Bool,
    Clause,
    Flat,
    Has,
    Near,
    Nothing,
    Scaled,
    Starts,
    Term,
)
from search.document import keywords
from search.instants import instants
from search.mapping import ID, TYPE, Field, Form, SearchMapping
from search.pinyin import syllables
from search.text import EMPTY_WORDS, Gist, Segmenter, Word, fold, fold_name, grams, phrase, sound
from search.tokens import (
    EVERY,
    GRAMS,
    KEY,
    KEYS,
    KINDS,
    MARK,
    MAX_NAME,
    NAMED,
    NAMES,
    REFS,
    SHORTS,
    SOUNDS,
    SPELLINGS,
    band_field,
    value_field,
)

MAX_SHORTENED = 6
"""Characters of what may be a short form."""
EVERYTHING = Term(KINDS, EVERY)


def _starts(field: str, prefix: str) -> Clause:
    """No name is longer than what is kept of it; engines bound what a prefix may cost."""
    return Starts(field, prefix) if 0 < len(prefix) <= MAX_NAME else Nothing()


def _any(clauses: Iterable[Clause]) -> Clause:
    found = tuple(c for c in clauses if not isinstance(c, Nothing))
    return found[0] if len(found) == 1 else Bool(should=found, at_least=1) if found else Nothing()


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans queries for one generation of an index."""

    mapping: SearchMapping
    segmenter: Segmenter

    def ranked(self, query: q.Query, *, missing: int = 0) -> Clause:
        """The query with scores. `missing`: of the words of each text, so many may be
        absent (one at least stays)."""
        required = self._scored(query, missing)
        texts = [t.text for t in q.positive(query)]
        return Bool(must=(required,), should=self._bonuses(" ".join(texts))) if texts else required

    def filter(self, query: q.Query) -> Clause:
        """The query as a condition; its scores mean nothing."""
        return self._scored(query, 0)

    def most_missing(self, query: q.Query) -> int:
        """How many words may be dropped at most: all of the longest text's but one."""
        texts = (t.text for t in q.positive(query) if isinstance(t, q.Words))
        return max((len(self._units(text)) - 1 for text in texts), default=0)

    def suggestion(self, prefix: str) -> Clause:
        """Names that begin with what was typed so far, are spelt so, or contain it."""
        key = fold_name(prefix)
        if not key:
            return Nothing()
        clauses: list[Clause] = [Flat(_starts(KEYS, key), ranking.SUGGEST_BEGINS)]
        if key.isascii():
            clauses.append(Flat(_starts(SPELLINGS, key), ranking.SUGGEST_SPELLS))
        within = _gist(NAMES, phrase(fold(prefix)))
        return _any([*clauses, Scaled(within, ranking.SUGGEST_WITHIN)])

    def similar(self, chunk: str) -> Clause:
        """Names that sound like a misspelt chunk, share most of its characters, or have all of
        them somewhere (市监局)."""
        folded = fold(chunk)
        if folded.isascii():
            return _starts(SPELLINGS, key) if (key := fold_name(folded)) else Nothing()
        sounds = syllables(folded)
        pairs = tuple(Term(NAMES, gram) for gram in dict.fromkeys(grams(folded)))
        alike: list[Clause] = [Bool(should=pairs, at_least=max(1, len(pairs) // 3))]
        if len(sounds) > 1:
            alike.append(Scaled(Near(SOUNDS, sounds), 10.0))
        if 3 <= len(folded) <= MAX_SHORTENED:
            alike.append(Flat(Bool(must=tuple(Starts(NAMES, c) for c in folded)), 10.0))
        return _any(alike)

    def called(self, chunk: str) -> Clause:
        """What has the chunk for a name."""
        return Flat(Term(KEYS, key), 1.0) if (key := fold_name(chunk)) else Nothing()

    # --- texts ----------------------------------------------------------------------------

    def _scored(self, query: q.Query, missing: int) -> Clause:
        match query:
            case q.MatchAll():
                return EVERYTHING
            case q.Words(text):
                return self._words(text, missing)
            case q.Phrase(text):
                gist = phrase(fold(text))
                within = (Scaled(_gist(NAMES, gist), ranking.IN_NAME), _gist(GRAMS, gist))
                return Best(within) if gist else Nothing()
            case q.Prefix(text):
                return self._prefix(fold(text))
            case q.Not(inner):
                return Bool(filters=(EVERYTHING,), without=(self.filter(inner),))
            case q.And(queries):
                return self._all(queries, missing)
            case q.Or(queries):
                return _any(self._scored(inner, missing) for inner in queries)
            case q.FieldIs() | q.OneOf() | q.Range() | q.Exists():
                return self._on_field(query)

    def _all(self, queries: tuple[q.Query, ...], missing: int) -> Clause:
        wanted = [inner for inner in queries if not isinstance(inner, q.Not)]
        texts = [
            inner for inner in wanted if isinstance(inner, q.Words | q.Phrase | q.Prefix | q.Or)
        ]
        others = tuple(self._scored(inner, missing) for inner in wanted if inner not in texts)
        return Bool(
            must=tuple(self._scored(inner, missing) for inner in texts),
            filters=others if wanted else (EVERYTHING,),
            without=tuple(self.filter(i.query) for i in queries if isinstance(i, q.Not)),
        )

    def _cut(self, text: str) -> list[Word]:
        return self.segmenter.query_words(text)[: ranking.MAX_WORDS]

    def _units(self, text: str) -> list[str]:
        """What is required of a text, one by one: words, or the parts they are made of."""
        return [unit for word in self._cut(text) if not word.weak for unit in _units(word)]

    def _some(self, text: str, missing: int) -> Clause:
        """The text without so many of its units. Those that name a class (社保 接口) go first:
        they tell the kind of thing, not what it is about."""
        units, classes = self._units(text), self.mapping.fields[TYPE].spellings
        subject = [unit for unit in units if unit not in classes] or units
        needed = max(1, min(len(subject), len(units) - missing))
        found = tuple(map(self._word, subject))
        if any(word.whole for word in self._cut(text)):  # how many pairs, not how rare they are
            found = tuple(Flat(clause, ranking.GRAMS) for clause in found)
        return _any([Bool(should=found, at_least=needed)])

    def _words(self, text: str, missing: int) -> Clause:
        words = self._cut(text)
        weak = tuple(Scaled(self._word(w.text), ranking.WEAK) for w in words if w.weak)
        wholes = tuple(Scaled(self._token(w.text), ranking.WHOLE) for w in words if w.parts)
        if missing:
            return Bool(must=(self._some(text, missing),), should=weak + wholes)
        required = tuple(self._required(word) for word in words if not word.weak)
        return Bool(must=required, should=weak + wholes) if required else Nothing()

    def _required(self, word: Word) -> Clause:
        if not word.parts:
            return self._word(word.text)
        parts = Bool(must=tuple(self._word(part) for part in word.parts))
        bands = self._bands(word.short)[:-1] if word.short else ()
        return Best((parts, self._token(word.text), *bands))

    def _token(self, token: str) -> Clause:
        return Best(tuple(self._bands(token)), ranking.OTHERS)

    def _bands(self, token: str) -> list[Clause]:
        bands = [Scaled(Term(band_field(b), token), b) for b in self.mapping.bands]
        return [*bands, Scaled(Term(SHORTS, token), ranking.SHORT_FORM)]

    def _word(self, token: str) -> Clause:
        """The word in any band, or its characters where the word list cut otherwise."""
        gist = phrase(token)
        bands = self._bands(token)
        if gist:
            in_name = Scaled(_gist(NAMES, gist), ranking.GRAMS * self.mapping.bands[0])
            bands += [in_name, Scaled(_gist(GRAMS, gist), ranking.GRAMS)]
        return Best(tuple(bands), ranking.OTHERS)

    def _prefix(self, folded: str) -> Clause:
        bands = [Flat(_starts(band_field(b), folded), b) for b in self.mapping.bands]
        key = fold_name(folded)
        return Best((Flat(_starts(KEYS, key), ranking.BEGINS_NAME), *bands)) if key else Nothing()

    def _bonuses(self, text: str) -> tuple[Clause, ...]:
        """The whole text as an id or a name."""
        key, gist = fold_name(text), phrase(fold(text))
        found: list[Clause] = [Flat(Term(KEY, text.strip()), ranking.IS_ID)]
        if key:
            found.append(Flat(Term(KEYS, key), ranking.IS_NAME))
        if len(key) > 1 and gist.tokens:
            ending = Near(NAMES, (*grams(fold(text)), MARK))
            found.append(Flat(Near(NAMES, (MARK, *gist.tokens)), ranking.BEGINS_NAME))
            found.append(Flat(_gist(NAMES, gist), ranking.IN_NAME))
            found.append(Flat(ending, ranking.ENDS_NAME))
            found += [Flat(Term(value_field(n), text.strip()), ranking.IS_TAG) for n in self._tags]
        words = self._cut(text)
        if tail := _tail(words, fold(text)):
            found.append(Flat(Near(NAMES, (*grams(tail), MARK)), ranking.ENDS_ALIKE))
        classes = self.mapping.fields[TYPE].spellings
        hinted = dict.fromkeys(classes[w.text] for w in words if w.text in classes)
        if len(words) > 1:
            found += [Flat(Term(KINDS, name), ranking.OF_CLASS) for name in hinted]
        return tuple(found)

    @property
    def _tags(self) -> Iterable[str]:
        """The facets of words that somebody chose: keywords, themes."""
        fields = self.mapping.fields
        return (name for name in self.mapping.facets if name in fields[name].within)

    # --- fields ---------------------------------------------------------------------------

    def _on_field(self, query: q.FieldIs | q.OneOf | q.Range | q.Exists) -> Clause:
        field = self.mapping.fields.get(query.field)
        if field is None:
            raise InvalidInput(
                f"没有名为 {query.field} 的检索字段 · no search field is called {query.field}; "
                f"可用 · there are: {', '.join(self.mapping.fields)}"
            )
        match query:
            case q.FieldIs(_, value):
                contained = (_contained(name, str(value)) for name in field.within)
                return _any((self._equal(field, value), *contained))
            case q.OneOf(_, values):
                return _any(self._equal(field, value) for value in values)
            case q.Range():
                return self._between(field, query)
            case q.Exists():
                if field.form is not None:
                    return Has(value_field(field.name))
                return _any(Starts(NAMED, f"{name}=") for name in field.within)

    def _equal(self, field: Field, value: q.Bound | bool) -> Clause:
        if field.name == TYPE:
            return Term(KINDS, field.spellings.get(fold(str(value)), sound(str(value))))
        if field.name == ID:
            return Term(KEY, sound(str(value)))
        clauses: list[Clause] = []
        if field.form is Form.INSTANT:
            span = instants(value, self.mapping.home)
            return Between(value_field(field.name), *span) if span else Nothing()
        if field.form is not None:
            known = field.spellings.get(fold(str(value))) if field.codes else None
            fitting = keywords(known or _scalar(value), field.form, self.mapping.home)
            clauses += [Term(value_field(field.name), v) for v in fitting]
        if ":" in str(value):
            clauses += [Term(REFS, sound(f"{name}={value}")) for name in field.within]
        return _any(clauses)

    def _between(self, field: Field, asked: q.Range) -> Clause:
        """Dates compare by what they span, codes by their place in the list. Text has no
        bounds worth asking for: there `2007..2012` is text as well."""
        if field.codes:
            return self._codes_between(field, asked)
        if field.form is None or field.form is Form.KEYWORD:
            text = str(asked).partition(":")[2]
            return _any(_contained(name, text) for name in field.within)
        instant = field.form is Form.INSTANT
        home = self.mapping.home
        low = _bound(field.form, asked.low, int(instant and not asked.include_low), home)
        high = _bound(field.form, asked.high, int(instant and asked.include_high), home)
        if (low is None) != (asked.low is None) or (high is None) != (asked.high is None):
            return Nothing()
        if low is None and high is None:
            return Has(value_field(field.name))
        physical = value_field(field.name)
        return Between(physical, low, high, asked.include_low, asked.include_high)

    def _codes_between(self, field: Field, asked: q.Range) -> Clause:
        """安全等级:>=敏感数据"""
        first, last = 0, len(field.codes) - 1
        if asked.low is not None:
            if (low := _place(field, asked.low)) is None:
                return Nothing()
            first = low if asked.include_low else low + 1
        if asked.high is not None:
            if (high := _place(field, asked.high)) is None:
                return Nothing()
            last = high if asked.include_high else high - 1
        physical = value_field(field.name)
        return _any(Term(physical, code) for code in field.codes[first : last + 1])


def _place(field: Field, bound: q.Bound) -> int | None:
    notation = field.spellings.get(fold(str(bound)))
    return field.codes.index(notation) if notation in field.codes else None


def _bound(form: Form, value: q.Bound | None, end: int, home: tzinfo) -> Scalar | None:
    """A bound in the field's form; `end` 1 takes the last microsecond of a date's span."""
    if value is None:
        return None
    if form is Form.INSTANT:
        span = instants(value, home)
        return span[end] if span else None
    return next(iter(keywords(_scalar(value), form, home)), None)


def _scalar(value: q.Bound | bool) -> Scalar:
    return value if isinstance(value, str | int | float | bool) else value.isoformat()


def _tail(words: list[Word], folded: str) -> str:
    """The last two of more words, where a text ends in them: Chinese names end in what they are,
    so 大数据局 is a 数据局 and 企业信用代码 a 信用代码."""
    pieces = [piece for w in words if not w.whole for piece in (w.parts or (w.text,))]
    tail = "".join(pieces[-2:])
    told = len(pieces) > 2 and pieces[-1] not in EMPTY_WORDS
    return tail if told and folded.endswith(tail) else ""


def _units(word: Word) -> tuple[str, ...]:
    """A lone character (号 of 身份证号) says nothing by itself."""
    parts = word.parts or (tuple(grams(word.text)) if word.whole else ())
    return tuple(part for part in parts if len(part) > 1) or (word.text,)


def _contained(name: str, text: str) -> Clause:
    return _gist(NAMED, phrase(fold(text)), f"{name}=")


def _gist(field: str, gist: Gist, mark: str = "") -> Clause:
    """A phrase in a field of grams; a lone last character may go on (市 is in 市民)."""
    tokens = tuple(mark + token for token in gist.tokens)
    head: Clause = Term(field, tokens[0]) if len(tokens) == 1 else Near(field, tokens)
    if not gist.tail:
        return head if tokens else Nothing()
    tail = _starts(field, mark + gist.tail)
    return Bool(must=(head, tail)) if tokens else tail
