"""Lineage: where data come from, where they go, and what stands on each edge."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from telling import ONTOLOGY, Telling

from graph.lineage import LineageAnswer, LineageQuestion, lineage
from graph.reach.index import ReachIndex
from ontology.errors import NotFound
from ontology.resource import ResourceId
from ontology.viewer import LOCAL, Viewer

CHAIN = """
tables:
  ods: [zjhm, xm]
  dwd: [zjhm, xm, rs]
  ads: [rs]
  log: [n]
links:
- [field:dwd#zjhm, fieldDerivedFrom, field:ods#zjhm,
   {derivation: identity, rule: zjhm, job: job:j1, complete: true}]
- [field:dwd#rs, fieldDerivedFrom, field:ods#xm,
   {derivation: aggregation, rule: COUNT(xm), job: job:j1, complete: true}]
- [dataset:dwd, datasetDerivedFrom, dataset:ods, {job: job:j1}]
- [field:ads#rs, fieldDerivedFrom, field:dwd#rs,
   {derivation: identity, job: job:j2, complete: true}]
- [job:j3, reads, dataset:ads]
- [job:j3, writes, dataset:log]
"""


async def ask(text: str, resource: str, viewer: Viewer = LOCAL, **asked: Any) -> LineageAnswer:
    case = yaml.safe_load(text)
    telling = Telling(case)
    await telling.tell()
    index = await ReachIndex.build(telling.store, ONTOLOGY)
    if "at" in asked:
        asked["at"] = telling.commits[asked["at"]]
    question = LineageQuestion(ResourceId(resource), **asked)
    return await lineage(telling.store, index, question, viewer)


def nodes(answer: LineageAnswer) -> dict[str, int]:
    return {str(node.id): node.depth for node in answer.nodes}


def edges(answer: LineageAnswer) -> set[tuple[str, str]]:
    return {(str(edge.origin), str(edge.use)) for edge in answer.edges}


async def test_fields_upstream() -> None:
    answer = await ask(CHAIN, "field:ads#rs", downstream=False)
    assert nodes(answer) == {"field:ads#rs": 0, "field:dwd#rs": 1, "field:ods#xm": 2}
    assert edges(answer) == {("field:dwd#rs", "field:ads#rs"), ("field:ods#xm", "field:dwd#rs")}
    assert answer.complete


async def test_edges_carry_rule_job_kind_source_and_commit() -> None:
    answer = await ask(CHAIN, "field:dwd#rs", downstream=False)
    (edge,) = answer.edges
    assert (edge.rule, edge.job, edge.kind) == ("COUNT(xm)", "job:j1", "aggregation")
    assert (edge.type, edge.source) == ("fieldDerivedFrom", "sql")
    assert edge.commit > 0


async def test_datasets_downstream_by_dataset_edges_columns_and_jobs() -> None:
    answer = await ask(CHAIN, "dataset:ods", upstream=False)
    assert nodes(answer) == {"dataset:ods": 0, "dataset:dwd": 1, "dataset:ads": 2, "dataset:log": 3}
    told = {(str(e.origin), str(e.use)): e for e in answer.edges}
    assert not told["dataset:ods", "dataset:dwd"].brought  # hidden from impact, lineage still
    assert told["dataset:dwd", "dataset:ads"].brought
    assert told["dataset:ads", "dataset:log"].job == "job:j3"


async def test_a_field_goes_on_coarsely_where_only_the_table_is_known() -> None:
    text = """
    tables: {a: [x], b: [y]}
    links:
    - [dataset:b, datasetDerivedFrom, dataset:a, {job: job:j}]
    """
    answer = await ask(text, "field:a#x", upstream=False)
    (edge,) = answer.edges
    assert (edge.origin, edge.use, edge.coarse) == ("field:a#x", "dataset:b", True)
    assert edge.type == "datasetDerivedFrom"


async def test_columns_that_are_complete_leave_no_coarse_edge() -> None:
    answer = await ask(CHAIN, "field:ods#zjhm", upstream=False)
    assert nodes(answer) == {"field:ods#zjhm": 0, "field:dwd#zjhm": 1}


async def test_depth_cuts_and_says_where() -> None:
    answer = await ask(CHAIN, "field:ads#rs", downstream=False, depth=1)
    assert nodes(answer) == {"field:ads#rs": 0, "field:dwd#rs": 1}
    assert not answer.complete
    assert answer.cut == ("field:dwd#rs",)


async def test_room_cuts_and_says_where() -> None:
    answer = await ask(CHAIN, "dataset:ods", upstream=False, room=2)
    assert nodes(answer) == {"dataset:ods": 0, "dataset:dwd": 1}
    assert answer.cut == ("dataset:dwd",)


async def test_cycles_end() -> None:
    text = """
    tables: {a: [x], b: [x]}
    links:
    - [field:b#x, fieldDerivedFrom, field:a#x, {derivation: identity}]
    - [field:a#x, fieldDerivedFrom, field:b#x, {derivation: identity}]
    - [dataset:a, datasetDerivedFrom, dataset:a]
    """
    assert len((await ask(text, "field:a#x")).edges) == 2
    assert nodes(await ask(text, "dataset:a")) == {"dataset:a": 0, "dataset:b": 1}


async def test_as_of_a_past_commit() -> None:
    text = """
    tables: {a: [x], b: [x], c: [x]}
    links:
    - [field:b#x, fieldDerivedFrom, field:a#x, {derivation: identity}]
    history:
    - name: later
      remove: [[field:b#x, fieldDerivedFrom, field:a#x]]
      links: [[field:b#x, fieldDerivedFrom, field:c#x, {derivation: identity}]]
    """
    now = await ask(text, "field:b#x", downstream=False)
    then = await ask(text, "field:b#x", downstream=False, at="first")
    assert edges(now) == {("field:c#x", "field:b#x")}
    assert edges(then) == {("field:a#x", "field:b#x")}


async def test_names_of_one_table_meet() -> None:
    text = """
    tables: {vip/t: [x], use: [y]}
    links:
    - [dataset:use, datasetDerivedFrom, dataset:host/t, {job: job:j}]
    history:
    - name: known
      alias: {dataset:host/t: dataset:vip/t}
    """
    answer = await ask(text, "dataset:host/t", upstream=False)
    assert edges(answer) == {("dataset:vip/t", "dataset:use")}


async def test_what_the_viewer_may_not_see_is_a_counted_placeholder() -> None:
    text = """
    tables: {a: [x], b: [x], c: [x]}
    levels: {field:b#x: 核心数据}
    links:
    - [field:b#x, fieldDerivedFrom, field:a#x, {derivation: identity, rule: secret}]
    - [field:c#x, fieldDerivedFrom, field:b#x, {derivation: identity, rule: secret}]
    """
    answer = await ask(text, "field:a#x", Viewer("reader", "内部数据"))
    assert nodes(answer) == {"field:a#x": 0, "hidden:1": 1, "field:c#x": 2}
    assert answer.hidden == 1
    assert {edge.rule for edge in answer.edges} == {""}


async def test_an_unknown_resource() -> None:
    with pytest.raises(NotFound, match="field:nowhere"):
        await ask(CHAIN, "field:nowhere")


async def test_a_resource_with_too_many_edges_is_told() -> None:
    """Both origins are known, but only one link of a resource is read for what stands on it."""
    joined = """
tables: {a: [x], b: [x], c: [x]}
links:
- [field:c#x, fieldDerivedFrom, field:a#x, {job: job:j}]
- [field:c#x, fieldDerivedFrom, field:b#x, {job: job:j}]
"""
    whole = await ask(joined, "field:c#x", downstream=False)
    assert (whole.complete, len(whole.edges)) == (True, 2)
    answer = await ask(joined, "field:c#x", downstream=False, links=1)
    assert answer.cut == ("field:c#x",)
    assert len(answer.edges) == 1
    assert len(answer.nodes) == 3
