"""The verdict: each change asked of the ledger, each result held against the policy.

Whatever keeps the gate from knowing all that a rule of the policy might block (an empty or old
ledger, a resource that it does not know, an answer cut short, a file that cannot be read) is a
doubt: without a break the outcome is then "could not tell", and never "allowed".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from api.gate.book import Attributes, Book
from api.gate.change import NOWHERE, Changed, Changes
from api.gate.policy import Policy, Rule, Waiver
from graph.affected import Affected
from graph.question import Change, ImpactAnswer, Question
from ingest.source import Place
from ontology.problem import Problem
from ontology.resource import ResourceId

ROOM = 20_000
"""Results of one change that are judged one by one; more of them are a doubt."""


class Outcome(Enum):
    """What the build is told, as its exit code."""

    ALLOWED = 0
    BREAKS = 1
    UNKNOWN = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """A result that a rule blocks or warns of; a waiver takes the block away."""

    change: Changed
    found: Affected
    rule: str
    blocks: bool
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the gate cannot tell. `reason` is stable: ledger, age, resource, cut, hidden, unread,
    input."""

    reason: str
    what: str
    place: Place = NOWHERE
    change: Changed | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was found. `counts` are over all changes, by certainty, as impact counts them;
    `expired` and `unused` are waivers to be looked at; `upto` is the ledger's last commit."""

    changes: Changes = field(default_factory=Changes)
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    expired: tuple[Waiver, ...] = ()
    unused: tuple[Waiver, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    upto: int = 0
    policy: str = ""

    @property
    def breaks(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.blocks and f.waiver is None)

    @property
    def waived(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.waiver is not None)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if not f.blocks)

    @property
    def outcome(self) -> Outcome:
        """A break that is certain is told as such, even beside doubts."""
        if self.breaks:
            return Outcome.BREAKS
        return Outcome.UNKNOWN if self.doubts else Outcome.ALLOWED

    def exit_code(self, *, fail_open: bool = False) -> int:
        """With `fail_open`, not knowing lets the change pass; a break never does."""
        if fail_open and self.outcome is Outcome.UNKNOWN:
            return 0
        return self.outcome.value


