"""User syntax to query tree. Nothing that a person types raises; what is not syntax is words.

社保 缴费            all words
"社保缴费"           the phrase          “…” 「…」 and full-width signs count the same
-公积金              not
部门:市公安局         a field, by its Chinese or English name; so with a blank, 部门: 市公安局
部门:(公安 | 民政)    a field with any of them; so with phrases, -values, ranges
更新时间:>=2024-01-01  记录数:100..500  摘要:*
人口*                words that begin so
a | b   a OR b      either; parentheses group
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from search.query import (
    And,
    Exists,
    FieldIs,
    MatchAll,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Words,
)
from search.text import sound

MAX_LENGTH = 1_000
"""Characters of a query that are read; people who paste more mean a document."""
MAX_DEPTH = 8
"""Parentheses deeper than this are read as spaces."""

_TOKEN = re.compile(
    r"""
    \s+
  | (?P<not>(?<![^\s()|])-+(?=[^\s)|-]))
  | (?P<open>\()
  | (?P<close>\))
  | (?P<or>\|+ | (?<![^\s()|])OR(?=[\s(|]))
  | (?P<field>[^\s"():|*<>-][^\s"():|*]*):(?=[^\s)|])
  | (?P<spaced>[^\s"():|*<>-][^\s"():|*]*):\s+(?=[^\s)|-])
  | "(?P<phrase>[^"]*)(?:"|$)
  | (?P<chunk>[^\s"()|]+)
    """,
    re.VERBOSE,
)
_SIGNS = str.maketrans("“”„‟«»「」『』（）：｜－＊＂＞＜＝　", '""""""""""():|-*"><= ')
_SIGN = "-:*<>"
_COMPARED = re.compile(r"(>=|<=|>|<)(.+)")
_BETWEEN = re.compile(r"(.+?)\.\.(.+)")


def parse(text: str, fields: Mapping[str, str]) -> Query:
    """The query that `text` means. `fields` gives, for each name a person may type (lower
    case, Chinese or English), the field that it names; other names are plain words."""
    plain = sound(text[:MAX_LENGTH]).replace("\0", " ").translate(_SIGNS)
    parser = _Parser(plain, fields)
    return parser.either(0) or MatchAll()


class _Parser:
    """Recursive descent over the tokens; one use each."""

    def __init__(self, text: str, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.inside: str | None = None  # the field whose group this is: 部门:(公安 | 民政)
        matches = _TOKEN.finditer(text)
        self.tokens = [(m.lastgroup, m[m.lastgroup]) for m in matches if m.lastgroup]
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def either(self, depth: int) -> Query | None:
        """Alternatives up to the end of the group."""
        found: list[Query] = []
        while True:
            if (query := self.all(depth)) is not None and query not in found:
                found.append(query)
            if self.peek() != "or":
                break
            self.take()
        return found[0] if len(found) == 1 else Or(tuple(found)) if found else None

    def all(self, depth: int) -> Query | None:
        """What stands side by side; neighbouring words become one node."""
        found: list[Query] = []
        while (kind := self.peek()) and kind != "or":
            if kind == "close":
                if depth:
                    break
                self.take()
                continue
            _join(found, self.one(depth))
        return found[0] if len(found) == 1 else And(tuple(found)) if found else None

    def one(self, depth: int) -> Query | None:
        kind, text = self.take()
        if kind == "not":
            inner = self.one(depth) if self.peek() not in ("", "or", "close") else None
            return inner.query if isinstance(inner, Not) else Not(inner) if inner else None
        if kind == "open":
            return self.group(depth)
        if kind == "phrase":
            text = " ".join(text.split())
            if self.inside and text:
                return FieldIs(self.inside, text)
            return Phrase(text) if text else None
        if kind == "field" or (kind == "spaced" and text.casefold() in self.fields):
            return self.field(text, depth)
        return self.words(text)

    def group(self, depth: int) -> Query | None:
        if depth >= MAX_DEPTH:
            return None
        inner = self.either(depth + 1)
        if self.peek() == "close":
            self.take()
        return inner

    def words(self, text: str) -> Query | None:
        if self.inside is not None:
            return None if text == "OR" else _value(self.inside, text)
        if text == "*":
            return MatchAll()
        stem = text.strip(_SIGN)
        if stem.partition(":")[0].casefold() in self.fields:  # ":名称:x" is no field
            pieces = [piece.strip(_SIGN) for piece in stem.split(":")]
            stem = " ".join(piece for piece in pieces if piece not in ("", "OR"))
        if not stem or stem == "OR":
            return None
        return Prefix(stem) if text.endswith("*") and " " not in stem else Words(stem)

    def field(self, name: str, depth: int) -> Query | None:
        """`name:value`, or plain words where no field has that name. A group in place of the
        value is one of values: 部门:("市公安局" | -民政)."""
        field = self.fields.get(name.casefold())
        if field is None:
            return self.words(f"{name}:{self.glued()}")
        kind = self.peek()
        if kind == "phrase":
            value = " ".join(self.take()[1].split())
            return FieldIs(field, value) if value else None
        if kind == "open":
            self.take()
            outer, self.inside = self.inside, field
            inner = self.group(depth)
            self.inside = outer
            return inner
        return _value(field, self.glued())

    def glued(self) -> str:
        """What follows without a space, colons and all: `dataset:postgres://host:5432/x`."""
        text = ""
        while self.peek() == "field":
            text += self.take()[1] + ":"
        return text + (self.take()[1] if self.peek() == "chunk" else "")


def _join(found: list[Query], query: Query | None) -> None:
    """Put the query beside those found: words run together, a conjunction opens up."""
    if isinstance(query, And):
        for inner in query.queries:
            _join(found, inner)
    elif isinstance(query, Words) and found and isinstance(found[-1], Words):
        found[-1] = Words(f"{found[-1].text} {query.text}")
    elif query is not None:
        found.append(query)


def _value(field: str, value: str) -> Query | None:
    """What `field:value` asks; None where the value is nothing but signs."""
    if value == "*":
        return Exists(field)
    if not value.strip("-:*<>=."):
        return None
    if between := _BETWEEN.fullmatch(value):
        return Range(field, between[1], between[2])
    if compared := _COMPARED.fullmatch(value):
        sign, bound = compared.groups()
        if sign[0] == ">":
            return Range(field, low=bound, include_low=sign == ">=")
        return Range(field, high=bound, include_high=sign == "<=")
    return FieldIs(field, value)
