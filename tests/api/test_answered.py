"""An answer to a search is given again only while nothing has changed, and to the same reader."""

from __future__ import annotations

from typing import Any

import pytest

from api.ledger import Ledger
from api.schema.answered import LASTING, _lasts
from ontology.resource import ChangeSet, Edit, Rank, ResourceId, Source
from ontology.viewer import Viewer
from tests.api.conftest import Ask

PERSON = Source("人工", Rank.CURATED)
FIND = "query($q: String!) { search(query: $q, first: 50) { total position hits { id title } } }"


async def hits(ask: Ask, **said: Any) -> dict[str, str]:
    found = await ask(FIND, q="人口", **said)
    return {hit["id"]: hit["title"] for hit in found["search"]["hits"]}


async def test_the_same_question_gets_the_same_answer_until_a_commit(
    ask: Ask, ledger: Ledger
) -> None:
    first = await ask(FIND, q="人口")
    assert first["search"]["hits"]
    assert await ask(FIND, q="人口") is first, "kept as it is"
    id = ResourceId(first["search"]["hits"][0]["id"])
    edit = Edit(id, set={"title": "人口改名信息"})
    await ledger.commit(ChangeSet("t", PERSON, edits=(edit,)), wait=5.0)
    assert (await hits(ask))[id] == "人口改名信息"


async def test_each_reader_has_answers_of_their_own(ask: Ask) -> None:
    everything, little = await hits(ask), await hits(ask, viewer=Viewer("reader", "公开数据"))
    assert little != everything
    assert await hits(ask) == everything


@pytest.mark.parametrize(
    ("query", "lasts"),
    [
        ("{ search { total } }", True),
        ("{ a: search { hits { ...H } } } fragment H on Hit { id }", True),
        ('{ suggest(prefix: "a") { title } }', True),
        ("{ search { hits { resource { id } } } }", False),
        ("{ search { hits { ...H } } } fragment H on Hit { resource { id } }", False),
        ("{ search { total } commits { nodes { number } } }", False),
        ("{ ...Q } fragment Q on Query { search { total } }", False),
        ("subscription { search }", False),
        ("mutation { search }", False),
    ],
)
def test_only_searches_are_kept(query: str, lasts: bool) -> None:
    assert _lasts(query) is lasts
    assert {"search", "suggest"} == LASTING
