"""The report of a run, as a person reads it: what came in, how it was understood, what is wrong."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api.cli.run import out
from ingest.report import Report

SHOWN = 20
"""Lines printed of each list; the rest is counted, and whole in --json and --rejected."""


def print_report(report: Report) -> None:
    """The whole report, a screen or two."""
    counts = report.counts
    head = "试运行，未写入 / dry run, nothing written" if report.dry_run else report.source
    out.print(f"[bold]{escape(head)}[/]  {report.seconds:.1f} s", highlight=False)
    out.print(
        f"读取 {counts.read} 行 / rows · 新增 {counts.new} new · 变更 {counts.changed} changed · "
        f"不变 {counts.unchanged} unchanged · 撤回 {counts.withdrawn} withdrawn · "
        f"关联 {counts.links} links · 退回 {counts.rejected} rejected"
        + (f" · 不再是别名 {counts.unsaid} aliases said no more" if counts.unsaid else "")
        + (f" · 涉密 {counts.secret} refused as secret" if counts.secret else ""),
        highlight=False,
        soft_wrap=True,
    )
    _understood(report)
    _changes(report)
    _problems(report)
    for part in report.unread[:SHOWN]:
        out.print(
            "[red]未读 / not read[/] " + escape(f"{part.place.file} {part.place.sheet} {part.why}")
        )
    for found in report.duplicates[:SHOWN]:
        ids = "、".join(found.resources)
        out.print(
            "[yellow]可能重复 / may be one[/] " + escape(f"{found.scheme} {found.value}: {ids}")
        )
    if report.refused:
        out.print(f"[red]{escape(report.refused)}[/]")
    if report.commits:
        out.print(f"提交 / commits {report.commits[0]}–{report.commits[1]}", highlight=False)
    elif not report.dry_run and not report.refused:
        out.print("没有变化，未产生提交 / nothing changed, no commit")


def _understood(report: Report) -> None:
    for sheet in report.understood[:SHOWN]:
        known = "，".join(f"{k}→{v}" for k, v in sheet.columns.items() if v)
        ignored = "，".join(k for k, v in sheet.columns.items() if not v)
        where = " › ".join(p for p in (sheet.place.file, sheet.place.sheet) if p)
        out.print(Text(f"{where}：{sheet.type}  {known}", "dim"), soft_wrap=True)
        if ignored:
            out.print(Text(f"  未识别的列 / columns not understood: {ignored}", "yellow"))


def _changes(report: Report) -> None:
    if not report.changes:
        return
    table = Table("变更", "资源", "内容", box=None)
    for change in report.changes[:SHOWN]:
        parts = [f"{c.attribute}: {c.before} → {c.after}" for c in change.attributes]
        parts += [f"+{key.type} {key.target}" for key in change.linked]
        parts += [f"-{key.type} {key.target}" for key in change.unlinked]
        table.add_row(change.what, Text(change.resource), Text("；".join(parts)))
    out.print(table)
    _rest(len(report.changes))


def _problems(report: Report) -> None:
    if not report.problems:
        return
    table = Table("", "位置", "问题", "如何修正", box=None)
    for problem in report.problems[:SHOWN]:
        colour = "red" if problem.severity == "error" else "yellow"
        mark = Text("错误" if problem.severity == "error" else "提醒", colour)
        table.add_row(mark, Text(problem.where), Text(problem.what), Text(problem.mend))
    out.print(table)
    _rest(report.counts.errors + report.counts.warnings)


def _rest(count: int) -> None:
    if count > SHOWN:
        out.print(f"…… 共 {count} 条 / {count} in all（--json 可见全部）", style="dim")
