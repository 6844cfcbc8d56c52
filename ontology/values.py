"""One value as it came → the value as the ledger keeps it, by datatype.

`reader(attribute, code_lists)` makes one plain function per attribute, once. It takes a
scalar and returns `Read`: the value (None: not usable, or meant as "none"), and what is wrong
with it in words, "" when nothing is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache

from ontology.checks import CHECKS, WARN_ONLY
from ontology.identity import simplified
from ontology.model import Attribute, CodeList, Datatype
from ontology.resource import Scalar


@dataclass(frozen=True, slots=True)
class Read:
    """`value` None: nothing usable. `fault` says what is wrong, `mend` how to put it right;
    a `mild` fault keeps its value. `other`: the code list does not know it and calls it
    其他; what was written belongs into the attribute that explains it."""

    value: Scalar | None
    fault: str = ""
    mend: str = ""
    mild: bool = False
    other: str = ""


Reader = Callable[[Scalar], Read]

EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's day numbers."""
_SERIALS = (10_000.0, 80_000.0)  # 1927 to 2119: what a bare number in a date may mean
_LARGEST = 2**53  # what every store, JSON and JavaScript keep exactly
_OPEN_END = frozenset({"至今", "长期", "长期有效", "现在", "目前", "永久"})
_TRUE = frozenset({"是", "true", "1", "y", "yes", "√", "✓", "有", "t", "真", "需要", "对"})
_FALSE = frozenset({"否", "false", "0", "n", "no", "×", "✗", "x", "无", "f", "假", "不需要", "错"})
_DATE = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))"
    r"(?:[T\s]*(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})(?:\.\d+)?秒?)?分?\s*"
    r"(Z|[+-]\d{2}:?\d{2})?)?"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def reader(attribute: Attribute, code_lists: Mapping[str, CodeList]) -> Reader:
    """The function that reads one value of this attribute."""
    if attribute.datatype is Datatype.CODE and attribute.code_list:
        return _code_reader(attribute, code_lists[attribute.code_list])
    if attribute.datatype is Datatype.BOOLEAN:
        return _boolean_reader(attribute)
    if attribute.datatype in _PLAIN:
        return _PLAIN[attribute.datatype]
    return _text_reader(attribute)


# --- text -----------------------------------------------------------------------------


def _text_reader(attribute: Attribute) -> Reader:
    longest = attribute.max_length or 0
    matches = re.compile(attribute.pattern).search if attribute.pattern else None
    check = CHECKS[attribute.check] if attribute.check else None
    warn_only = attribute.check in WARN_ONLY
    upper = attribute.check in ("uscc", "usccOrOrgCode", "orgCode", "citizenId")
    keep_lines = attribute.datatype is Datatype.TEXT

    def read(raw: Scalar) -> Read:
        text = raw if type(raw) is str else plain_text(raw)
        if not text.isprintable():
            text = _printable(text, keep_lines)
        text = text.strip()
        if not text:
            return _NOTHING
        if check is not None:
            if upper and text != text.upper():
                return _checked(text.upper(), check(text.upper()), warn_only, lower=True)
            if fault := check(text):
                return _checked(text, fault, warn_only)
        if matches is not None and not matches(text):
            return Read(
                None, f"格式不符：{attribute.pattern} (does not match)", "请按规定的格式填写"
            )
        if longest and len(text) > longest:
            return Read(
                text, f"超过 {longest} 字，有 {len(text)} 字 (too long)", "请缩短", mild=True
            )
        return Read(text)

    return read


def _checked(text: str, fault: str, warn_only: bool, *, lower: bool = False) -> Read:
    if fault:
        return Read(text if warn_only else None, fault, "请核对原件后改正", mild=warn_only)
    if lower:
        return Read(text, "含小写字母，已改为大写 (lower case mended)", "请用大写字母", mild=True)
    return Read(text)


def plain_text(raw: Scalar) -> str:
    """A number as people write it: 12.0 is 12."""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw)


def _printable(text: str, keep_lines: bool) -> str:
    """Without control characters; line ends stay in long text and are blanks elsewhere."""
    kept = []
    for c in text:
        if c in "\n\t\r":
            kept.append(("\n" if c == "\n" else " ") if keep_lines else " ")
        elif not unicodedata.category(c).startswith("C") or c == "\u200d":
            kept.append(c)
    return "".join(kept)


def _uri(raw: Scalar) -> Read:
    text = str(raw).strip()
    if not text:
        return _NOTHING
    if text.lower().startswith("www."):
        text = "http://" + text
    if not _URI.fullmatch(text):
        return Read(None, "不是网址 (not a URI)", "请写完整的网址，如 https://example.cn/data")
    return Read(text)


# --- codes and booleans ----------------------------------------------------------------


def word_key(text: str) -> str:
    """The form in which words of a code list are compared."""
    return "".join(simplified(unicodedata.normalize("NFKC", text)).casefold().split())


def words_of(codes: CodeList) -> dict[str, str]:
    """Every word that names a code (folded) → its notation. A notation beats a label, a
    label another code's synonym."""
    found: dict[str, str] = {}
    for code in codes.codes:
        found.setdefault(word_key(code.notation), code.notation)
    for code in codes.codes:
        found.setdefault(word_key(code.label.zh), code.notation)
        found.setdefault(word_key(code.label.en), code.notation)
    for code in codes.codes:
        for synonym in code.synonyms:
            found.setdefault(word_key(synonym), code.notation)
    return found


