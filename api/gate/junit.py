"""The verdict as JUnit XML: a test case for each change, with what it breaks as its failure."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from api.gate.verdict import Doubt, Verdict
from api.gate.words import sentence, where


def junit(verdict: Verdict) -> bytes:
    """UTF-8 XML. What cannot be told is an error, of its change or of the ledger."""
    suite = Xml.Element("testsuite", name="mulu gate")
    for change in verdict.changes.changed:
        case = Xml.SubElement(
            suite, "testcase", classname=str(change.kind), name=change.resource, file=where(change)
        )
        found = [f for f in verdict.findings if f.change is change]
        broken = [sentence(f) for f in found if f.blocks and f.waiver is None]
        if broken:
            _told(case, "failure", f"{len(broken)} 项受损 / broken", broken)
        doubts = [d.what for d in verdict.doubts if d.change is change]
        if doubts and not broken:
            _told(case, "error", "无法判断 / could not tell", doubts)
        if rest := [sentence(f) for f in found if not f.blocks or f.waiver is not None]:
            Xml.SubElement(case, "system-out").text = _clean("\n".join(rest))
    for doubt in verdict.doubts:
        if doubt.change is None:
            case = Xml.SubElement(suite, "testcase", classname=doubt.reason, name=_name(doubt))
            _told(case, "error", "无法判断 / could not tell", [doubt.what])
    for name, tag in (("tests", "testcase"), ("failures", ".//failure"), ("errors", ".//error")):
        suite.set(name, str(len(suite.findall(tag))))
    root = Xml.Element("testsuites")
    root.append(suite)
    text: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _name(doubt: Doubt) -> str:
    row = f":{doubt.place.row}" if doubt.place.row else ""
    return _clean(f"{doubt.place.file}{row}" or doubt.reason)


def _told(case: Xml.Element, tag: str, message: str, lines: list[str]) -> None:
    Xml.SubElement(case, tag, message=message).text = _clean("\n".join(lines))


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or c >= " ")
