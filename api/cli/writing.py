"""Commands that fill the ledger: ingest, template."""

from __future__ import annotations

import getpass
from asyncio import to_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, TypedDict

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from api.cli.run import Data, Json, caught_up, err, instant_of, out, print_json, with_ledger
from api.ledger import Ledger
from api.settings import settings
from ingest.registry import kinds, open_source
from ingest.report import Report
from ingest.source import Options
from ingest.source import Progress as Step
from ontology.errors import InvalidInput
from ontology.resource import Rank

RANKS = {rank.name.lower(): rank for rank in Rank}


def add_to(app: typer.Typer) -> None:
    app.command()(ingest)
    app.command()(template)


def ingest(
    kind: Annotated[str, typer.Argument(help="来源类型 / kind: " + " · ".join(kinds()))],
    target: Annotated[str, typer.Argument(help="文件、文件夹或地址 / file, folder or address")],
    source: Annotated[str, typer.Option("--as", help="来源名 / name of the source")] = "",
    rank: Annotated[str | None, typer.Option(help=" · ".join(RANKS))] = None,
    dry_run: Annotated[bool, typer.Option(help="只看会改变什么 / show what would change")] = False,
    strict: Annotated[bool, typer.Option(help="有一处错误就全部不写 / all or nothing")] = False,
    confirm: Annotated[bool, typer.Option(help="确认大量撤回 / allow large withdrawals")] = False,
    resume: Annotated[bool, typer.Option(help="从中断处继续 / go on after a break")] = False,
    bulk: Annotated[
        bool, typer.Option(help="批量导入百万行以上的文件 / for files of millions of lines")
    ] = False,
    namespace: str = "",
    database: str = "",
    schema: str = "",
    dialect: str = "",
    encoding: str = "",
    node: Annotated[str, typer.Option(help="目录节点 / catalogue node")] = "",
    region: Annotated[str, typer.Option(help="行政区划代码 / division code")] = "",
    type: Annotated[str, typer.Option(help="各行的类 / class of the rows")] = "",
    mapping: Annotated[str, typer.Option(help="列对应关系 YAML / columns")] = "",
    system: Annotated[str, typer.Option(help="所在系统 / system that hosts it")] = "",
    whole: Annotated[str, typer.Option(help="各行所属的条目 / what the rows are parts of")] = "",
    at: Annotated[str | None, typer.Option(help="交付日期 / date of delivery")] = None,
    reason: str = "",
    actor: str = "",
    rejected: Annotated[
        Path | None, typer.Option(help="被退回的行写到此 xlsx（jsonl 来源：jsonl）/ rejected rows")
    ] = None,
    json: Json = False,
    data: Data = None,
) -> int:
    """从来源导入 / read a source into the ledger."""
    if bulk and (dry_run or strict):
        raise InvalidInput("--bulk 不能与 --dry-run、--strict 同用 (not together with --bulk)")
    if rank is not None and rank not in RANKS:
        raise InvalidInput(f"--rank {rank!r}: 可用 / one of {', '.join(RANKS)}")
    from api.cli.printed import print_report  # only an import needs these, and they are many
    from ingest import bulk as many
    from ingest import rejected as rejected_rows
    from ingest.pipeline import ingest as run_source
    from ingest.schemas import LedgerSchemas
    from ontology.load import load_ontology

    if rejected and rejected.suffix != rejected_rows.ending_of(kind):
        ending = rejected_rows.ending_of(kind)
        raise InvalidInput(f"--rejected {rejected}: 文件名须以 {ending} 结尾 / name it *{ending}")
    missing: tuple[str, ...] = ()

    async def work(ledger: Ledger) -> Report:
        nonlocal missing
        options = Options(
            source=source,
            rank=RANKS[rank] if rank else None,
            namespace=namespace,
            database=database,
            schema=schema,
            dialect=dialect,
            encoding=encoding,
            node=node,
            region=region,
            type=type,
            mapping=mapping,
            system=system,
            schemas=LedgerSchemas(ledger.store, ledger.ontology),
            extra={"whole": whole} if whole else {},
        )
        opened = open_source(kind, target, options, ledger.ontology)
        delivered, head = instant_of(at), await ledger.store.head()
        if delivered and head and delivered < head.at:
            moved = f"{head.at.astimezone(ledger.mapping.home):%Y-%m-%d %H:%M:%S}"
            err.print(
                f"--at {at} 早于账本的最后提交，记为 / is before the last commit, taken as {moved}",
                highlight=False,
                soft_wrap=True,
            )
        with bar(quiet=json) as shown:
            told = Told(
                actor=actor or user(),
                confirm=confirm,
                resume=resume,
                at=delivered,
                reason=reason,
                progress=shown.step,
            )
            beside = not (dry_run or strict) and await to_thread(
                many.is_large, ledger.store, opened
            )
            if bulk or beside:
                files = partial(load_ontology, settings(data=data).ontology_files)
                lines = many.TRANSACTION if bulk else many.SHORT
                report = await many.load(ledger.store, opened, files, transaction=lines, **told)
            else:
                report = await run_source(
                    ledger.store, ledger.ontology, opened, dry_run=dry_run, strict=strict, **told
                )
            if report.commits:
                missing = await caught_up(ledger, shown.index)
                if not missing:
                    await ledger.projections.wait(report.commits[1], 5.0)
        return report

    report = with_ledger(data, work, catch_up=False, makes=True)
    if rejected and report.rejected:
        rejected_rows.write(rejected, report.rejected)
    if json:
        print_json(report.as_json() | {"missing": missing})
    else:
        print_report(report)
    if rejected and report.rejected and not json:
        out.print(f"被退回的行 / rejected rows: {rejected}", soft_wrap=True)
    left = report.counts.rejected - len(report.rejected)
    if rejected and left and not json:
        out.print(f"另有 {left} 行未写入该文件 / further rows are not in it (涉密、过长、过多)")
    return report.exit_code


