"""Words that every form of a report has in common."""

from __future__ import annotations

from graph.question import Cut, ImpactAnswer
from ontology.model import Certainty

CERTAINTIES = {
    Certainty.EXACT: "确定 exact",
    Certainty.INDIRECT: "间接 indirect",
    Certainty.COARSE: "粗略 coarse",
}
EFFECTS = {
    "breaks": "受损 breaks",
    "must adapt": "须适配 must adapt",
    "stale": "不再更新 stale",
    "notify": "告知 notify",
}


def cut_words(answer: ImpactAnswer) -> tuple[str, ...]:
    """Where an answer stops short, and how to ask on."""
    cuts = [cut_line(cut) for cut in answer.cut]
    if answer.next is not None:
        whole = sum(answer.counts.values()) - sum(answer.hidden.values())
        cuts.append(
            f"未完：此处到第 {answer.next} 项，共 {whole} 项；接着问 after {answer.next} / "
            f"goes up to {answer.next} of {whole}; ask on with after {answer.next}"
        )
    return tuple(cuts)


def cut_line(cut: Cut) -> str:
    """One place where an answer stops short."""
    ask = f"；接着问 / ask on: {cut.ask} {cut.to}" if cut.ask else ""
    return f"未完 / cut: {cut.limit} · {cut.among} · {cut.count}{ask}"
