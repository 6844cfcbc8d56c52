"""The verdict as plain values: the JSON that `mulu gate --json` gives."""

from __future__ import annotations

from typing import Any

from api import answers
from api.gate.change import Changed
from api.gate.policy import Waiver
from api.gate.verdict import Finding, Verdict
from ingest.source import Place


def plain(verdict: Verdict, *, fail_open: bool = False) -> dict[str, Any]:
    """Everything, nothing cut."""
    return {
        "outcome": verdict.outcome.name.lower(),
        "exit": verdict.exit_code(fail_open=fail_open),
        "upto": verdict.upto,
        "counts": dict(verdict.counts),
        "changes": [_change(change) for change in verdict.changes.changed],
        "findings": [_finding(finding) for finding in verdict.findings],
        "doubts": [{"reason": d.reason, "what": d.what, **_place(d.place)} for d in verdict.doubts],
        "waivers": {
            "expired": [_waiver(w) for w in verdict.expired],
            "unused": [_waiver(w) for w in verdict.unused],
        },
        "notes": list(verdict.changes.notes),
    }


def _change(change: Changed) -> dict[str, Any]:
    return {
        "resource": change.resource,
        "change": str(change.kind),
        "note": change.note,
        **_place(change.place),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "blocks": finding.blocks,
        "rule": finding.rule,
        "waiver": None if finding.waiver is None else _waiver(finding.waiver),
        "change": _change(finding.change),
        "found": answers.reached(finding.found),
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "resource": waiver.resource,
        "change": waiver.change or None,
        "owner": waiver.owner,
        "reason": waiver.reason,
        "expires": waiver.expires.isoformat(),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file or None, "line": place.row}
