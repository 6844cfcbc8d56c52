"""What the gate lets pass, what it stops, and each way in which it cannot tell (fails closed)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.gate.book import LocalBook
from api.gate.change import Changed, Changes
from api.gate.policy import Policy
from api.gate.verdict import Gate, Outcome, Verdict
from api.settings import settings
from api.wiring import open_ledger
from graph.question import Cut, ImpactAnswer, Question
from ontology.model import Kind
from ontology.resource import ChangeSet, Claim, Rank, ResourceId, Source
from ontology.viewer import LOCAL, Viewer
from tests.api.command import Done, mulu

MARITAL = "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm"
UNUSED = "matter:990B0049000000-990100000000-000-119901000028070786-1-00"
NOBODY = {"resource": UNUSED, "change": "values"}
"""A change that reaches nothing."""

Ask = Callable[..., Done]


@pytest.fixture
def ask(city: Path, tmp_path: Path) -> Ask:
    """Ask about changes of the sample city, under a policy given as values."""

    def asked(*more: object, policy: Any = None, **changes: str) -> Done:
        listed = [{"resource": MARITAL, "change": c} for c in changes.values()] or [NOBODY]
        (tmp_path / "changes.yaml").write_text(yaml.safe_dump({"changes": listed}))
        line = ["gate", str(tmp_path / "changes.yaml"), "--json"]
        if policy is not None:
            (tmp_path / "policy.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True))
            line += ["--policy", str(tmp_path / "policy.yaml")]
        return mulu(" ".join(line), *more, data=city)

    return asked


def departments(done: Done) -> set[str]:
    return {f["found"]["departmentTitle"] for f in done.json["findings"] if f["blocks"]}


def told(done: Done) -> Any:
    """The verdict of a run that could not tell."""
    assert done.code in (0, 2), done.err
    return json.loads(done.raw)


# --- what blocks and what warns -----------------------------------------------------------


def test_exact_breaks_block(ask: Ask) -> None:
    done = ask(change="remove")
    assert done.code == 1
    blocking = [f for f in done.json["findings"] if f["blocks"]]
    assert blocking
    assert {f["found"]["certainty"] for f in blocking} == {"exact"}
    assert {f["found"]["effect"] for f in blocking} == {"breaks"}
    assert all(f["found"]["path"][0]["from"] for f in blocking), "each with its evidence"


def test_indirect_and_coarse_warn(ask: Ask) -> None:
    less = [f for f in ask(change="remove").json["findings"] if f["found"]["certainty"] != "exact"]
    assert less
    assert not any(f["blocks"] for f in less)


def test_what_reaches_nothing_passes(ask: Ask) -> None:
    assert ask().code == 0


def test_ones_own_department_does_not_block(ask: Ask) -> None:
    everyone = departments(ask(change="remove"))
    assert "云澜市民政局" in everyone
    own = ask("--department", "云澜市民政局", change="remove")
    assert departments(own) == everyone - {"云澜市民政局"}
    rules = {f["rule"] for f in own.json["findings"] if not f["blocks"]}
    assert "own-break" in rules, "it is still told"


def test_must_adapt_warns(ask: Ask) -> None:
    rule = {"name": "adapt", "effect": ["must adapt"], "certainty": ["exact"]}
    done = ask(change="meaning", policy={"warn": [rule]})
    assert {f["rule"] for f in done.json["findings"]} <= {"adapt", "exact-break"}


@pytest.mark.parametrize(
    ("rule", "reached"),
    [
        ({"type": ["Matter"]}, lambda f: f["type"] == "Matter"),
        ({"type": ["Scenario"]}, lambda f: f["type"] == "Scenario"),
        ({"certainty": ["indirect"]}, lambda f: f["certainty"] == "indirect"),
        ({"effect": ["notify"]}, lambda f: f["effect"] == "notify"),
        ({"change": ["remove"], "effect": ["breaks"]}, lambda f: f["effect"] == "breaks"),
        ({"where": {"securityLevel": ["内部数据", "敏感数据"]}}, lambda f: True),
    ],
)
def test_a_rule_blocks_what_it_names(ask: Ask, rule: Any, reached: Any) -> None:
    done = ask(change="remove", policy={"block": [{"name": "mine", **rule}], "warn": []})
    found = done.json["findings"]
    assert all(reached(f["found"]) and f["rule"] == "mine" for f in found)
    assert done.code == (1 if found else 0)
    if "where" not in rule:
        assert found


def test_a_rule_of_another_change_does_not_fit(ask: Ask) -> None:
    policy = {"block": [{"name": "only", "change": ["retype"]}], "warn": []}
    assert ask(change="remove", policy=policy).code == 0


def test_an_attribute_counts(ask: Ask) -> None:
    """A rule `where` compares the ledger's own value of what is reached."""
    names = {"block": [{"name": "n", "where": {"name": ["高龄津贴发放"]}}], "warn": []}
    done = ask(change="remove", policy=names)
    assert {f["found"]["title"] for f in done.json["findings"]} == {"高龄津贴发放"}


