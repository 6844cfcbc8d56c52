"""The one place that cuts text, for index and query alike and for every engine.

Three steps: *fold* (full width to half width, case, Traditional to Simplified), then cut
into *words* (rjieba with the ledger's own names) and into *grams* (every two neighbouring
characters, so that what the word list does not know yet is still found). Engines get
tokens joined by spaces and need no analyser but white space.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from ontology.identity import simplified

if TYPE_CHECKING:
    from rjieba import Jieba

MAX_TOKEN = 128
"""Characters of a token that count; what is longer is no word but data."""

MAX_SHORT = 3
"""Short names that are kept of a name."""

EMPTY_WORDS = frozenset(
    {
        *("数据", "信息", "资料", "情况", "有关", "相关", "查询", "data"),
        *(
            "什么",
            "哪些",
            "哪个",
            "哪里",
            "哪儿",
            "怎么",
            "怎样",
            "如何",
            "多少",
            "谁",
            "有没有",
            "是否",
        ),
        *("请问", "我要", "我想", "需要", "想要", "提供", "负责", "掌握", "获取", "查找", "查看"),
        *("里面", "包含", "包括"),
    }
)
"""Words that say nothing in a catalogue of data, and those that make a question of others
(谁提供社保缴费数据): beside others they are not required."""
WHICH = frozenset(("哪个", "哪些", "哪家", "什么"))
HOLDERS = frozenset(("部门", "单位", "机构", "系统", "平台", "库", "表", "字段"))
"""What a question asks for right after WHICH (哪个部门有婚姻登记数据): as little required."""

_HAN = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U000323af"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_PLAIN_RUN = re.compile(r"[a-z0-9]+")  # of a folded text in ASCII: ids, mostly
_CAMEL = re.compile(r"[a-z0-9](?=[A-Z])|[A-Z](?=[A-Z][a-z])")
_NAME_NOISE = re.compile(r"[\W_]+")
_SHORT = 32  # texts up to this length repeat, and are worth remembering
_WORD_FREQUENCY = 20_000  # high enough that a name of the ledger is kept whole


def sound(text: str) -> str:
    """The text without halves of surrogate pairs, which no engine can store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def fold(text: str) -> str:
    """The form in which texts are compared: NFKC, lower case, Simplified."""
    if text.isascii():
        return text.lower()
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", simplified(folded))


_fold_short = lru_cache(maxsize=32_768)(_fold)


def fold_name(text: str) -> str:
    """`fold` without spaces and punctuation: two spellings of one name are equal."""
    return _NAME_NOISE.sub("", fold(text))


def name_keys(name: str) -> list[str]:
    """What a name is known by as a whole: itself, and without a level before it (市人社局 is
    人社局 to those who work in the city)."""
    key = fold_name(name)
    if 3 < len(key) <= 10 and key[0] in "省市区县州":
        return [key, key[1:]]
    return [key] if key else []


