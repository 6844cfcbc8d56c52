"""An answer handed over: as a report, to a file or to standard output where it is text; as JSON;
or as tables for the terminal."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

import typer

from api.cli.run import print_json, with_linked
from api.linked import Linked
from api.report.format import Format, Parts, written
from ontology.errors import InvalidInput

A = TypeVar("A")

FORMATS = " · ".join(Format)

Form = Annotated[str | None, typer.Option("--format", help=f"报告 / report: {FORMATS}")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="写到此文件，后缀即格式 / to a file, its ending tells"),
]


def format_of(said: str | None, output: Path | None) -> Format | None:
    """The form asked for, by name or by the file's ending; None: for the terminal. Raises
    InvalidInput."""
    if said is None and output is None:
        return None
    name = said or (output.suffix.lstrip(".").lower() if output else "")
    if name not in list(Format):
        raise InvalidInput(f"--format {name!r}: 可用 / one of {', '.join(Format)}")
    if name == Format.XLSX and output is None:
        raise InvalidInput("--format xlsx 要有 --output 文件 / needs --output FILE.xlsx")
    return Format(name)


@dataclass(frozen=True, slots=True)
class Shapes(Generic[A]):
    """One question, and how its answer is said in each shape."""

    ask: Callable[[Linked], Awaitable[A]]
    flat: Callable[[A], Any]
    shown: Callable[[Linked, A], None]
    report: Callable[[Linked], Parts]


def deliver(
    shapes: Shapes[A], data: Path | None, form: Format | None, output: Path | None, *, json: bool
) -> int:
    """Ask the ledger, and say it in the shape that is wanted; the exit code."""

    async def work(ledger: Linked) -> None:
        if form is not None:
            await _write(shapes.report(ledger), form, output)
            return
        found = await shapes.ask(ledger)
        if json:
            print_json(shapes.flat(found))
        else:
            shapes.shown(ledger, found)

    with_linked(data, work)
    return 0


async def _write(parts: Parts, format: Format, output: Path | None) -> None:
    """Write the report as it is made. A file appears only when it is whole."""
    if output is None:
        async for chunk in written(parts, format):
            sys.stdout.write(chunk.decode())
        return
    folder = output.parent
    if not folder.is_dir():
        raise InvalidInput(f"--output: 没有这个文件夹 / there is no folder {folder}")
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            async for chunk in written(parts, format):
                file.write(chunk)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)  # as any new file, not as a temporary one
        os.replace(name, output)
    except BaseException:
        os.unlink(name)
        raise