# --- waivers --------------------------------------------------------------------------------


def waived(done: Done, days: int, **more: str) -> list[dict[str, Any]]:
    """A waiver for each thing that is blocked."""
    return [
        {
            "resource": f["found"]["id"],
            "owner": "李四",
            "reason": "已约定切换",
            "expires": date.today() + timedelta(days),
            **more,
        }
        for f in done.json["findings"]
        if f["blocks"]
    ]


def test_waivers_let_pass_what_they_name(ask: Ask) -> None:
    waivers = waived(ask(change="remove"), 1)
    done = ask(change="remove", policy={"waivers": waivers})
    assert done.code == 0
    assert {f["waiver"]["owner"] for f in done.json["findings"] if f["blocks"]} == {"李四"}
    assert ask(change="remove", policy={"waivers": waivers[1:]}).code == 1


def test_a_waiver_holds_on_its_last_day(ask: Ask) -> None:
    assert ask(change="remove", policy={"waivers": waived(ask(change="remove"), 0)}).code == 0


def test_an_expired_waiver_blocks_again_and_is_told(ask: Ask) -> None:
    waivers = waived(ask(change="remove"), -1)
    done = ask(change="remove", policy={"waivers": waivers})
    assert done.code == 1
    assert len(done.json["waivers"]["expired"]) == len(waivers)


def test_an_unused_waiver_is_told(ask: Ask) -> None:
    waivers = waived(ask(change="remove"), 1)
    done = ask(policy={"waivers": waivers})
    assert (done.code, len(done.json["waivers"]["unused"])) == (0, len(waivers))


def test_a_waiver_for_another_change_is_none(ask: Ask) -> None:
    waivers = waived(ask(change="remove"), 1, change=UNUSED)
    assert ask(change="remove", policy={"waivers": waivers}).code == 1


# --- could not tell: fails closed -----------------------------------------------------------


def closed(done: Done, reason: str) -> None:
    assert done.code == 2
    assert reason in {d["reason"] for d in told(done)["doubts"]}


def test_no_ledger(ask: Ask, tmp_path: Path) -> None:
    closed(ask("--data", tmp_path / "none", change="remove"), "ledger")
    assert not (tmp_path / "none").exists(), "asking makes no ledger"


def test_empty_ledger(ask: Ask, tmp_path: Path) -> None:
    none = tmp_path / "none.jsonl"
    none.touch()
    mulu("ingest jsonl", none, data=tmp_path / "empty")
    closed(ask("--data", tmp_path / "empty", change="remove"), "ledger")


