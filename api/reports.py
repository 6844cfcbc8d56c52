"""Reports over HTTP: /report/<question>.<format>, for instance /report/impact.xlsx?id=…

The parameters are those of the command line. A report is written as it is made, so its size
costs time and not memory; it ends after `ROWS` results and says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import tzinfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.asked import certainties_of, change_of, limits_of
from api.ledger import Ledger
from api.report.changes import diff_report
from api.report.comparison import comparison_report
from api.report.format import MEDIA, Format, Parts, written
from api.report.impact import impact_report
from api.report.lineage import lineage_report
from api.report.origins import origins_report
from api.schema.impact import MAX_STARTS
from api.schema.lineage import MAX_RESOURCES
from api.signin import viewer_of
from graph.difference import DiffQuestion
from graph.lineage import LineageQuestion
from graph.origins import OriginsQuestion
from graph.question import Question
from ontology.errors import InvalidInput, LimitExceeded, NotFound
from ontology.moment import moment
from ontology.resource import At, ResourceId
from ontology.viewer import Viewer

ROWS = 100_000
"""Results of one report."""
COMPARED = 10_000
"""Results of a comparison, which is made at once."""


class Parameters:
    """What an address says, checked as it is asked for."""

    def __init__(self, request: Request, home: tzinfo) -> None:
        self._said, self._home = request.query_params, home
        self._asked: set[str] = set()

    def one(self, name: str, otherwise: str = "") -> str:
        self._asked.add(name)
        return self._said.get(name, otherwise)

    def all(self, name: str) -> list[str]:
        self._asked.add(name)
        return self._said.getlist(name)

    def number(self, name: str, most: int) -> int | None:
        """A whole number up to `most`. Raises InvalidInput."""
        text = self.one(name)
        if not text:
            return None
        if not text.isdecimal() or int(text) > most:
            raise InvalidInput(f"{name}={text!r}: 0 … {most}")
        return int(text)

    def at(self, name: str = "at") -> At:
        text = self.one(name)
        return moment(text, self._home, f"{name}=") if text else None

    def ids(self) -> list[str]:
        """At least one. Raises InvalidInput, LimitExceeded."""
        found = self.all("id")
        if not found:
            raise InvalidInput("缺少参数 id / the parameter id is missing")
        if len(found) > MAX_STARTS:
            raise LimitExceeded(f"id: 最多 / at most {MAX_STARTS}")
        return found

    def id(self) -> ResourceId:
        """Exactly one. Raises InvalidInput."""
        found = self.ids()
        if len(found) > 1:
            raise InvalidInput("只要一个 id / one id only")
        return ResourceId(found[0])

    def refuse_others(self) -> None:
        """A parameter that nobody reads is a slip of the pen. Raises InvalidInput."""
        if others := sorted(set(self._said) - self._asked):
            raise InvalidInput(f"不认识的参数 / unknown parameters: {', '.join(others)}")


async def report(request: Request) -> Response:
    """One report as a file. Raises NotFound for a question or a form that there is not."""
    state, path = request.app.state, request.path_params
    make = QUESTIONS.get(path["question"])
    if make is None or path["format"] not in list(Format):
        raise NotFound(
            f"没有这种报告 / there is no such report; questions: {', '.join(QUESTIONS)}; "
            f"forms: {', '.join(Format)}"
        )
    format, said = Format(path["format"]), Parameters(request, state.ledger.mapping.home)
    parts = make(state.ledger, said, viewer_of(request))
    said.refuse_others()
    chunks = written(parts, format)
    first = await anext(chunks)  # what is wrong with the question is told before the file begins
    return StreamingResponse(
        _all(first, chunks),
        media_type=MEDIA[format],
        headers={
            "Content-Disposition": f'attachment; filename="{path["question"]}.{format}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _all(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


def _impact(ledger: Ledger, said: Parameters, viewer: Viewer) -> Parts:
    kind = said.one("change", "remove")
    first = said.number("first", ROWS)
    question = Question(
        changes=tuple(change_of(id, kind) for id in said.ids()),
        at=said.at(),
        limits=limits_of(said.number("depth", 1_000_000), said.all("limit")),
        only=certainties_of(said.all("certainty")),
        types=frozenset(said.all("type")),
        departments=_ids(said.all("department")),
        levels=frozenset(said.all("level")),
        first=ROWS if first is None else first,
        after=said.number("after", 1 << 31) or 0,
    )
    against = said.at("against")
    if against is not None:
        compared = replace(question, first=min(first or COMPARED, COMPARED))
        return comparison_report(ledger, compared, against, viewer)
    return impact_report(ledger, question, viewer)


def _lineage(ledger: Ledger, said: Parameters, viewer: Viewer) -> Parts:
    way = said.one("direction", "both")
    if way not in ("upstream", "downstream", "both"):
        raise InvalidInput(f"direction={way!r}: upstream | downstream | both")
    limit = said.number("limit", MAX_RESOURCES)
    question = LineageQuestion(
        resource=said.id(),
        upstream=way != "downstream",
        downstream=way != "upstream",
        depth=said.number("depth", 1_000_000),
        at=said.at(),
        room=MAX_RESOURCES if limit is None else max(limit, 1),
    )
    return lineage_report(ledger, question, viewer)


def _ids(texts: Iterable[str]) -> frozenset[ResourceId]:
    return frozenset(map(ResourceId, texts))


def _origins(ledger: Ledger, said: Parameters, viewer: Viewer) -> Parts:
    limit = said.number("limit", MAX_RESOURCES)
    room = MAX_RESOURCES if limit is None else max(limit, 1)
    return origins_report(ledger, OriginsQuestion(said.id(), said.at(), room), viewer)


def _diff(ledger: Ledger, said: Parameters, viewer: Viewer) -> Parts:
    start, first = said.at("start"), said.number("first", ROWS)
    if start is None:
        raise InvalidInput("缺少参数 start / the parameter start is missing: 2025-01-31, 42")
    question = DiffQuestion(
        start,
        said.at("end"),
        frozenset(said.all("type")),
        ROWS if first is None else first,
        said.number("after", 1 << 31) or 0,
    )
    return diff_report(ledger, question, viewer)


QUESTIONS: dict[str, Callable[[Ledger, Parameters, Viewer], Parts]] = {
    "impact": _impact,
    "lineage": _lineage,
    "origins": _origins,
    "diff": _diff,
}
"""Name → what makes its report of the parameters."""
