"""Commands that follow links: impact (what a change reaches) and lineage."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api import answers
from api.cli.reading import At, label
from api.cli.run import Data, Json, at_of, out, print_json, with_ledger
from api.ledger import Ledger
from graph.impact import Affected, Change, ImpactAnswer, Limits, Question
from graph.lineage import LineageAnswer, LineageQuestion
from ontology.errors import InvalidInput
from ontology.model import Certainty, Kind
from ontology.resource import ResourceId
from ontology.viewer import LOCAL

ASKED = [str(kind) for kind in Kind if kind not in (Kind.BROKEN, Kind.STALE, Kind.NOTIFY)]
SHOWN = 40
MARKS = {Certainty.EXACT: "确定", Certainty.INDIRECT: "间接", Certainty.COARSE: "粗略"}
EFFECTS = {"breaks": "受损", "must adapt": "须适配", "stale": "不再更新", "notify": "告知"}


def add_to(app: typer.Typer) -> None:
    app.command()(impact)
    app.command()(lineage)


def impact(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="将要改变的资源 / what changes")],
    change: Annotated[str, typer.Option(help=" · ".join(ASKED))] = "remove",
    at: At = None,
    why: Annotated[bool, typer.Option("--why", help="逐段路径与依据 / the whole path")] = False,
    depth: Annotated[int | None, typer.Option(min=1, help="最多几步 / steps at most")] = None,
    certainty: Annotated[
        list[str] | None, typer.Option(help="exact · indirect · coarse，可重复 / repeatable")
    ] = None,
    type: Annotated[list[str] | None, typer.Option(help="只列这些类 / classes to list")] = None,
    json: Json = False,
    data: Data = None,
) -> int:
    """一处改变波及什么 / what a change reaches: affected and touched, and who answers for it."""
    question = Question(
        changes=tuple(Change(ResourceId(id), _kind(change)) for id in ids),
        at=at_of(at),
        limits=Limits(depth=depth) if depth else Limits(),
        only=frozenset(_certainty(c) for c in certainty) if certainty else frozenset(Certainty),
        types=frozenset(type or ()),
        first=None if json else SHOWN,
        why=why,
    )

    async def work(ledger: Ledger) -> None:
        answer = await ledger.impact(question, LOCAL)
        if json:
            print_json(answers.impact(answer))
        else:
            _print_impact(ledger, answer)

    with_ledger(data, work, catch_up=False)
    return 0


def _kind(text: str) -> Kind:
    if text not in ASKED:
        raise InvalidInput(f"--change {text!r}: 可用 / one of {', '.join(ASKED)}")
    return Kind(text)


def _certainty(text: str) -> Certainty:
    if text not in list(Certainty):
        raise InvalidInput(f"--certainty {text!r}: exact, indirect, coarse")
    return Certainty(text)


def _print_impact(ledger: Ledger, answer: ImpactAnswer) -> None:
    counts = answer.counts
    out.print(
        f"受影响 / affected: 确定 exact {counts['exact']} · 间接 indirect {counts['indirect']} · "
        f"粗略 coarse {counts['coarse']}    涉及 / touched: {counts['touched']}",
        highlight=False,
        soft_wrap=True,
    )
    table = Table("", "把握", "资源", "类", "步", "经由", "谁负责", box=None)
    for found in (*answer.affected, *answer.touched):
        table.add_row(
            EFFECTS[found.effect],
            MARKS[found.certainty] if found in answer.affected else "",
            Text.assemble(found.title, (f"  {found.id}", "dim")),
            label(ledger, found.type),
            str(found.depth),
            ledger.ontology.links[found.via].label.zh if found.via in ledger.ontology.links else "",
            Text(" ".join(p for p in (found.department_title or "无人", found.contact) if p)),
        )
        _add_path(table, found)
    out.print(table)
    if answer.next:
        rest = sum(counts.values()) - answer.next
        out.print(f"…… 另有 {rest} 项 / {rest} more（--json 可见全部 / shows all）", style="dim")
    for cut in answer.cut:
        out.print(
            f"[yellow]未完 / cut[/] {cut.limit} · {cut.among} · {cut.count}: "
            + "、".join(cut.resources),
            soft_wrap=True,
        )


def _add_path(table: Table, found: Affected) -> None:
    for step in found.path:
        rule = f"  {step.rule}" if step.rule else ""
        job = f"  作业 {step.job}" if step.job else ""
        text = Text(f"    {step.origin} → {step.target}{rule}{job}  [{step.source}]", "dim")
        table.add_row("", "", text, step.type, "", "", "")


def lineage(
    id: Annotated[str, typer.Argument(help="数据集或字段 / dataset or field")],
    upstream: Annotated[bool, typer.Option("--upstream", help="只看来源 / toward origin")] = False,
    downstream: Annotated[bool, typer.Option("--downstream", help="只看去向 / toward use")] = False,
    depth: Annotated[int | None, typer.Option(min=1, help="最多几步 / steps at most")] = None,
    at: At = None,
    json: Json = False,
    data: Data = None,
) -> int:
    """数据血缘 / where data come from and where they go."""
    both = upstream == downstream
    question = LineageQuestion(
        resource=ResourceId(id),
        upstream=upstream or both,
        downstream=downstream or both,
        depth=depth,
        at=at_of(at),
    )

    async def work(ledger: Ledger) -> None:
        answer = await ledger.lineage(question, LOCAL)
        if json:
            print_json(answers.lineage(answer))
        else:
            _print_lineage(answer)

    with_ledger(data, work, catch_up=False)
    return 0


def _print_lineage(answer: LineageAnswer) -> None:
    titles = {node.id: node.title for node in answer.nodes}
    table = Table("来自", "去向", "方式", "规则", "作业", box=None)
    for edge in answer.edges:
        table.add_row(
            Text.assemble(titles.get(edge.origin, "?"), (f"  {edge.origin}", "dim")),
            Text.assemble(titles.get(edge.use, "?"), (f"  {edge.use}", "dim")),
            edge.kind,
            Text(edge.rule),
            Text(edge.job),
        )
    out.print(table)
    out.print(
        f"{len(answer.nodes)} 个节点 / nodes · {len(answer.edges)} 条血缘 / edges"
        + ("" if answer.complete else "  [yellow]未完 / cut[/]")
    )