def test_unknown_resource(city: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("changes: [{resource: 'field:nowhere#x', change: remove}]")
    closed(mulu(f"gate {path} --json", data=city), "resource")
    assert mulu(f"gate {path} --json --fail-open", data=city).code == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "changes: 1",
        "changes: [{resource: x}]",
        "changes: [{resource: x, change: explode}]",
        "changes: [{resource: x, change: remove, force: yes}]",
        "changes: [",
        "changes: []",
        "changes:",
        "changes: [{resource: x, change: remove}]\nchange: []",
        "changes: [{resource: x, change: remove}]\nchanges: [{resource: x, change: meaning}]",
        "changes: [{resource: x, change: remove, change: meaning}]",
        "changes: [{resource: x, change: stale}]",
        "changes: &a [*a]",
        "changes: [&a {resource: *a, change: remove}]",
        "changes: [{resource: [x], change: remove}]",
        "changes: [{? [x] : y, resource: x, change: remove}]",
        "changes: " + "[" * 3_000,
    ],
)
def test_unreadable_changes(text: str, city: Path, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(text)
    closed(mulu(f"gate {tmp_path / 'c.yaml'} --json", data=city), "input")


@pytest.mark.parametrize(
    "policy",
    [
        {"blok": []},
        {"block": [{"name": "x", "effect": ["brakes"]}]},
        {"block": [{"name": "x", "effect": []}]},
        {"block": [{"name": "x", "type": ["Nothing"]}]},
        {"block": [{"name": "x", "where": {"nothing": ["1"]}}]},
        {"block": [{"effect": ["breaks"]}]},
        {"waivers": [{"resource": "x", "owner": "y", "reason": "z"}]},
        {"waivers": [{"resource": "x", "reason": "z", "expires": "2030-01-01"}]},
        {"waivers": [{"resource": "x", "owner": "y", "reason": "z", "expires": "soon"}]},
        {"block": None},
        {"warn": None},
        {"waivers": None},
        {"block": [{"name": "x", "where": None}]},
        ["block"],
    ],
)
def test_unreadable_policy(ask: Ask, policy: Any) -> None:
    closed(ask(policy=policy), "input")


@pytest.mark.parametrize(
    "text",
    [
        "block:\n# - {name: exact-break, effect: [breaks]}\n",
        "block: [{name: a}]\nblock: []\n",
        "block: [{name: a, own: false, own: true}]\n",
        "block: &a [{name: a, where: {title: *a}}]\n",
    ],
    ids=["only comments", "said twice", "said twice in a rule", "within itself"],
)
def test_a_policy_that_would_block_nothing_by_mistake(
    text: str, city: Path, tmp_path: Path
) -> None:
    (tmp_path / "c.yaml").write_text(yaml.safe_dump({"changes": [NOBODY]}))
    (tmp_path / "p.yaml").write_text(text)
    closed(mulu(f"gate {tmp_path}/c.yaml --policy {tmp_path}/p.yaml --json", data=city), "input")


def test_a_ledger_too_old(ask: Ask, city: Path) -> None:
    assert ask("--max-age", "3650d").code == 0
    closed(ask("--max-age", "0m"), "age")


def test_a_break_is_told_even_beside_doubts(ask: Ask) -> None:
    done = ask("--max-age", "0m", change="remove")
    assert done.code == 1
    assert done.json["doubts"]
    assert ask("--max-age", "0m", "--fail-open", change="remove").code == 1


async def judged(city: Path, **said: Any) -> Verdict:
    change = Changed(ResourceId(MARITAL), Kind.REMOVE)
    viewer = said.pop("viewer", LOCAL)
    async with open_ledger(settings(data=city)) as ledger:
        gate = Gate(LocalBook(ledger, viewer), **{"policy": Policy(block=()), **said})
        return await gate.judge(Changes((change,)))


async def test_an_answer_cut_short(city: Path) -> None:
    verdict = await judged(city, room=1)
    assert verdict.outcome is Outcome.UNKNOWN
    assert {d.reason for d in verdict.doubts} == {"cut"}


async def test_what_may_not_be_seen(city: Path) -> None:
    """The start is public to this viewer, part of what it reaches is not."""
    open_to_all = await judged(city)
    lowest = await judged(city, viewer=Viewer("guest", clearance="公开数据"))
    if {d.reason for d in lowest.doubts} == {"resource"}:
        assert lowest.outcome is Outcome.UNKNOWN, "the start itself is hidden"
    else:
        assert "hidden" in {d.reason for d in lowest.doubts}
    assert open_to_all.outcome is Outcome.ALLOWED


async def test_age_counts_runs_that_found_nothing_new(city: Path) -> None:
    verdict = await judged(city, max_age=timedelta(days=1), now=datetime.now(UTC))
    assert verdict.doubts == ()


def test_usage_errors_are_no_pass(city: Path) -> None:
    assert mulu("gate", data=city).code == 2
    assert mulu("gate x.yaml --max-age soon --fail-open", data=city).code == 2


async def test_impact_behind_the_ledger(city: Path) -> None:
    class Behind(LocalBook):
        async def impacts(self, questions: Sequence[Question]) -> AsyncIterator[ImpactAnswer]:
            async for answer in super().impacts(questions):
                yield replace(answer, upto=answer.upto - 1)

    async with open_ledger(settings(data=city)) as ledger:
        gate = Gate(Behind(ledger, LOCAL), Policy(block=()))
        verdict = await gate.judge(Changes((Changed(ResourceId(MARITAL), Kind.REMOVE),)))
    assert {d.reason for d in verdict.doubts} == {"age"}


def test_a_department_that_none_or_several_are_called(ask: Ask, city_copy: Path) -> None:
    """Whichever is one's own, the other's breaks must not pass for one's own."""
    closed(ask("--department", "云澜市民改局", change="remove"), "input")
    twin = Claim(ResourceId("org:990199/x"), "Department", {"name": "云澜市民政局"})
    asyncio.run(said(city_copy, twin))
    closed(ask("--department", "云澜市民政局", "--data", city_copy, change="remove"), "input")
    assert ask("--department", twin.resource, "--data", city_copy, change="remove").code == 1


async def said(data: Path, claim: Claim) -> None:
    async with open_ledger(settings(data=data)) as ledger:
        await ledger.commit(ChangeSet("test", Source("test", Rank.SCANNED), claims=(claim,)))


def test_an_age_beyond_all_time(ask: Ask) -> None:
    assert ask("--max-age", "999999999999d").code == 2


async def test_evidence_that_is_cut_is_no_doubt(city: Path) -> None:
    """All results are there; whether their paths are asked for depends on the output."""

    class Unproved(LocalBook):
        async def impacts(self, questions: Sequence[Question]) -> AsyncIterator[ImpactAnswer]:
            cut = (Cut("links", "path", 1, (ResourceId(MARITAL),)),)
            async for answer in super().impacts(questions):
                yield replace(answer, cut=cut)

    async with open_ledger(settings(data=city)) as ledger:
        gate = Gate(Unproved(ledger, LOCAL), Policy(block=()))
        verdict = await gate.judge(Changes((Changed(ResourceId(MARITAL), Kind.REMOVE),)))
    assert verdict.outcome is Outcome.ALLOWED
