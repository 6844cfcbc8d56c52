"""Reading a source: each record is checked, the good ones are handed on in steps.

Runs in a worker thread. A streaming source is handed on while it is read; any other is read
to its end, its rows about one resource are combined, and only then handed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ingest.around import Beside, Delivery
from ingest.combine import combine
from ingest.cycles import closing as closing_links
from ingest.report import MAX_KEPT, RejectedRow, is_error
from ingest.source import (
    Parted,
    Place,
    Progress,
    Record,
    Rejected,
    Source,
    Streaming,
    Understood,
    Unread,
    Yielded,
)
from ontology.model import Ontology
from ontology.problem import Problem, Severity
from ontology.resource import Alias, Claim, Link, ResourceId
from ontology.resource import Source as Teller
from ontology.validate import Policy, policy_of, validator

STEP = 1_000
"""Records in one step at most."""

Key = tuple[ResourceId, Teller | None]


@dataclass(frozen=True, slots=True)
class Step:
    """Checked records, each resource and teller once; `progress` when they were all handed on
    (its cursor is where a later run may go on; none, unless the source streams). `problems`
    are the errors and unread parts until then."""

    records: tuple[Record, ...] = ()
    aliases: tuple[Alias, ...] = ()
    progress: Progress | None = None
    problems: int = 0


@dataclass(slots=True)
class Tally:
    """What was met while reading. `kept_out` are resources whose rows were refused for a
    mistake: they are still in the source, and so are not withdrawn."""

    read: int = 0
    rejected: int = 0
    secret: int = 0
    errors: int = 0
    warnings: int = 0
    problems: list[Problem] = field(default_factory=list)
    rows: list[RejectedRow] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    kept_out: set[ResourceId] = field(default_factory=set)
    nameless: int = 0  # rows refused before it was known which resource they mean

    def take(self, other: Tally) -> None:
        """Add what was met in another part of the source."""
        self.read += other.read
        self.rejected += other.rejected
        self.secret += other.secret
        self.errors += other.errors
        self.warnings += other.warnings
        self.nameless += other.nameless
        self.problems += other.problems[: MAX_KEPT - len(self.problems)]
        self.rows += other.rows[: MAX_KEPT - len(self.rows)]
        self.understood += other.understood
        self.unread += other.unread
        self.kept_out |= other.kept_out

    @property
    def kept_back(self) -> int:
        """Errors, and parts not read: what a run that goes on behind them must not forget."""
        return self.errors + len(self.unread)

    @property
    def complete(self) -> bool:
        """Whether all of the target was read, so that what is missing is gone."""
        return not self.unread and not self.nameless

    def add(self, problem: Problem) -> None:
        if is_error(problem):
            self.errors += 1
        else:
            self.warnings += 1
        if len(self.problems) < MAX_KEPT:
            self.problems.append(problem)

    def reject(self, place: Place, raw: object, problems: Iterable[Problem]) -> None:
        self.rejected += 1
        problems = tuple(problems)
        for problem in problems:
            self.add(problem)
        if isinstance(raw, dict) and raw and len(self.rows) < MAX_KEPT:
            self.rows.append(RejectedRow(place.file, place.sheet, place.row, raw, problems))


@dataclass
class Reading:
    """One pass over a source. Exhaust `steps`, then read `tally`."""

    source: Source
    ontology: Ontology
    beside: Beside | None = None
    """Reads what the ledger has around a run; without it shapes see the run alone."""
    tally: Tally = field(default_factory=Tally)
    _open: dict[Key, Record] = field(default_factory=dict)
    _aliases: list[Alias] = field(default_factory=list)
    _secret: set[ResourceId] = field(default_factory=set)
    _headers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    streams: bool = field(init=False)
    """Whether records are handed on while the source is read."""

    def __post_init__(self) -> None:
        self.streams = isinstance(self.source, Streaming) and self.source.streams
        self._validator = validator(self.ontology)
        self._policy = policy_of(self.source.rank)

    def steps(self, since: str = "", until: str = "") -> Iterator[Step]:
        """Everything from the cursor `since` on (of a streaming source: up to another), in
        steps of at most STEP records."""
        source = self.source
        if until and isinstance(source, Parted):
            items = source.part(since, until)
        else:
            items = source.read(since)
        for item in items:
            self._take(item)
            if isinstance(item, Progress):
                ahead = Step(progress=replace(item, cursor=""))  # its records come last
                yield from self._flush(item) if self.streams else (ahead,)
            elif self.streams and len(self._open) >= STEP:
                yield from self._flush(None)
        if not self.streams:
            self._drop_parts_of_the_refused()
            self._forget_the_secret()
            self._cut_circles()
            self._judge_shapes()
        yield from self._flush(None)

    def _take(self, item: Yielded) -> None:
        match item:
            case Record():
                self._record(item)
            case Rejected():
                self.tally.read += 1
                self.tally.nameless += 1
                self.tally.reject(item.place, item.raw, item.problems)
            case Problem():
                self.tally.add(item)
            case Alias():
                self._aliases.append(item)
            case Understood():
                self.tally.understood.append(item)
                self._learn_headers(item)
            case Unread():
                self.tally.unread.append(item)
            case Progress():
                pass

    def _record(self, record: Record) -> None:
        self.tally.read += 1
        handed_on = record.teller is not None  # the ledger took it once: as it stands, or told
        policy = Policy.SCAN if handed_on else self._policy
        claim, problems = self._validator.check(record.claim, policy)
        if handed_on:
            problems = [problem for problem in problems if not _is_shape(problem)]
            claim = claim if problems else record.claim
        problems = [self._placed(problem, record) for problem in problems]
        if "secret" in record.claim.attributes and problems and not claim.attributes:
            self._refuse_secret(record, problems[0])
            return
        if not self.streams:  # how a resource fits its neighbours is judged when all are read
            problems = [problem for problem in problems if not _is_shape(problem)]
        if any(is_error(problem) for problem in problems):
            self.tally.kept_out.add(claim.resource)
            self.tally.reject(record.place, record.raw, problems)
            return
        for problem in problems:
            self.tally.add(problem)
        key = (claim.resource, record.teller)
        record = Record(claim, record.place, record.raw, record.teller, record.mention)
        known = self._open.get(key)
        self._open[key] = record if known is None else self._combined(known, record)

    def _cut_circles(self) -> None:
        """A whole that is part of itself: the link that closes the circle is left out."""
        closing = closing_links((record.claim for record in self._open.values()), self.ontology)
        for origin in {edge[0] for edge in closing}:
            for key in [key for key in self._open if key[0] == origin]:
                record = self._open[key]
                links = record.claim.links
                kept = tuple(x for x in links if (origin, x.type, x.target) not in closing)
                self._open[key] = replace(record, claim=replace(record.claim, links=kept))
                for link in links:
                    if (origin, link.type, link.target) in closing and link.target != origin:
                        self.tally.add(self._placed(self._circle(link), record))

    def _circle(self, link: Link) -> Problem:
        label = self.ontology.links[link.type].label.zh
        return Problem(
            f"“{label}”绕成一圈 (circle): {link.target} 又回到自己，未采用这一条",
            "核对上下级关系，去掉多余的一条",
            Severity.WARNING,
            column=label,
            value=link.target,
        )

    def _judge_shapes(self) -> None:
        """Shapes across an entry and its items, now that all rows are known (§3)."""
        delivery = Delivery(self.source.name, (record.claim for record in self._open.values()))
        ledger = self.beside(delivery) if self.beside else None
        around = delivery.around(ledger)
        for key, record in list(self._open.items()):
            if record.claim.type is None:
                continue
            whole = delivery.whole(record.claim, ledger)
            _, problems = self._validator.check(whole, self._policy, around)
            told = [self._placed(problem, record) for problem in problems if _is_shape(problem)]
            if any(is_error(problem) for problem in told):
                del self._open[key]
                self.tally.kept_out.add(key[0])
                self.tally.reject(record.place, record.raw, told)
            else:
                for problem in told:
                    self.tally.add(problem)

    def _refuse_secret(self, record: Record, problem: Problem) -> None:
        """涉密: counted, told, and nothing of its content kept (C 2, S 1)."""
        self.tally.secret += 1
        self._secret.add(record.claim.resource)
        self.tally.reject(record.place, {}, [replace(problem, value="", resource="")])

    def _combined(self, known: Record, record: Record) -> Record:
        claim, differing = combine(known.claim, record.claim, self.ontology)
        kind = self.ontology.types.get(claim.type or "")
        for one in differing:
            label = kind.attributes[one.attribute].label.zh if kind is not None else one.attribute
            place = known.place
            problem = Problem(
                f"{label}有两种说法 (says two things)：{one.first}；{one.second}，采用前者",
                f"与 {place.file} 第 {place.row} 行核对后只留一种"
                if place.row
                else "核对后只留一种",
                Severity.WARNING,
                column=label,
                value=str(one.second)[:80],
                resource=claim.resource,
            )
            self.tally.add(self._placed(problem, record))
        return replace(known, claim=claim, mention=known.mention and record.mention)

    def _placed(self, problem: Problem, record: Record) -> Problem:
        """The problem, told where its row stands, its column by the header in the file."""
        place = record.place
        headers = self._headers.get((place.file, place.sheet), {})
        return replace(
            problem,
            file=problem.file or place.file,
            sheet=problem.sheet or place.sheet,
            row=place.row if problem.row is None else problem.row,
            column=headers.get(problem.column, problem.column),
            resource=problem.resource or record.claim.resource,
        )

    def _learn_headers(self, understood: Understood) -> None:
        """Label of an attribute or a link → the header under which a sheet gives it."""
        kind = self.ontology.types.get(understood.type)
        if kind is None:
            return
        headers: dict[str, str] = {}
        for header, name in understood.columns.items():
            attribute = kind.attributes.get(name)
            link = self.ontology.links.get(name)
            if attribute is not None:
                headers[attribute.label.zh] = header
            elif link is not None:
                headers[link.label.zh] = header
        self._headers[understood.place.file, understood.place.sheet] = headers

    def _drop_parts_of_the_refused(self) -> None:
        """What only tells of the parts of a refused resource goes with it; the parts of a
        secret one are refused too."""
        refused = (self.tally.kept_out | self._secret) - {
            record.claim.resource for record in self._open.values() if record.claim.type
        }
        for key in [key for key in self._open if key[0] in refused]:
            dropped = self._open.pop(key)
            if key[0] in self._secret:
                for part in self._parts(dropped.claim):
                    self._refuse_part(part)

    def _forget_the_secret(self) -> None:
        """Links to what is secret would tell its name: they go too."""
        for key, record in list(self._open.items()) if self._secret else ():
            links = record.claim.links
            kept = tuple(link for link in links if link.target not in self._secret)
            if len(kept) < len(links):
                claim = replace(record.claim, links=kept)
                self._open[key] = replace(record, claim=claim)
                if claim.type is None and not (kept or claim.attributes or claim.denies):
                    del self._open[key]

    def _parts(self, claim: Claim) -> Iterator[ResourceId]:
        links = self.ontology.links
        return (link.target for link in claim.links if links[link.type].part_of)

    def _refuse_part(self, part: ResourceId) -> None:
        for key in [key for key in self._open if key[0] == part]:
            record = self._open.pop(key)
            what = "所属资源标为涉密，信息项一并不予入账 (part of what is marked secret)"
            self._refuse_secret(record, self._placed(Problem(what, rule="C 2; S 1"), record))

    def _flush(self, progress: Progress | None) -> Iterator[Step]:
        records = tuple(self._open.values())
        aliases = tuple(dict.fromkeys(self._aliases))
        self._open.clear()
        self._aliases.clear()
        for start in range(0, len(records), STEP):
            yield Step(records[start : start + STEP])
        if aliases or progress is not None:
            yield Step((), aliases, progress, self.tally.kept_back)


def _is_shape(problem: Problem) -> bool:
    """A shape is broken by the resource as a whole: it names a rule, and no column."""
    return bool(problem.rule) and not problem.column
