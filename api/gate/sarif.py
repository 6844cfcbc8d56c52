"""The verdict as SARIF 2.1.0 (OASIS), for code scanning: file and line of each change."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from api.gate.verdict import Doubt, Finding, Outcome, Verdict
from api.gate.words import sentence, steps, waiver_text
from ingest.source import Place

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif(verdict: Verdict) -> dict[str, Any]:
    """One run with a result for each finding, each doubt and each waiver to be looked at."""
    results = [_finding(f) for f in verdict.findings]
    results += [_doubt(d) for d in verdict.doubts]
    for rule, waivers in (("waiver-expired", verdict.expired), ("waiver-unused", verdict.unused)):
        place = Place(verdict.policy)
        results += [_result(rule, "warning", waiver_text(w), place) for w in waivers]
    rules = dict.fromkeys(result["ruleId"] for result in results)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "mulu gate", "rules": [{"id": id} for id in rules]}},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": verdict.outcome is not Outcome.UNKNOWN}],
                "results": results,
            }
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    level = "error" if finding.blocks else "warning"
    made = _result(finding.rule, level, sentence(finding), finding.change.place)
    made["partialFingerprints"] = {
        "change/v1": f"{finding.change.kind} {finding.change.resource} {finding.found.id}"
    }
    made["properties"] = {
        "resource": finding.found.id,
        "change": finding.change.resource,
        "certainty": str(finding.found.certainty),
        "department": finding.found.department_title,
        "path": steps(finding.found),
    }
    if finding.waiver is not None:
        told = waiver_text(finding.waiver)
        made["suppressions"] = [{"kind": "external", "justification": told}]
    return made


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return _result(f"cannot-tell-{doubt.reason}", "error", doubt.what, doubt.place)


def _result(rule: str, level: str, text: str, place: Place) -> dict[str, Any]:
    made: dict[str, Any] = {"ruleId": rule, "level": level, "message": {"text": text}}
    if place.file:
        where: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
        if place.row:
            where["region"] = {"startLine": place.row}
        made["locations"] = [{"physicalLocation": where}]
    return made


def _uri(file: str) -> str:
    """A path as a URI reference, relative where the build gave it so."""
    return quote(file.replace("\\", "/"))
