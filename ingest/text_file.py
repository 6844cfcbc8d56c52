"""Text files from anywhere: the encoding is found out, every line is bounded.

UTF-8 (with or without BOM), UTF-16 with BOM, GB18030 (and so GBK, GB2312) and Big5 are told
apart. NUL characters are taken out and mentioned; a line longer than MAX_LINE is left out and
mentioned; what does not decode becomes U+FFFD and is mentioned. Nothing of the rest is lost.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ontology.errors import InvalidInput

MAX_FILE = 512 * 2**20
"""Bytes of a text file; larger ones should be split."""
MAX_LINE = 4 * 2**20
"""Bytes of one line."""
TOO_LONG = f"一行超过 {MAX_LINE // 2**20} MB (line too long)，未读取"
SAMPLE = 2**20
"""Bytes that the encoding is found out from."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

COMMON = frozenset(
    "的一是不了在人有我他这中大来上个国和地到以说时要就出会可也你对生能而子那得于着下自之年过发后"
    "作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前"
    "开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很"
    "最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次"
    "度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总"
    "何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决"
    "治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张"
    "該這個們時會來國說對於為學過後發經動裡現當沒開關點業將兩間問應戰頭體見產給話門東聲員論處義"
    "幾認條氣題爾別變總電數報結無從實軍與長機進還樣種麼著縣鎮鄉稱號碼類費單據資訊機構環區錄務"
    "局编编码代码名称类型描述目录信息部门系统提供标准共享开放更新周期编号地址电话日期說明網站資料"
)
"""Frequent characters, simplified and traditional: text decoded wrongly has few of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end. `flaw` tells what was wrong with it ("" nothing)."""

    number: int
    text: str
    flaw: str = ""


def encoding_of(path: Path) -> str:
    """The encoding of the file, from its first mebibyte; a Python codec name."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise InvalidInput(
                f"{path.name} 超过 {MAX_FILE // 2**20} MB (file too large)；请拆成几个较小的文件"
            )
        with path.open("rb") as file:
            sample = file.read(SAMPLE)
            whole = not file.read(1)
    except OSError as error:
        raise InvalidInput(f"{path.name} 打不开 (cannot be opened): {error.strerror}") from error
    return guess(sample, whole=whole)


def guess(sample: bytes, *, whole: bool = True) -> str:
    """The encoding of these bytes; `whole` False: they may end within a character."""
    for bom, name in BOMS:
        if sample.startswith(bom):
            return name
    if _decoded(sample, "utf-8", whole) is not None:
        return "utf-8"
    scored = [
        (_familiar(text), name)
        for name in ("gb18030", "big5hkscs")
        if (text := _decoded(sample, name, whole)) is not None
    ]
    if scored:
        return max(scored, key=lambda pair: pair[0])[1]
    lenient = [(_familiar(sample.decode(n, "replace")), n) for n in ("utf-8", "gb18030", "big5")]
    return max(lenient, key=lambda pair: pair[0])[1]


def _decoded(sample: bytes, encoding: str, whole: bool) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        return decoder.decode(sample, whole)
    except UnicodeDecodeError:
        return None


def _familiar(text: str) -> float:
    """The share of frequent characters among those beyond ASCII, 0 to 1."""
    foreign = [character for character in text[:200_000] if character > "\x7f"]
    return sum(c in COMMON or c in "，。、；：（）《》“”" for c in foreign) / (len(foreign) or 1)


def known(encoding: str) -> str:
    """The encoding that the caller names. Raises InvalidInput where there is none such."""
    try:
        b"a".decode(encoding, "replace")
    except (LookupError, ValueError) as error:
        raise InvalidInput(
            f"没有名为 {encoding} 的编码 (unknown encoding)；常用: utf-8、gb18030、big5"
        ) from error
    return encoding


def lines(path: Path, encoding: str = "", *, offset: int = 0) -> Iterator[Line]:
    """The lines of the file, from the byte `offset` on; an unknown `encoding` is found out."""
    encoding = known(encoding) if encoding else encoding_of(path)
    wide = encoding.startswith("utf-16")
    if wide:
        yield from _wide_lines(path, encoding)
        return
    with path.open("rb") as file:
        file.seek(offset)
        for number, (raw, long) in enumerate(bounded(file), 1):
            if long:
                yield Line(number, "", TOO_LONG)
            else:
                yield _line(number, raw, encoding)
            if encoding == "utf-8-sig":
                encoding = "utf-8"  # the mark stands before the first line only


def bounded(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether it was too long (then it is empty)."""
    while raw := file.readline(MAX_LINE):
        if len(raw) < MAX_LINE or raw.endswith(b"\n"):
            yield raw, False
            continue
        while (more := file.readline(MAX_LINE)) and not more.endswith(b"\n"):
            pass
        yield b"", True


def _wide_lines(path: Path, encoding: str) -> Iterator[Line]:
    with path.open(encoding=encoding, errors="replace", newline=None) as file:
        number = 0
        while text := file.readline(MAX_LINE):
            number += 1
            if len(text) == MAX_LINE and not text.endswith("\n"):
                while (more := file.readline(MAX_LINE)) and not more.endswith("\n"):
                    pass
                yield Line(number, "", TOO_LONG)
                continue
            yield _cleaned(number, text.lstrip("\ufeff") if number == 1 else text, "")


def _line(number: int, raw: bytes, encoding: str) -> Line:
    try:
        return _cleaned(number, raw.decode(encoding), "")
    except UnicodeDecodeError:
        flaw = f"有不属于 {encoding} 编码的字节 (bytes that do not decode)，已换成 �"
        return _cleaned(number, raw.decode(encoding, "replace"), flaw)


def _cleaned(number: int, text: str, flaw: str) -> Line:
    if "\x00" in text:
        text = text.replace("\x00", "")
        flaw = flaw or "有空字符 NUL，已去掉 (NUL characters removed)"
    return Line(number, text.rstrip("\r\n"), flaw)
