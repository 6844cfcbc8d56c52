"""Each limit refuses with its own words and the code LIMIT; GraphiQL is never refused."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from graphql import get_introspection_query

from api.ledger import Ledger
from api.schema.build import LedgerSchema
from api.schema.context import Context
from api.schema.limits import Limits
from ontology.model import Ontology
from ontology.viewer import LOCAL
from search.mapping import derive

LIMITS = Limits(depth=5, breadth=30, tokens=300, aliases=3, nodes=50, page=30, seconds=2)


@pytest.fixture(scope="module")
def strict(ontology: Ontology) -> LedgerSchema:
    return LedgerSchema(ontology, derive(ontology), LIMITS)


@pytest.fixture
def refused(ledger: Ledger, strict: LedgerSchema) -> Any:
    async def message(query: str) -> str:
        context = Context(ledger, strict.types, LOCAL, strict.limits)
        result = await strict.execute(query, context_value=context)
        assert result.errors, "nothing was refused"
        assert result.errors[0].extensions == {"code": "LIMIT"}
        return str(result.errors[0].message)

    return message


async def test_depth(refused: Any) -> None:
    inner = "id"
    for _ in range(3):
        inner = f"links {{ nodes {{ {inner} }} }}"
    assert "depth is 8" in await refused(f'{{ resource(id: "org:bureau") {{ {inner} }} }}')


async def test_breadth_counts_fragments_written_out(refused: Any) -> None:
    query = """{ resource(id: "org:bureau") { ...a ...b } }
        fragment a on Resource { ...c ...d } fragment b on Resource { ...c ...d }
        fragment c on Resource { id type title version retired names sources placeholder }
        fragment d on Resource { id type title version retired names sources placeholder
                                 conflicts { attribute } }"""
    assert "number of fields" in await refused(query)


async def test_a_document_that_doubles_itself_costs_no_more_than_its_text(refused: Any) -> None:
    doubling = " ".join(
        f"fragment f{n} on Resource {{ ...f{n + 1} ...f{n + 1} }}" for n in range(25)
    )
    query = f'{{ resource(id: "x:y") {{ ...f0 }} }} {doubling} fragment f25 on Resource {{ id }}'
    async with asyncio.timeout(5):
        assert "number of fields" in await refused(query)


async def test_tokens(refused: Any) -> None:
    assert "tokens" in await refused("{ " + "a " * 400 + "}")


async def test_aliases(refused: Any) -> None:
    aliased = " ".join(f'a{n}: resource(id: "x:{n}") {{ id }}' for n in range(4))
    assert "number of aliases is 4" in await refused(f"{{ {aliased} }}")


async def test_page(refused: Any) -> None:
    assert "between 0 and 30" in await refused("{ informationResources(first: 31) { totalCount } }")
    assert "between 0 and 30" in await refused(
        '{ resource(id: "org:bureau") { links(first: 31) { totalCount } } }'
    )


async def test_resources_in_one_answer(refused: Any) -> None:
    query = (
        "{ informationResources(first: 30) { nodes { providedBy(first: 5) { nodes { id } } } } }"
    )
    assert "more than 50 resources" in await refused(query)


async def test_time(ledger: Ledger, strict: LedgerSchema, refused: Any) -> None:
    lock = asyncio.Lock()
    await lock.acquire()
    # A store that does not answer: what holds a lock that the question needs.
    reaching = ledger.reaching
    held, reaching.reach = reaching.reach, lock.acquire  # type: ignore[assignment, method-assign]
    try:
        assert "stopped after 2 seconds" in await refused(
            '{ impact(ids: ["org:bureau"], first: 10) { next } }'
        )
    finally:
        reaching.reach = held  # type: ignore[method-assign]


async def test_a_write_that_runs_out_of_time_is_not_said_to_have_stopped(
    ledger: Ledger, ontology: Ontology, tmp_path: Path
) -> None:
    schema = LedgerSchema(ontology, derive(ontology), Limits(seconds=2.0))
    query = 'mutation { alias(name: "org:ga", of: "org:bureau", key: "k") { commit { number } } }'
    context = Context(ledger, schema.types, LOCAL, schema.limits)
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # somebody else writes: the commit has to wait
    late = await schema.execute(query, context_value=context)
    other.execute("ROLLBACK")
    other.close()
    assert late.errors
    assert late.errors[0].extensions == {"code": "OUTCOME_UNKNOWN"}
    assert "same key" in late.errors[0].message


async def test_nesting_beyond_what_the_parser_can_follow(run: Any) -> None:
    result = await run("{a" * 3000)
    assert result.errors[0].extensions["code"] == "LIMIT"


async def test_introspection_of_graphiql_passes(run: Any) -> None:
    result = await run(get_introspection_query())
    assert not result.errors
    assert len(result.data["__schema"]["types"]) > 100
