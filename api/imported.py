"""The report of an import as its viewer may see it: what the ledger held before is not theirs
because they hand in a file about it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from api import shown
from api.ledger import Ledger
from ingest.diff import Changed, Difference
from ingest.report import Report
from ontology.resource import ResourceId
from ontology.viewer import Viewer


async def seen(report: Report, viewer: Viewer, ledger: Ledger) -> Report:
    """The report without what is above the clearance, and without the personal data that stood
    there before. What the file itself says stays."""
    named = {id for found in report.duplicates for id in found.resources}
    named |= {id for alias in report.aliases for id in (alias.name, alias.of)}
    for difference in report.changes:
        named |= {difference.resource, *(key.target for key in difference.unlinked)}
    hidden = await ledger.hidden(named, viewer)
    personal = frozenset() if viewer.personal else shown.personal(ledger.ontology)
    return replace(
        report,
        duplicates=tuple(d for d in report.duplicates if hidden.isdisjoint(d.resources)),
        aliases=tuple(a for a in report.aliases if hidden.isdisjoint((a.name, a.of))),
        changes=tuple(
            _seen(difference, hidden, personal)
            for difference in report.changes
            if difference.resource not in hidden
        ),
    )


def _seen(difference: Difference, hidden: Set[ResourceId], personal: Set[str]) -> Difference:
    return replace(
        difference,
        attributes=tuple(
            Changed(c.attribute, None, c.after) if c.attribute in personal else c
            for c in difference.attributes
        ),
        unlinked=tuple(key for key in difference.unlinked if key.target not in hidden),
    )