class Folded:
    """A folded text that knows where each character came from, for highlights."""

    def __init__(self, original: str) -> None:
        self.original = original
        whole = fold(original)
        if original.isascii() or whole == original or _sign_by_sign(original, whole):
            self.text, self._starts = whole, None
            return
        # Folding may lengthen (㎡ → m2) or compose (e + ◌́ → é): fold cluster by cluster.
        clusters = _clusters(original)
        pieces = [fold(original[a:b]) for a, b in clusters]
        self.text = "".join(pieces)
        self._starts = [a for (a, _), piece in zip(clusters, pieces, strict=True) for _ in piece]
        self._ends = [b for (_, b), piece in zip(clusters, pieces, strict=True) for _ in piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` (not empty) stands in the original."""
        if self._starts is None:
            return start, end
        return self._starts[start], self._ends[end - 1]


def _sign_by_sign(original: str, whole: str) -> bool:
    """Whether each character folds to one: a comma in full width, a Traditional character."""
    return len(whole) == len(original) and "".join(map(fold, original)) == whole


def _clusters(text: str) -> list[tuple[int, int]]:
    """Spans of a base character with what composes with it (marks, Hangul jamo)."""
    starts = [
        i
        for i, c in enumerate(text)
        if i == 0 or not (unicodedata.combining(c) or "\u1160" <= c <= "\u11ff")
    ]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def grams(folded: str) -> list[str]:
    """One token a character: the character with the next one of its run (the last stands
    alone); a run of letters and digits is one token. Any substring is a phrase of them."""
    if folded.isascii():
        return [run[:MAX_TOKEN] for run in _PLAIN_RUN.findall(folded)]
    found: list[str] = []
    for run in _RUN.findall(folded):
        if _HAN_RUN.match(run):
            found += [run[i : i + 2] for i in range(len(run))]
        else:
            found.append(run[:MAX_TOKEN])
    return found


@dataclass(frozen=True, slots=True)
class Gist:
    """A phrase in grams: `tokens` side by side, then something that begins with `tail`."""

    tokens: tuple[str, ...]
    tail: str = ""

    def __bool__(self) -> bool:
        return bool(self.tokens or self.tail)


def phrase(folded: str) -> Gist:
    """How to find this text inside a longer one: the last character may be followed by
    others, so its lone gram is left out unless nothing else says it."""
    tokens = grams(folded)
    if tokens and _HAN_RUN.fullmatch(tokens[-1]) and len(tokens[-1]) == 1:
        last = tokens.pop()
        if not (tokens and len(tokens[-1]) == 2 and _HAN_RUN.fullmatch(tokens[-1])):
            return Gist(tuple(tokens), last)
    return Gist(tuple(tokens))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query. `parts` are the smaller words it is made of, if they make up all
    of it: then they are what is required, and the whole only ranks higher. `weak`: an empty
    word, or a lone character left over by the segmenter; it ranks but is not required.
    `short`: its short form (社会保险 → 社保), which will do as well. `whole`: what is left of
    a text has to stand side by side."""

    text: str
    parts: tuple[str, ...] = ()
    weak: bool = False
    short: str = ""
    whole: bool = False


class Segmenter:
    """Cuts with one frozen list of words; one for each generation of an index."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._known = tuple(words)
        self._short = lru_cache(maxsize=16_384)(self._cut)
        self._asked = lru_cache(maxsize=256)(self._words_of)  # one search asks several times

    @cached_property
    def _jieba(self) -> Jieba:
        """Made when the first text is cut: its dictionary takes longer than many a command."""
        from rjieba import Jieba

        jieba = Jieba()
        for word in self._known:
            jieba.add_word(word, _WORD_FREQUENCY, "nz")
        return jieba

    def words(self, text: str) -> str:
        """Tokens of a text to be indexed, with a space between: words and the smaller words
        within them."""
        return self._short(text) if len(text) <= _SHORT else self._cut(text)

    def _cut(self, text: str) -> str:
        folded = fold(text)
        tokens = self._jieba.cut_for_search(folded)
        found = [t[:MAX_TOKEN] for t in tokens if t.isalnum() or _RUN.search(t)]
        if folded != text and _CAMEL.search(text):  # userName is found by user and by name
            found += _camel_parts(text)
        return " ".join(found)

    def query_words(self, text: str) -> list[Word]:
        """Words of a query in order, without repetition."""
        return list(self._asked(text) if len(text) <= 8 * _SHORT else self._words_of(text))

    def _words_of(self, text: str) -> list[Word]:
        chunks = {chunk: self._chunk_words(chunk) for chunk in text.split()}
        found: dict[str, Word] = {}
        for word in (word for words in chunks.values() for word in words):
            known = found.get(word.text)
            if known is None or (known.weak and not word.weak):
                found[word.text] = word
        empty = EMPTY_WORDS | _asked_for([w.text for words in chunks.values() for w in words])
        if any(not word.weak and word.text not in empty for word in found.values()):
            return [replace(w, weak=True) if w.text in empty else w for w in found.values()]
        for chunk, words in chunks.items():  # 主数据, 数据局: together they do say something
            if len(words) > 1 and any(word.weak for word in words):
                found |= {word.text: replace(word, weak=True) for word in words}
                whole = fold(chunk)[:MAX_TOKEN]
                found[whole] = Word(whole, whole=True)
        return list(found.values())

    def _chunk_words(self, chunk: str) -> list[Word]:
        if chunk.isascii() and _CAMEL.search(chunk):
            return [Word(chunk.lower()[:MAX_TOKEN], tuple(_camel_parts(chunk)))]
        chunk = fold(chunk)
        small = self._jieba.tokenize(chunk, "search")
        words = []
        for text, start, end in self._jieba.tokenize(chunk):
            if not _RUN.search(text):
                continue
            inside = [(t, a, b) for t, a, b in small if start <= a and b <= end and t != text]
            weak = len(text) == 1 and len(chunk) > 1 and not text.isascii()
            parts = _cover(text, start, inside)
            short = self._shorten(inside)[0][0] if len(parts) == 2 and self._shorten(inside) else ""
            words.append(Word(text[:MAX_TOKEN], parts, weak, short))
        return [Word(w.text) for w in words] if all(w.weak for w in words) else words

    def short_names(self, name: str) -> list[str]:
        """What people say for a folded name: two neighbouring words shrunk to their first
        characters, where the dictionary knows these as a word (社会保险缴费 → 社保缴费)."""
        return [name[:a] + short + name[b:] for short, a, b in self.shrunk(name)][:MAX_SHORT]

    def shrunk(self, folded: str) -> list[tuple[str, int, int]]:
        """The short forms of neighbouring words in a folded text, each with its span."""
        if folded.isascii():  # only Chinese words have any
            return []
        return self._shorten(self._jieba.tokenize(folded, "search"))

    def edges(self, folded: str) -> tuple[set[int], set[int]]:
        """Where words begin in a folded text, and where they end; smaller words too."""
        words = [w for how in ("default", "search") for w in self._jieba.tokenize(folded, how)]
        return {a for _, a, _ in words}, {b for _, _, b in words}

    def _shorten(self, words: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        pairs = {a: (text, b) for text, a, b in words if b - a == 2 and _HAN_RUN.fullmatch(text)}
        found = []
        for start, (text, end) in pairs.items():
            if end in pairs and self._jieba.has_word(short := text[0] + pairs[end][0][0]):
                found.append((short, start, pairs[end][1]))
        return found


def _asked_for(words: Sequence[str]) -> set[str]:
    return {noun for which, noun in pairwise(words) if which in WHICH and noun in HOLDERS}


@lru_cache(maxsize=1)
def segmenter(words: tuple[str, ...]) -> Segmenter:
    """Reading a word list takes a tenth of a second and 25 MB: reopened, it is still there."""
    return Segmenter(words)


def _camel_parts(text: str) -> list[str]:
    return [word for word in _RUN.findall(_CAMEL.sub(r"\g<0> ", text).lower()) if word.isascii()]


def _cover(whole: str, offset: int, inside: list[tuple[str, int, int]]) -> tuple[str, ...]:
    """The smallest words inside, if together they cover every letter of the whole."""
    atoms = [
        (t, a, b)
        for t, a, b in inside
        if not any(a <= c and d <= b and (c, d) != (a, b) for _, c, d in inside)
    ]
    covered = {i for _, a, b in atoms for i in range(a - offset, b - offset)}
    if all(i in covered or not c.isalnum() for i, c in enumerate(whole)):
        return tuple(dict.fromkeys(t for t, _, _ in atoms))
    return ()


LONGEST_WORD = 8
"""Characters of a name that becomes a word; a longer one is better cut."""


def names_as_words(names: Iterable[str]) -> Counter[str]:
    """Those of the names that could be words: folded, Chinese, two to eight characters."""
    folded = (fold(name) for name in names if len(name) <= 2 * LONGEST_WORD)
    return Counter(
        word for word in folded if 2 <= len(word) <= LONGEST_WORD and _HAN_RUN.fullmatch(word)
    )


def lexicon(names: Iterable[str] | Counter[str], limit: int = 100_000) -> tuple[str, ...]:
    """The words to freeze with a generation, out of the ledger's names (or what was counted of
    them): the most frequent first when there are more than `limit`; sorted, so that equal
    ledgers give equal lists."""
    counted = names if isinstance(names, Counter) else names_as_words(names)
    if len(counted) > limit:
        return tuple(sorted(sorted(counted, key=lambda word: (-counted[word], word))[:limit]))
    return tuple(sorted(counted))
