"""Commands that look after the ledger: verify, reindex, export, backup."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.markup import escape

from api.cli.run import PROBLEMS, Data, Json, err, out, print_json, with_ledger
from api.cli.writing import bar
from api.export import lines
from api.ledger import Ledger
from ingest import history
from ontology.errors import InvalidInput
from ontology.viewer import LOCAL


def add_to(app: typer.Typer) -> None:
    for command in (verify, reindex, export, backup):
        app.command()(command)


def verify(
    repair: Annotated[bool, typer.Option("--repair", help="修好 / mend what is wrong")] = False,
    json: Json = False,
    data: Data = None,
) -> int:
    """核对账本、检索与影响索引 / check the record and both projections against it."""

    async def work(ledger: Ledger) -> int:
        flaws: list[dict[str, Any]] = []
        async for flaw in ledger.projections.verify(repair=repair):
            flaws.append({"part": flaw.part, "what": flaw.what, "where": flaw.where})
            if not json:
                out.print(
                    f"[red]{flaw.part}[/] {escape(f'{flaw.what} {flaw.where}')}", soft_wrap=True
                )
        # What was mended is looked at again: a broken chain, a damaged file stay as they are.
        left = [f async for f in ledger.projections.verify()] if repair and flaws else []
        repaired = bool(repair and flaws and not left)
        if json:
            print_json({"sound": not flaws, "repaired": repaired, "flaws": flaws})
        elif not flaws:
            out.print("账本完好 / the ledger is sound")
        elif repaired:
            out.print("已修好 / repaired")
        elif repair:
            out.print(
                f"[red]有 {len(left)} 处修不好，请恢复备份 / {len(left)} cannot be repaired: "
                "restore a backup[/]"
            )
        return 0 if not flaws or repaired else PROBLEMS

    return with_ledger(data, work)


def reindex(data: Data = None) -> int:
    """重建检索与影响索引 / build both projections anew from the record."""

    async def work(ledger: Ledger) -> None:
        with bar(quiet=False) as shown:
            fresh = await ledger.projections.reindex(shown.index)
        out.print(f"已重建到提交 {fresh.head} / rebuilt up to commit {fresh.head}")

    with_ledger(data, work, catch_up=False)
    return 0


def export(
    target: Annotated[str, typer.Argument(help="文件，- 为标准输出 / file, - for standard output")],
    whole: Annotated[
        bool, typer.Option("--history", help="连同全部历史 / the whole history: for mulu copy")
    ] = False,
    data: Data = None,
) -> int:
    """导出当前状态（JSON Lines，无损）/ export the current state, lossless."""

    async def work(ledger: Ledger) -> int:
        count = 0
        async for line in history.lines(ledger.store) if whole else lines(ledger, LOCAL):
            file.write(line)
            count += 1
        return count

    if target == "-":
        file: BinaryIO = sys.stdout.buffer
        count = with_ledger(data, work, catch_up=False)
        file.flush()
    elif Path(target).exists() and not Path(target).is_file():  # a pipe or a device
        with Path(target).open("wb") as file:
            count = with_ledger(data, work, catch_up=False)
    else:  # an old export stays until the new one is whole
        part = Path(f"{target}.part")
        try:
            with part.open("wb") as file:
                count = with_ledger(data, work, catch_up=False)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    err.print(f"{count} 行 / lines")
    return 0


def backup(
    target: Annotated[Path, typer.Argument(help="新文件 / a new file")],
    data: Data = None,
) -> int:
    """备份账本，可在运行中进行 / a consistent copy, also while a server runs."""
    if target.exists():
        raise InvalidInput(f"{target} 已存在，请另选文件 / exists; name a new file")

    async def work(ledger: Ledger) -> None:
        await ledger.store.backup(str(target))

    with_ledger(data, work, catch_up=False)
    out.print(f"已备份 / backed up: {target}", soft_wrap=True)
    return 0
