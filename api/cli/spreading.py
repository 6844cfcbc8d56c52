"""The command impact: what a change reaches."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api import answers
from api.asked import SIZES, certainties_of, change_of, limits_of
from api.cli.comparing import print_comparison
from api.cli.delivery import Form, Output, Shapes, deliver, format_of
from api.cli.run import At, Data, Json, at_of, label, out
from api.linked import Linked
from api.report.comparison import comparison_report
from api.report.impact import impact_report
from graph.affected import Affected
from graph.question import Cut, ImpactAnswer, Question
from ontology.model import Certainty
from ontology.resource import ResourceId
from ontology.spread import ASKED
from ontology.viewer import LOCAL

SHOWN = 40
MARKS = {Certainty.EXACT: "确定", Certainty.INDIRECT: "间接", Certainty.COARSE: "粗略"}
EFFECTS = {"breaks": "受损", "must adapt": "须适配", "stale": "不再更新", "notify": "告知"}


def add_to(app: typer.Typer) -> None:
    app.command()(impact)


def impact(
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="[KIND=]ID…", help="将要改变的资源，各可带性质 / what changes, each may say how"
        ),
    ],
    change: Annotated[str, typer.Option(help=" · ".join(ASKED))] = "remove",
    at: At = None,
    against: Annotated[
        str | None, typer.Option(help="与此时相比 / compare with then: commit number or date")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="逐段路径与依据 / the whole path")] = False,
    depth: Annotated[int | None, typer.Option(min=1, help="最多几步 / steps at most")] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=N", help="各档最多多少 / at most: " + " · ".join(SIZES)),
    ] = None,
    certainty: Annotated[
        list[str] | None, typer.Option(help="只跟随 / follow only: exact · indirect · coarse")
    ] = None,
    type: Annotated[list[str] | None, typer.Option(help="只列这些类 / classes to list")] = None,
    department: Annotated[
        list[str] | None, typer.Option(help="只列其负责的 / list what these answer for: id")
    ] = None,
    level: Annotated[
        list[str] | None, typer.Option(help="只列这些安全等级 / security levels to list")
    ] = None,
    grouped: Annotated[
        bool, typer.Option("--grouped", help="按部门排列与汇总 / by who is to be told")
    ] = False,
    first: Annotated[int | None, typer.Option(min=0, help="最多几项 / results at most")] = None,
    after: Annotated[int, typer.Option(min=0, help="接着翻页 / go on after so many")] = 0,
    json: Json = False,
    format: Form = None,
    output: Output = None,
    data: Data = None,
) -> int:
    """一处改变波及什么 / what a change reaches: affected and touched, and who answers for it."""
    form = format_of(format, output)
    whole = json or form is not None
    question = Question(
        changes=tuple(change_of(id, change) for id in ids),
        at=at_of(at),
        limits=limits_of(depth, limit or ()),
        only=certainties_of(certainty or ()),
        types=frozenset(type or ()),
        departments=frozenset(ResourceId(id) for id in department or ()),
        levels=frozenset(level or ()),
        first=first if first is not None or whole else SHOWN,
        after=after,
        why=why,
        grouped=grouped,
    )
    if against is not None:
        then = at_of(against)
        compared = Shapes(
            ask=lambda ledger: ledger.comparison(question, then, LOCAL),
            flat=answers.comparison,
            shown=print_comparison,
            report=lambda ledger: comparison_report(ledger, question, then, LOCAL),
        )
        return deliver(compared, data, form, output, json=json)
    shapes = Shapes(
        ask=lambda ledger: ledger.impact(question, LOCAL),
        flat=answers.impact,
        shown=_print_impact,
        report=lambda ledger: impact_report(ledger, question, LOCAL),
    )
    return deliver(shapes, data, form, output, json=json)


def _print_impact(ledger: Linked, answer: ImpactAnswer) -> None:
    counts = answer.counts
    out.print(
        f"受影响 / affected: 确定 exact {counts['exact']} · 间接 indirect {counts['indirect']} · "
        f"粗略 coarse {counts['coarse']}    涉及 / touched: {counts['touched']}",
        highlight=False,
        soft_wrap=True,
    )
    if answer.departments:
        _print_departments(answer)
    table = Table("", "把握", "资源", "类", "步", "经由", "谁负责", box=None)
    for i, found in enumerate((*answer.affected, *answer.touched)):
        table.add_row(
            EFFECTS[found.effect],
            MARKS[found.certainty] if i < len(answer.affected) else "",
            Text.assemble(found.title, (f"  {found.id}", "dim")),
            label(ledger, found.type),
            str(found.depth),
            ledger.ontology.links[found.via].label.zh if found.via in ledger.ontology.links else "",
            Text(" ".join(p for p in (found.department_title or "无人", found.contact) if p)),
        )
        _add_path(table, found)
    out.print(table)
    if answer.next is not None:
        rest = sum(counts.values()) - sum(answer.hidden.values()) - answer.next
        out.print(
            f"…… 另有 {rest} 项 / {rest} more: --after {answer.next}（或 --json）",
            style="dim",
            highlight=False,
            soft_wrap=True,
        )
    for cut in answer.cut:
        out.print(
            f"[yellow]未完 / cut[/] {cut.limit} · {cut.among} · {cut.count}: "
            + escape("、".join(cut.resources))
            + _onward(cut),
            soft_wrap=True,
        )


def _print_departments(answer: ImpactAnswer) -> None:
    table = Table("须告知", "联系", "确定", "间接", "粗略", "涉及", box=None)
    for told in answer.departments:
        numbers = [str(told.counts[name]) for name in SIZES]
        table.add_row(Text(told.title or "无人 / nobody"), Text(told.contact), *numbers)
    out.print(table)


def _onward(cut: Cut) -> str:
    """How to ask for more where this cut stopped."""
    if cut.limit == "time":
        return "  → MULU_REACH_SECONDS"
    if not cut.ask:
        return ""
    option = f"--depth {cut.to}" if cut.ask == "depth" else f"--limit {cut.ask}={cut.to}"
    return f"  → {option}"


def _add_path(table: Table, found: Affected) -> None:
    for step in found.path:
        rule = f"  {step.rule}" if step.rule else ""
        job = f"  作业 {step.job}" if step.job else ""
        text = Text(f"    {step.origin} → {step.target}{rule}{job}  [{step.source}]", "dim")
        table.add_row("", "", text, step.type, "", "", "")
