"""The verdict in words, as every format tells it."""

from __future__ import annotations

from api.gate.change import Changed
from api.gate.policy import Waiver
from api.gate.verdict import Finding, Outcome, Verdict
from graph.affected import Affected
from ontology.model import Certainty

HEADS = {
    Outcome.ALLOWED: "通过 / allowed",
    Outcome.BREAKS: "拦截 / breaks",
    Outcome.UNKNOWN: "无法判断 / could not tell",
}
SURE = {Certainty.EXACT: "确定", Certainty.INDIRECT: "间接", Certainty.COARSE: "粗略"}
EFFECTS = {
    "breaks": "受损 / breaks",
    "must adapt": "须适配 / must adapt",
    "stale": "不再更新 / stale",
    "notify": "告知 / notify",
}


def head(verdict: Verdict, *, fail_open: bool = False) -> str:
    """The outcome, with the figures behind it."""
    told = HEADS[verdict.outcome]
    if fail_open and verdict.outcome is Outcome.UNKNOWN:
        told += "（--fail-open 放行 / let pass）"
    return (
        f"{told}：变更 {len(verdict.changes.changed)} 处 changes · "
        f"拦截 {len(verdict.breaks)} blocked · 提醒 {len(verdict.warnings)} warned · "
        f"豁免 {len(verdict.waived)} waived · 存疑 {len(verdict.doubts)} doubts"
    )


def where(change: Changed) -> str:
    """file:line, as editors and terminals open it."""
    row = f":{change.place.row}" if change.place.row else ""
    return f"{change.place.file}{row}"


def answerable(found: Affected) -> str:
    """Who answers for it, and how to reach them."""
    return " ".join(p for p in (found.department_title or "无人 / nobody", found.contact) if p)


def sentence(finding: Finding) -> str:
    """One finding whole."""
    found, change = finding.found, finding.change
    return (
        f"{change.kind} {change.resource}"
        + (f"（{change.note}）" if change.note else "")
        + f" → {EFFECTS[found.effect]}：{found.title} {found.id}"
        + f"（{SURE[found.certainty]} {found.certainty}，{answerable(found)}）"
    )


def steps(found: Affected) -> list[str]:
    """The path, one link a line, each with rule and job."""
    return [
        f"{step.origin} → {step.target} [{step.type}]"
        + (f" {step.rule}" if step.rule else "")
        + (f" {step.job}" if step.job else "")
        for step in found.path
    ]


def waiver_text(waiver: Waiver) -> str:
    """A waiver in one line."""
    only = f"（变更 {waiver.change}）" if waiver.change else ""
    return f"{waiver.resource}{only}：{waiver.owner}，{waiver.reason}，至 / until {waiver.expires}"