def _code_reader(attribute: Attribute, codes: CodeList) -> Reader:
    known = {code.notation: Read(code.notation) for code in codes.codes}
    words = words_of(codes)
    allowed = "、".join(code.notation for code in codes.codes)
    other = attribute.other_note is not None and words.get(word_key("其他"))

    @lru_cache(maxsize=1024)
    def by_word(text: str) -> Read:
        if not text.strip():
            return _NOTHING
        notation = words.get(word_key(text))
        if notation is not None:
            return known[notation]
        if other:
            return Read(other, other=text.strip())
        near = get_close_matches(word_key(text), words, n=1, cutoff=0.5)
        hint = f"；是否为“{words[near[0]]}”？" if near else ""
        fault = f"“{_short(text)}”不在{codes.label.zh}代码表中 (not in the code list)"
        if codes.open:
            return Read(text.strip(), fault, f"已按原文保留；已有：{allowed}{hint}", mild=True)
        return Read(None, fault, f"请改为其中之一：{allowed}{hint}")

    def read(raw: Scalar) -> Read:
        found = known.get(raw) if type(raw) is str else None
        return found if found is not None else by_word(_code_text(raw))

    return read


def _code_text(raw: Scalar) -> str:
    return ("是" if raw else "否") if isinstance(raw, bool) else plain_text(raw)


def _boolean_reader(attribute: Attribute) -> Reader:
    true = _TRUE | {word_key(w) for w in attribute.true_words}
    false = _FALSE | {word_key(w) for w in attribute.false_words}

    def read(raw: Scalar) -> Read:
        if type(raw) is bool:
            return _YES if raw else _NO
        word = word_key(plain_text(raw))
        if not word:
            return _NOTHING
        if word in true:
            return _YES
        if word in false:
            return _NO
        return Read(None, f"“{_short(str(raw))}”不是“是”或“否” (not a boolean)", "请填写“是”或“否”")

    return read


# --- numbers and times -----------------------------------------------------------------


def _integer(raw: Scalar) -> Read:
    if type(raw) is int:
        return Read(raw) if abs(raw) < _LARGEST else _TOO_LARGE
    number = _number(raw)
    if number is None or not number.is_integer():
        return _NO_INTEGER if str(raw).strip() else _NOTHING
    return Read(int(number)) if abs(number) < _LARGEST else _TOO_LARGE


def _decimal(raw: Scalar) -> Read:
    number = float(raw) if type(raw) is int or type(raw) is float else _number(raw)
    if number is None or not abs(number) < 1e300:
        return _NO_NUMBER if str(raw).strip() else _NOTHING
    return Read(number)


def _number(raw: Scalar) -> float | None:
    """A finite number, from text too; grouped thousands are understood."""
    if isinstance(raw, bool):
        return None
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None  # not for nan and inf either


def _date(raw: Scalar) -> Read:
    return _time(raw, with_clock=False)


def _datetime(raw: Scalar) -> Read:
    return _time(raw, with_clock=True)


def _time(raw: Scalar, *, with_clock: bool) -> Read:
    if isinstance(raw, str):
        return _written_time(raw, with_clock)
    return _serial(float(raw), with_clock) or _NO_DATE


@lru_cache(maxsize=65_536)
def _written_time(raw: str, with_clock: bool) -> Read:
    text = unicodedata.normalize("NFKC", raw).strip()
    if not text or text in _OPEN_END:
        return _NOTHING
    match = _DATE.fullmatch(text)
    if match is None:
        number = _number(text)
        return (number is not None and _serial(number, with_clock)) or _NO_DATE
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    try:
        moment = datetime(
            int(year), int(month), int(day),
            int(match[6] or 0), int(match[7] or 0), int(match[8] or 0),
        )  # fmt: skip
    except ValueError:
        return Read(None, "没有这一天 (no such day)", "请核对年月日")
    if not with_clock:
        return Read(moment.date().isoformat())
    return Read(moment.isoformat() + (match[9] or ""))


def _serial(number: float, with_clock: bool) -> Read | None:
    """Excel's day number (45774 is 2025-04-27)."""
    if not _SERIALS[0] <= number <= _SERIALS[1]:
        return None
    day = EPOCH + timedelta(days=int(number))
    if not with_clock:
        return Read(day.isoformat())
    seconds = round((number - int(number)) * 86_400)
    moment = datetime.combine(day, datetime.min.time()) + timedelta(seconds=seconds)
    return Read(moment.isoformat())


def _short(text: str, longest: int = 40) -> str:
    text = text.strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"


_NOTHING = Read(None)
_YES, _NO = Read(True), Read(False)
_NO_INTEGER = Read(None, "不是整数 (not an integer)", "请填写整数")
_NO_NUMBER = Read(None, "不是数字 (not a number)", "请填写不带单位的数字")
_TOO_LARGE = Read(None, "数字太大 (too large)", "请核对")
_NO_DATE = Read(None, "不是日期 (not a date)", "请写成 2025-04-27")
_PLAIN: Mapping[Datatype, Reader] = {
    Datatype.INTEGER: _integer,
    Datatype.DECIMAL: _decimal,
    Datatype.DATE: _date,
    Datatype.DATETIME: _datetime,
    Datatype.URI: _uri,
}