class Told(TypedDict):
    """What every way of importing is told."""

    actor: str
    confirm: bool
    resume: bool
    at: datetime | None
    reason: str
    progress: Callable[[Step], None]


def template(
    name: Annotated[str, typer.Argument(metavar="CLASS", help="类，如 DataResource 或 数据资源")],
    target: Annotated[Path | None, typer.Option("--to", help="写到 / file to write")] = None,
    data: Data = None,
) -> int:
    """下载一个类的 Excel 模板 / the Excel template of a class."""
    from ingest.template import template as workbook
    from ontology.load import load_ontology

    model = load_ontology(settings(data=data).ontology_files)
    named = (t.name for t in model.types.values() if name in (t.name, t.label.zh, t.label.en))
    type = next(named, name)
    book = workbook(model, type)
    path = target or Path(f"{model.types[type].label.zh}.xlsx")
    book.save(path)
    out.print(f"{path}", soft_wrap=True)
    return 0


def user() -> str:
    """Who runs the command, for the commit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in this system's list
        return "local"


@contextmanager
def bar(*, quiet: bool) -> Iterator[Shown]:
    """Progress on the terminal, while it lasts."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=quiet,
    ) as progress:
        yield Shown(progress)


class Shown:
    """What is read, then what is indexed."""

    def __init__(self, progress: Progress) -> None:
        self._bar = progress
        self._reading = progress.add_task("读取 / reading", total=None)
        self._indexing: TaskID | None = None

    def step(self, step: Step) -> None:
        self._bar.update(
            self._reading,
            completed=step.done,
            total=step.total or None,
            description=f"读取 / reading {Text(step.what).plain}",
        )

    def copy(self, done: int, total: int) -> None:
        """`total` 0: not known beforehand."""
        said = "复制提交 / copying commits"
        self._bar.update(self._reading, completed=done, total=total or None, description=said)

    def index(self, done: int, total: int) -> None:
        if self._indexing is None:
            self._indexing = self._bar.add_task("索引 / indexing", total=total)
        self._bar.update(self._indexing, completed=done, total=total)
