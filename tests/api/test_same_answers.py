"""The command line and GraphQL answer each question alike, on the sample city."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.schema.build import LedgerSchema
from api.settings import settings
from api.wiring import open_ledger
from tests.api.command import mulu
from tests.api.conftest import Ask, asking, runner

MARITAL = "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm"
ELEMENT = "element:GB11643/1999/YLDE-gmsfhm"
RECORDS = "dataset:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx"
BUREAU = "org:119901000028070786"
PHONE = "field:sqlite:rk_tz/t_czrk#sjhm"
TABLE = "dataset:postgres://dw.yunlan.example:5432/dw.ads.ads_gl_jt"

CROSSED = "origin target type rule job kind source commit"
REACHED = f"""id type title depth effect certainty kinds via due department departmentTitle contact
    path {{ {CROSSED} }}"""
COUNTS = "{ exact indirect coarse touched }"
IMPACT = f"""complete cut {{ limit among count resources ask }} counts {COUNTS} hidden {COUNTS}
    departments {{ department departmentTitle: title contact counts {COUNTS} }} toTell next upto
    affected {{ {REACHED} }} touched {{ {REACHED} }}"""
LINEAGE = """complete cut hidden upto nodes { id type title depth hidden }
    edges { origin use type rule job kind source commit coarse brought certainty }"""

PLACED = "{ id type title department departmentTitle contact retired hidden }"
ORIGINS = f"""complete single origins {{ found {PLACED} depth standing }} circular cut upto
    data {{ found {PLACED} authorities {PLACED} collections {PLACED} }}"""
LINKS = "{ type target source properties { name value } }"
DIFF = f"""start end touched complete cut next
    counts {{ created changed retired revived aliased unaliased }}
    differences {{ id type title what of attributes {{ name before after }}
        added {LINKS} removed {LINKS} }}"""
COMPARISON = f"""start end complete counts {{ new vanished otherwise same }} before {COUNTS}
    after {COUNTS} cut {{ limit among count resources ask }} next
    shifted {{ id shift before {{ {REACHED} }} after {{ {REACHED} }} }}"""

QUESTIONS: dict[str, tuple[str, str]] = {
    "impact": (
        f"impact {MARITAL} --why --first 500",
        f'impact(ids: ["{MARITAL}"], why: true, first: 500) {{ {IMPACT} }}',
    ),
    "several starts": (
        f"impact {MARITAL} retype={ELEMENT} --grouped --first 100 --after 3",
        f"""impact(changes: [{{id: "{MARITAL}"}}, {{id: "{ELEMENT}", change: RETYPE}}],
            grouped: true, first: 100, after: 3) {{ {IMPACT} }}""",
    ),
    "filters": (
        f"impact {MARITAL} --certainty exact --certainty indirect --type Field --depth 2 "
        "--level 公开数据 --first 500",
        f"""impact(ids: ["{MARITAL}"], certainty: [EXACT, INDIRECT], types: ["Field"], depth: 2,
            levels: ["公开数据"], first: 500) {{ {IMPACT} }}""",
    ),
    "limits, long ago": (
        f"impact {MARITAL} --limit exact=2 --at 2024-12-31 --first 500",
        f"""impact(ids: ["{MARITAL}"], limits: {{exact: 2}}, at: "2024-12-31", first: 500)
            {{ {IMPACT} }}""",
    ),
    "defaults": (
        f"impact {MARITAL} --first 100",
        f'impact(ids: ["{MARITAL}"]) {{ {IMPACT} }}',
    ),
    "one department": (
        f"impact values={ELEMENT} meaning={MARITAL} --department {BUREAU} --why --first 500",
        f"""impact(changes: [{{id: "{ELEMENT}", change: VALUES}}, {{id: "{MARITAL}",
            change: MEANING}}], departments: ["{BUREAU}"], why: true, first: 500) {{ {IMPACT} }}""",
    ),
    "lineage": (
        f"lineage {TABLE}",
        f'lineage(id: "{TABLE}") {{ {LINEAGE} }}',
    ),
    "lineage downstream, long ago": (
        f"lineage {RECORDS} --downstream --at 2024-12-31",
        f'lineage(id: "{RECORDS}", direction: DOWNSTREAM, at: "2024-12-31") {{ {LINEAGE} }}',
    ),
    "lineage upstream": (
        f"lineage {TABLE} --upstream --depth 2 --limit 5",
        f'lineage(id: "{TABLE}", direction: UPSTREAM, depth: 2, limit: 5) {{ {LINEAGE} }}',
    ),
    "comparison": (
        f"impact {MARITAL} --at 2024-12-31 --against 2026-12-31 --first 50 --why",
        f"""comparison(ids: ["{MARITAL}"], at: "2024-12-31", against: "2026-12-31", first: 50,
            why: true) {{ {COMPARISON} }}""",
    ),
    "comparison with limits": (
        f"impact {MARITAL} --against 2024-12-31 --limit coarse=3 --depth 4 --first 5 --after 2",
        f"""comparison(ids: ["{MARITAL}"], against: "2024-12-31", limits: {{coarse: 3}}, depth: 4,
            first: 5, after: 2) {{ {COMPARISON} }}""",
    ),
    "origins": (
        f"origins {PHONE}",
        f'origins(id: "{PHONE}") {{ {ORIGINS} }}',
    ),
    "origins, cut": (
        f"origins {TABLE} --limit 9 --at 2026-06-30",
        f'origins(id: "{TABLE}", limit: 9, at: "2026-06-30") {{ {ORIGINS} }}',
    ),
    "diff": (
        "diff 2025-06-30 2026-12-31 --type Table --first 60",
        f"""diff(start: "2025-06-30", end: "2026-12-31", types: ["Table"], first: 60)
            {{ {DIFF} }}""",
    ),
    "diff, a later page": (
        "diff 2024-12-31 --first 40 --after 900",
        f'diff(start: "2024-12-31", first: 40, after: 900) {{ {DIFF} }}',
    ),
}


@pytest.fixture
async def ask(city: Path, schema: LedgerSchema) -> AsyncIterator[Ask]:
    async with open_ledger(settings(data=city)) as ledger:
        yield asking(runner(ledger, schema))


def on(ask: Any) -> Any:
    """`limits: {exact: 20}` as a command tells it: {"exact": 20}."""
    if isinstance(ask, dict):
        return ask
    return {name: int(number) for name, number in re.findall(r"(\w+): (\d+)", ask)}


def same(told: Any) -> Any:
    """An answer without what the two write differently: nothing as null, "" or 0, the ends
    of a link as from and to, how to ask on as numbers, certainties as names."""
    if isinstance(told, dict):
        names = {"origin": "from", "target": "to", "use": "to"}
        kept = ((names.get(k, k), on(v) if k == "ask" else same(v)) for k, v in told.items())
        return {k: v for k, v in kept if v not in (None, "", 0, [], {}, False)}
    if isinstance(told, list) and told and isinstance(told[0], dict) and "value" in told[0]:
        return {each["name"]: same(each["value"]) for each in told}  # the properties of a link
    if isinstance(told, list):
        return [same(each) for each in told]
    return told.lower() if isinstance(told, str) and re.fullmatch("[A-Z]+", told) else told


@pytest.mark.parametrize("question", QUESTIONS)
async def test_both_answer_alike(question: str, city: Path, ask: Ask) -> None:
    line, query = QUESTIONS[question]
    typed = await asyncio.to_thread(mulu, f"{line} --json", data=city)  # it has a loop of its own
    assert typed.code == 0, typed.err
    asked = await ask(f"{{ answer: {query} }}")
    assert same(typed.json) == same(asked["answer"])
    assert len(str(typed.json)) > 300, "an answer that says something"
