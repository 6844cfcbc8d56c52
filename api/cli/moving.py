"""The command that moves a ledger from one store to another: copy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from api.cli.run import PROBLEMS, Data, Json, out, print_json
from api.cli.writing import bar
from api.settings import settings
from graph.copy import Copied, Told, copy
from graph.open import must_exist, open_store
from graph.store import GraphStore
from ingest.history import restore
from ontology.errors import InvalidInput
from ontology.load import load_ontology
from ontology.model import Ontology

TOLD = 20
"""Differences that are listed."""


def add_to(app: typer.Typer) -> None:
    app.command(name="copy")(copy_ledger)


def copy_ledger(
    target: Annotated[str, typer.Option("--to", help="目标存储 / store, as in MULU_GRAPH")],
    source: Annotated[
        str, typer.Option("--from", help="来源存储或历史文件 / store or file; this ledger")
    ] = "",
    deep: Annotated[
        bool, typer.Option("--deep", help="逐个核对全部资源 / compare every resource")
    ] = False,
    json: Json = False,
    data: Data = None,
) -> int:
    """把整本账连同历史搬到另一存储，可断点续做 / move a ledger with its history; resumable."""
    chosen = settings(data=data)
    model = load_ontology(chosen.ontology_files)
    with bar(quiet=json) as shown:
        if Path(source).is_file():
            work = _restored(Path(source), target, model, shown.copy)
        else:
            work = _copied(source or chosen.graph_url, target, model, deep, shown.copy)
        done = asyncio.run(work)
    if json:
        print_json(
            {
                "head": done.head,
                "hash": done.hash,
                "commits": done.commits,
                "compared": done.compared,
                "equal": not done.differences,
                "differences": list(done.differences[:TOLD]),
            }
        )
    else:
        _tell(done)
    return PROBLEMS if done.differences else 0


def _tell(done: Copied) -> None:
    out.print(
        f"已复制 {done.commits} 个提交，到提交 {done.head} / copied {done.commits} commits, up to "
        f"{done.head}  {done.hash[:16]}"
    )
    for difference in done.differences[:TOLD]:
        out.print(f"[red]不同 / differs[/] {escape(difference)}", soft_wrap=True)
    if not done.differences:
        out.print(f"一致 / equal: {done.compared} 个资源已核对 / resources compared")


async def _copied(source: str, target: str, model: Ontology, deep: bool, told: Told) -> Copied:
    if source == target:
        raise InvalidInput("来源与目标相同 / --from and --to are the same store")
    must_exist(source)
    async with _opened(source, model) as here, _opened(target, model) as there:
        return await copy(here, there, deep=deep, told=told)


async def _restored(file: Path, target: str, model: Ontology, told: Told) -> Copied:
    async with _opened(target, model) as there:
        return await restore(file, there, told)


@asynccontextmanager
async def _opened(url: str, model: Ontology) -> AsyncIterator[GraphStore]:
    store = open_store(url)
    try:
        await store.ensure(model)
        yield store
    finally:
        await store.close()
