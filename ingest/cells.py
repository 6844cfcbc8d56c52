"""The text of a cell → the value of an attribute.

Forms write one thing in many ways: 2025/4/27, 2025年4月27日 or the bare number 45774; 是, √ or
非敏感; 每天 for 每日. What cannot be understood is kept as text, so that validation can name it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from ontology.model import Attribute, CodeList, Datatype, Ontology
from ontology.resource import Scalar, Value

EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's numbers, as they count from 1900-03-01 on."""
SERIALS = range(20_000, 80_000)
"""Bare numbers that are taken for days in a date column: 1954 to 2119."""

STRONG_CUT = re.compile(r"[；;\n\r|]+")
WEAK_CUT = re.compile(r"[；;\n\r|、，,]+")

TRUE = frozenset({"是", "true", "1", "y", "yes", "√", "✓", "有", "t", "需要", "已", "对"})
FALSE = frozenset({"否", "false", "0", "n", "no", "×", "x", "无", "f", "不需要", "未", "错", "-"})
NEGATIONS = ("非", "不", "未", "无")


def plain(text: str) -> str:
    """Full width to half width, surrounding blanks gone, one blank for several."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def several(text: str, *, weak: bool = True) -> tuple[str, ...]:
    """The parts of a cell with more than one value, in order, each once. `weak`: commas and
    、 cut too; without, only ；, | and line ends, which no name contains."""
    cut = WEAK_CUT if weak else STRONG_CUT
    return tuple(dict.fromkeys(part for raw in cut.split(text) if (part := raw.strip())))


@dataclass(frozen=True, slots=True)
class Cells:
    """Reads cells for one ontology: its code lists by every word that names a code."""

    codes: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, ontology: Ontology) -> Self:
        return cls({name: _words(codes) for name, codes in ontology.code_lists.items()})

    def value(self, text: str, attribute: Attribute) -> Value | None:
        """The value that this text means; None where it is blank. Text that is no value of
        the datatype is returned as it stands (and refused by validation)."""
        text = text.strip()
        if not text:
            return None
        if not attribute.many:
            return self._scalar(text, attribute)
        whole = self.code(text, attribute)
        if whole is not None:
            return (whole,)
        parts = several(text, weak=attribute.datatype is not Datatype.TEXT)
        return tuple(dict.fromkeys(self._scalar(part, attribute) for part in parts)) or None

    def code(self, text: str, attribute: Attribute) -> str | None:
        """The notation of the code that this text names, by notation, label or synonym."""
        return self.codes.get(attribute.code_list or "", {}).get(_code_key(text))

    def _scalar(self, text: str, attribute: Attribute) -> Scalar:
        if attribute.code_list is not None:
            return self.code(text, attribute) or text
        if attribute.datatype is Datatype.BOOLEAN and (
            attribute.true_words or attribute.false_words
        ):
            told = _told(text, attribute)
            if told is not None:
                return told
        reader = READERS.get(attribute.datatype)
        value = reader(plain(text)) if reader is not None else None
        return text if value is None else value


def _told(text: str, attribute: Attribute) -> bool | None:
    """Yes or no in the words of this attribute alone: 涉密, 非涉密."""
    key = _code_key(text)
    if key in map(_code_key, attribute.true_words):
        return True
    return False if key in map(_code_key, attribute.false_words) else None


def _words(codes: CodeList) -> Mapping[str, str]:
    """Each word → notation; a notation beats a label, a label another code's synonym."""
    found: dict[str, str] = {}
    for code in codes.codes:
        found.setdefault(_code_key(code.notation), code.notation)
    for code in codes.codes:
        found.setdefault(_code_key(code.label.zh), code.notation)
        found.setdefault(_code_key(code.label.en), code.notation)
    for code in codes.codes:
        for synonym in code.synonyms:
            found.setdefault(_code_key(synonym), code.notation)
    found.pop("", None)
    return found


def _code_key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


# --- numbers, truth, dates ---------------------------------------------------------------


def integer(text: str) -> int | None:
    """A whole number, with or without thousands separators."""
    found = re.fullmatch(r"([+-]?\d{1,3}(?:,\d{3})+|[+-]?\d+)(?:\.0*)?", text)
    return int(found[1].replace(",", "")) if found and len(found[1]) <= 18 else None


def decimal(text: str) -> float | None:
    """A number; thousands separators and an exponent are read."""
    if not re.fullmatch(r"[+-]?[\d,]*\.?\d+(?:[eE][+-]?\d+)?%?", text) or len(text) > 40:
        return None
    number = float(text.rstrip("%").replace(",", ""))
    return number / 100 if text.endswith("%") else number


def boolean(text: str) -> bool | None:
    """Yes or no in the forms' many words: 是, √, 敏感 are true; 否, ×, 非敏感, 不涉密 false."""
    word = text.casefold()
    if word in TRUE:
        return True
    if word in FALSE or word.startswith(NEGATIONS):
        return False
    return None


_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?|\s*月)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"[T ]?\s*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?)?.*")


def day(text: str) -> str | None:
    """A date as ISO 8601; a month or a year alone means its first day."""
    instant = moment(text)
    return instant[:10] if instant is not None else None


def moment(text: str) -> str | None:
    """An instant as ISO 8601, without a zone; a date alone is its midnight."""
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in SERIALS:
        days = float(text)
        whole = datetime(EPOCH.year, EPOCH.month, EPOCH.day) + timedelta(days=days)
        return whole.replace(microsecond=0).isoformat()
    if re.fullmatch(r"\d{4}年?", text):
        return _instant(text[:4], "1", "1", "")
    found = _DAY.match(text) or _COMPACT.match(text)
    return _instant(found[1], found[2], found[3] or "1", text[found.end() :]) if found else None


def _instant(year: str, month: str, of_month: str, rest: str) -> str | None:
    hour = minute = second = 0
    if rest.strip():
        found = _TIME.fullmatch(rest.strip())
        if found is None:
            return None
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    try:
        whole = datetime(int(year), int(month), int(of_month), hour, minute, second)
    except ValueError:
        return None
    return whole.isoformat()


READERS: Mapping[Datatype, Callable[[str], Scalar | None]] = {
    Datatype.INTEGER: integer,
    Datatype.DECIMAL: decimal,
    Datatype.BOOLEAN: boolean,
    Datatype.DATE: day,
    Datatype.DATETIME: moment,
}
