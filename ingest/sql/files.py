"""The scripts of a target: which files, in which encoding, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final

from ingest.text_file import encoding_of, known
from ontology.errors import InvalidInput
from ontology.problem import Problem, Severity

MAX_SCRIPT: Final = 256 * 2**20
"""Bytes of one script; dumps with data should be made without them."""
SUFFIXES: Final = frozenset((".sql", ".ddl", ".hql", ".pks", ".pkb", ".prc", ".tab", ".vw", ".txt"))


@dataclass(frozen=True, slots=True)
class Script:
    """One file: its path relative to the target (with "/"), and where it lies."""

    name: str
    path: Path


def scripts(target: Path) -> list[Script]:
    """The target itself, or all scripts below the folder, by name. InvalidInput without any."""
    if target.is_file():
        return [Script(target.name, target)]
    if not target.is_dir():
        raise InvalidInput(f"没有这个文件或文件夹 (no such file or folder): {target}")
    found = [
        Script(path.relative_to(target).as_posix(), path)
        for path in sorted(target.rglob("*"))
        if path.suffix.lower() in SUFFIXES and path.is_file()
    ]
    if not found:
        kinds = " ".join(sorted(SUFFIXES))
        raise InvalidInput(f"文件夹里没有脚本 (no scripts in the folder): {target} ({kinds})")
    return found


def text_of(script: Script, encoding: str) -> Iterator[str | Problem]:
    """The text, after problems with it; only a problem if it cannot be read at all."""
    try:
        if script.path.stat().st_size > MAX_SCRIPT:
            yield _problem(
                script,
                f"文件超过 {MAX_SCRIPT // 2**20} MB，未读取 file too large",
                "导出时只导结构，不导数据 export the structure without the data",
                Severity.ERROR,
            )
            return
        found = known(encoding) if encoding else encoding_of(script.path)
        raw = script.path.read_bytes()
        text, flawed = _decoded(raw, found)
    except (OSError, InvalidInput) as error:
        yield _problem(
            script,
            f"文件打不开 cannot be opened: {error}",
            "核对权限与 --encoding check its permissions and --encoding",
            Severity.ERROR,
        )
        return
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        text = text.replace("\x00", "")
        yield _problem(
            script, "有空字符 NUL，已去掉 NUL characters removed", "重新导出该文件 export it again"
        )
    if flawed:
        yield _problem(
            script,
            f"有不属于 {found} 编码的字节 bytes that do not decode",
            "用 --encoding 指明编码 give --encoding",
        )
    yield text


def _decoded(raw: bytes, encoding: str) -> tuple[str, bool]:
    """The text, and whether some bytes were not of that encoding."""
    try:
        return raw.decode(encoding), False
    except UnicodeDecodeError:
        return raw.decode(encoding, "replace"), True


def _problem(
    script: Script, what: str, mend: str, severity: Severity = Severity.WARNING
) -> Problem:
    try:
        with script.path.open("rb") as content:
            digest = file_digest(content, "sha256").hexdigest()
    except OSError:
        digest = ""
    return Problem(what, mend, severity, file=script.name, rule="sql", digest=digest)
