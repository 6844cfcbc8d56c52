"""The verdict as a person reads it in a terminal: at most a screen, then where to read on."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.gate.verdict import Outcome, Verdict
from api.gate.words import EFFECTS, SURE, answerable, head, waiver_text, where

SHOWN = 8
DOUBTS = 6
COLOURS = {Outcome.ALLOWED: "green", Outcome.BREAKS: "red", Outcome.UNKNOWN: "yellow"}


def print_verdict(out: Console, verdict: Verdict, *, fail_open: bool = False) -> None:
    """The outcome, the first findings, the first doubts, notes, the waivers to look at."""
    out.print(Text(head(verdict, fail_open=fail_open), COLOURS[verdict.outcome]), soft_wrap=True)
    told = (*verdict.breaks, *verdict.warnings)
    if told:
        table = Table(box=None)
        for title in ("", "变更", "后果", "把握", "资源", "谁负责"):
            table.add_column(title, overflow="fold")
        for finding in told[:SHOWN]:
            mark = Text("拦截", "red") if finding.blocks else Text("提醒", "yellow")
            change = finding.change
            table.add_row(
                mark,
                Text.assemble(f"{change.kind} {change.resource}", (f"\n{where(change)}", "dim")),
                Text(EFFECTS[finding.found.effect]),
                SURE[finding.found.certainty],
                Text.assemble(finding.found.title, (f"\n{finding.found.id}", "dim")),
                Text(answerable(finding.found)),
            )
        out.print(table)
    for doubt in verdict.doubts[:DOUBTS]:
        row = f":{doubt.place.row}" if doubt.place.row else ""
        out.print(Text(f"存疑 {doubt.place.file}{row} {doubt.what}", "yellow"), soft_wrap=True)
    for note in verdict.changes.notes[:DOUBTS]:
        out.print(Text(note, "dim"), soft_wrap=True)
    for name, waivers in (("过期 / expired", verdict.expired), ("未用到 / unused", verdict.unused)):
        for waiver in waivers[:DOUBTS]:
            out.print(Text(f"豁免{name} {waiver_text(waiver)}", "yellow"), soft_wrap=True)
    lists = ((told, SHOWN), (verdict.doubts, DOUBTS), (verdict.changes.notes, DOUBTS))
    rest = sum(max(len(listed) - shown, 0) for listed, shown in lists)
    if rest:
        out.print(
            f"…… 另有 {rest} 项 / {rest} more: --json, --markdown FILE, --sarif FILE",
            style="dim",
            soft_wrap=True,
        )
