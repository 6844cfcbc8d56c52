"""Commands that follow data: lineage, and origins, where it comes from at last."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api import answers
from api.cli.delivery import Form, Output, Shapes, deliver, format_of
from api.cli.run import At, Data, Json, at_of, out
from api.linked import Linked
from api.report.lineage import lineage_report
from api.report.origins import STANDINGS, cut_words, origins_report, verdict
from graph.lineage import ROOM, LineageAnswer, LineageQuestion
from graph.origins import OriginsAnswer, OriginsQuestion, Placed
from ontology.resource import ResourceId
from ontology.viewer import LOCAL


def add_to(app: typer.Typer) -> None:
    app.command()(lineage)
    app.command()(origins)


def lineage(
    id: Annotated[str, typer.Argument(help="数据集或字段 / dataset or field")],
    upstream: Annotated[bool, typer.Option("--upstream", help="只看来源 / toward origin")] = False,
    downstream: Annotated[bool, typer.Option("--downstream", help="只看去向 / toward use")] = False,
    depth: Annotated[int | None, typer.Option(min=1, help="最多几步 / steps at most")] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="每个方向最多资源数 / resources each way, at most")
    ] = ROOM,
    at: At = None,
    json: Json = False,
    format: Form = None,
    output: Output = None,
    data: Data = None,
) -> int:
    """数据血缘 / where data come from and where they go."""
    form, both = format_of(format, output), upstream == downstream
    question = LineageQuestion(
        resource=ResourceId(id),
        upstream=upstream or both,
        downstream=downstream or both,
        depth=depth,
        at=at_of(at),
        room=limit,
    )
    shapes = Shapes(
        ask=lambda ledger: ledger.lineage(question, LOCAL),
        flat=answers.lineage,
        shown=_print_lineage,
        report=lambda ledger: lineage_report(ledger, question, LOCAL),
    )
    return deliver(shapes, data, form, output, json=json)


def _print_lineage(_: Linked, answer: LineageAnswer) -> None:
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
    out.print(f"{len(answer.nodes)} 个节点 / nodes · {len(answer.edges)} 条血缘 / edges")
    if not answer.complete:
        out.print(
            f"[yellow]未完 / cut[/] {len(answer.cut)}: "
            + escape("、".join(answer.cut[:20]))
            + "  → "
            "--limit, --depth，或从这些再问 / or ask from these",
            soft_wrap=True,
        )


def origins(
    id: Annotated[str, typer.Argument(help="字段或数据集 / field or dataset")],
    limit: Annotated[
        int, typer.Option(min=1, help="最多经过多少资源 / resources to pass, at most")
    ] = ROOM,
    at: At = None,
    json: Json = False,
    format: Form = None,
    output: Output = None,
    data: Data = None,
) -> int:
    """一数一源 / where a datum comes from at last, and whether that is its authoritative source."""
    form = format_of(format, output)
    question = OriginsQuestion(ResourceId(id), at_of(at), limit)
    shapes = Shapes(
        ask=lambda ledger: ledger.origins(question, LOCAL),
        flat=answers.origins,
        shown=_print_origins,
        report=lambda ledger: origins_report(ledger, question, LOCAL),
    )
    return deliver(shapes, data, form, output, json=json)


def _print_origins(_: Linked, answer: OriginsAnswer) -> None:
    colour = "green" if answer.single else "yellow"
    out.print(Text(verdict(answer), colour))
    table = Table("", "资源", "步", "谁负责", box=None)
    for origin in answer.origins:
        _add(table, STANDINGS[origin.standing].partition(" / ")[0], origin.found, origin.depth)
    for datum in answer.data:
        for found in datum.authorities:
            _add(table, f"{datum.found.title} 的权威来源", found)
        for found in datum.collections:
            _add(table, f"{datum.found.title} 重复采集", found)
    out.print(table)
    if answer.circular:
        out.print(
            "循环，没有来源 / circular: " + escape("、".join(answer.circular)), soft_wrap=True
        )
    for line in cut_words(answer):
        out.print(Text(line, "yellow"), soft_wrap=True)


def _add(table: Table, role: str, found: Placed, depth: int | None = None) -> None:
    table.add_row(
        role + ("（已停用）" if found.retired else ""),
        Text.assemble(found.title, (f"  {found.id}", "dim")),
        "" if depth is None else str(depth),
        Text(" ".join(p for p in (found.department_title or "无人", found.contact) if p)),
    )
