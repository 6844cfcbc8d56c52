"""Two moments compared: the command diff, and how two impacts are shown."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api import answers
from api.cli.delivery import Form, Output, Shapes, deliver, format_of
from api.cli.run import Data, Json, at_of, label, out
from api.linked import Linked
from api.report.changes import WHATS, diff_report
from api.report.comparison import SHIFTS
from api.report.impact import step
from api.report.words import CERTAINTIES, cut_line
from graph.affected import Affected
from graph.comparison import ComparisonAnswer
from graph.difference import DiffAnswer, Difference, DiffQuestion
from ontology.resource import Value
from ontology.viewer import LOCAL

SHOWN = 40


def add_to(app: typer.Typer) -> None:
    app.command()(diff)


def diff(
    start: Annotated[str, typer.Argument(metavar="FROM", help="提交号或日期 / commit or date")],
    end: Annotated[str | None, typer.Argument(metavar="[TO]", help="缺省为现在 / now")] = None,
    type: Annotated[list[str] | None, typer.Option(help="只看这些类 / only these classes")] = None,
    first: Annotated[int | None, typer.Option(min=0, help="最多几个 / resources at most")] = None,
    after: Annotated[int, typer.Option(min=0, help="接着翻页 / go on after")] = 0,
    json: Json = False,
    format: Form = None,
    output: Output = None,
    data: Data = None,
) -> int:
    """账本变化 / what changed: created, changed, retired, links that came and went, aliases."""
    form = format_of(format, output)
    whole = json or form is not None
    question = DiffQuestion(
        at_of(start),
        at_of(end),
        frozenset(type or ()),
        first if first is not None or whole else SHOWN,
        after,
    )
    shapes = Shapes(
        ask=lambda ledger: ledger.diff(question, LOCAL),
        flat=answers.diff,
        shown=_print,
        report=lambda ledger: diff_report(ledger, question, LOCAL),
    )
    return deliver(shapes, data, form, output, json=json)


def _print(ledger: Linked, answer: DiffAnswer) -> None:
    out.print(
        f"提交 / commits {answer.start} → {answer.end}    涉及资源 / touched: {answer.touched}",
        highlight=False,
    )
    table = Table("", "资源", "类", "内容", "原", "现", box=None)
    for found in answer.differences:
        named = Text.assemble(found.title, (f"  {found.id}", "dim"))
        said = (WHATS[found.what].partition(" ")[0], named, label(ledger, found.type))
        for row in _contents(ledger, found) or [("", "", "")]:
            table.add_row(*said, *map(Text, row))
            said = ("", Text(""), "")
    out.print(table)
    if answer.next is not None:
        out.print(f"…… 还有 / more: --after {answer.next}（或 --json）", style="dim")
    if answer.cut:
        out.print(
            "[yellow]未完 / cut[/] 关联过多 / too many links: " + escape("、".join(answer.cut[:20]))
        )


def print_comparison(ledger: Linked, answer: ComparisonAnswer) -> None:
    """`mulu impact --against`: new results, vanished ones, those reached otherwise."""
    counts = answer.counts
    out.print(
        f"提交 / commits {answer.start} → {answer.end}    新 new {counts['new']} · "
        f"不再 vanished {counts['vanished']} · 改变 otherwise {counts['otherwise']} · "
        f"相同 same {counts['same']}",
        highlight=False,
        soft_wrap=True,
    )
    table = Table("", "资源", "类", "原", "现", "谁负责", box=None)
    for each in answer.shifted:
        known = each.after or each.before
        assert known is not None  # a result of at least one moment
        table.add_row(
            SHIFTS[each.shift].partition(" ")[0],
            Text.assemble(known.title, (f"  {known.id}", "dim")),
            label(ledger, known.type),
            Text(_sure(each.before)),
            Text(_sure(each.after)),
            Text(" ".join(p for p in (known.department_title or "无人", known.contact) if p)),
        )
        for sign, found in (("－", each.before), ("＋", each.after)):
            for crossed in found.path if found else ():
                table.add_row("", Text(f"    {sign} {step(crossed)}", "dim"), "", "", "", "")
    out.print(table)
    if answer.next is not None:
        out.print(f"…… 还有 / more: --after {answer.next}（或 --json）", style="dim")
    for cut in answer.cut:
        out.print(Text(cut_line(cut), "yellow"), soft_wrap=True)


def _sure(found: Affected | None) -> str:
    return CERTAINTIES[found.certainty].partition(" ")[0] if found else ""


def _contents(ledger: Linked, found: Difference) -> list[tuple[str, str, str]]:
    kind = ledger.ontology.types.get(found.type)
    rows: list[tuple[str, str, str]] = [("别名 / alias", "", found.of)] if found.of else []
    for altered in found.attributes:
        known = kind.attributes.get(altered.name) if kind else None
        name = known.label.zh if known else altered.name
        rows.append((name, _text(altered.before), _text(altered.after)))
    rows += [(_link(ledger, e.type), e.target, "") for e in found.removed]
    rows += [(_link(ledger, e.type), "", e.target) for e in found.added]
    return rows


def _link(ledger: Linked, type: str) -> str:
    known = ledger.ontology.links.get(type)
    return known.label.zh if known else type


def _text(value: Value | None) -> str:
    flat = answers.flat(value)
    return "" if flat is None else str(flat)