@dataclass(slots=True)
class Gate:
    """One judgement: by which ledger, which policy, which departments are one's own, which
    day (where `now` is). `room` is how many results of a change are judged; `why` asks for their
    paths."""

    book: Book
    policy: Policy
    own: frozenset[ResourceId] = frozenset()
    max_age: timedelta | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    room: int = ROOM
    why: bool = True
    _counts: dict[str, int] = field(default_factory=dict)
    _findings: list[Finding] = field(default_factory=list)
    _doubts: list[Doubt] = field(default_factory=list)
    _used: set[Waiver] = field(default_factory=set)

    async def judge(self, changes: Changes) -> Verdict:
        """Ask the ledger about each change. Raises only what keeps it from answering at all."""
        self._doubts += [_unread(problem) for problem in changes.unread]
        upto = await self._fresh()
        known = await self._known([c.resource for c in changes.changed]) if upto else {}
        if upto:
            self._doubts += [_missing(c) for c in changes.changed if c.resource not in known]
        asked = [change for change in changes.changed if change.resource in known]
        answers = self.book.impacts([self._question(change) for change in asked])
        for change in asked:  # one answer too few is an error, never a pass
            await self._weigh(change, await anext(answers), upto)
        today = self.now.date()
        return Verdict(
            changes,
            tuple(sorted(self._findings, key=lambda f: (not f.blocks, f.waiver is not None))),
            tuple(self._doubts),
            tuple(w for w in self.policy.waivers if w.expires < today),
            tuple(w for w in self.policy.waivers if w not in self._used and w.expires >= today),
            self._counts,
            upto,
            self.policy.file,
        )

    async def _fresh(self) -> int:
        """The ledger's head; a doubt where it is empty or too old."""
        fresh = await self.book.freshness()
        if fresh.latest is None:
            self._doubts.append(Doubt("ledger", "账本是空的，先导入 / the ledger is empty; ingest"))
            return 0
        if self.max_age is not None and self.now - fresh.latest > self.max_age:
            latest = fresh.latest.astimezone(self.now.tzinfo)
            self._doubts.append(
                Doubt(
                    "age",
                    f"账本最近更新于 {latest:%Y-%m-%d %H:%M}，早于 --max-age，请重新导入 / "
                    "the ledger is older than --max-age; ingest again",
                )
            )
        return fresh.commit

    async def _known(self, ids: Sequence[ResourceId]) -> Mapping[ResourceId, Attributes]:
        return await self.book.resources(list(dict.fromkeys(ids))) if ids else {}

    def _question(self, change: Changed) -> Question:
        return Question((Change(change.resource, change.kind),), first=self.room, why=self.why)

    async def _weigh(self, change: Changed, answer: ImpactAnswer, upto: int) -> None:
        """All results of one change, asked of a ledger at commit `upto`."""
        for name, count in answer.counts.items():
            self._counts[name] = self._counts.get(name, 0) + count
        self._doubts += _short(change, answer)
        if answer.upto < upto:
            self._doubts.append(_behind(change, answer.upto, upto))
        found = (*answer.affected, *answer.touched)
        needed = [f.id for f in found] if self.policy.attributes else []
        attributes = await self._known(needed)
        for each in found:
            self._hold(change, each, attributes.get(each.id))

    def _hold(self, change: Changed, found: Affected, said: Attributes | None) -> None:
        """One result against the policy."""
        for rules, blocks in ((self.policy.block, True), (self.policy.warn, False)):
            rule = next((r for r in rules if self._fits(r, change, found, said)), None)
            if rule is not None:
                waiver = self._waiver(change, found) if blocks else None
                self._findings.append(Finding(change, found, rule.name, blocks, waiver))
                return

    def _fits(self, rule: Rule, change: Changed, found: Affected, said: Attributes | None) -> bool:
        named = (
            (rule.effect, found.effect),
            (rule.certainty, found.certainty),
            (rule.type, found.type),
            (rule.change, change.kind),
        )
        if not all(not wanted or value in wanted for wanted, value in named):
            return False
        ours = found.department in self.own
        if rule.own is not None and rule.own != ours:
            return False
        return all(_has(said, name, values) for name, values in rule.where.items())

    def _waiver(self, change: Changed, found: Affected) -> Waiver | None:
        """The waiver in force for this result; it counts as used even once expired."""
        today: date = self.now.date()
        for waiver in self.policy.waivers:
            if waiver.resource == found.id and waiver.change in (None, change.resource):
                self._used.add(waiver)
                if waiver.expires >= today:
                    return waiver
        return None


def _has(said: Attributes | None, name: str, values: frozenset[str]) -> bool:
    if said is None or name not in said:
        return False
    value = said[name]
    return any(str(each) in values for each in (value if isinstance(value, tuple) else (value,)))


def _missing(change: Changed) -> Doubt:
    return Doubt(
        "resource",
        f"账本中没有 {change.resource}，无法知道它影响什么；核对 --namespace --database --schema，"
        "或先导入 / not in the ledger; check the binding, or ingest it first",
        change.place,
        change,
    )


def _behind(change: Changed, upto: int, head: int) -> Doubt:
    what = (
        f"影响只知道到提交 {upto}，账本已到 {head}，请重试 / impact is behind the ledger: try again"
    )
    return Doubt("age", what, change.place, change)


def _unread(problem: Problem) -> Doubt:
    return Doubt(
        "unread", f"{problem.what} {problem.mend}".strip(), Place(problem.file, row=problem.row)
    )


def _short(change: Changed, answer: ImpactAnswer) -> Iterator[Doubt]:
    """Where the answer does not tell all."""
    listed = len(answer.affected) + len(answer.touched)
    cuts: Iterable[str] = (
        f"{cut.limit} {cut.among} {cut.count}"
        for cut in answer.cut
        if cut.among != "path"  # all results are there, one of them without its evidence
    )
    if answer.next is not None:
        cuts = (*cuts, f"{listed} / {sum(answer.counts.values())}")
    for cut in cuts:
        what = f"{change.resource} 的影响太多，未看完 / reaches too much to judge all: {cut}"
        yield Doubt("cut", what, change.place, change)
    if hidden := sum(answer.hidden.values()):
        what = f"{change.resource} 影响 {hidden} 项无权查看的资源 / reaches what you may not see"
        yield Doubt("hidden", what, change.place, change)
