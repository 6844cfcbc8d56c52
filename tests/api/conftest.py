"""A small ledger on real engines: a department, entries it provides, tables, lineage."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from api.ledger import Ledger
from api.reaching import Reaching
from api.schema.build import LedgerSchema
from api.schema.context import Context
from api.schema.limits import Limits
from graph.open import open_store
from ingest.projector import Projector
from ontology.load import load_ontology
from ontology.model import Ontology
from ontology.resource import ChangeSet, Claim, Link, Rank, ResourceId, Source
from ontology.viewer import LOCAL, Viewer
from search.mapping import derive
from search.open import open_index

FORM = Source("form", Rank.AUTHORITATIVE)
SCAN = Source("scan", Rank.SCANNED)

BUREAU = ResourceId("org:bureau")
BASE = "dataset:postgres://pop.example:5432/pop.public"


def entry(number: int, **attributes: Any) -> Claim:
    told = {
        "title": f"人口信息目录{number:03d}",
        "abstract": "常住人口基本情况",
        "sharingType": "无条件共享" if number % 2 else "有条件共享",
        "securityLevel": "内部数据",
        "keyword": ("人口", "户籍"),
        "recordCount": 1000 * number,
        **attributes,
    }
    links = (Link("providedBy", BUREAU), Link("mounts", ResourceId(f"{BASE}.person")))
    return Claim(ResourceId(f"entry:demo/{number:03d}"), "InformationResource", told, links)


def claims(entries: int = 60) -> tuple[Claim, ...]:
    person, report = ResourceId(f"{BASE}.person"), ResourceId(f"{BASE}.report")
    derived = {"rule": "SELECT count(*) FROM person", "derivation": "aggregation"}
    return (
        Claim(BUREAU, "Department", {"name": "云澜市公安局"}),
        *(entry(n) for n in range(1, entries + 1)),
        Claim(person, "Table", {"name": "pop.public.person", "displayName": "人口表"}),
        Claim(
            report,
            "View",
            {"name": "pop.public.report", "displayName": "统计视图"},
            (Link("datasetDerivedFrom", person, derived),),
        ),
    )


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    return load_ontology(())


@pytest.fixture(scope="session")
def schema(ontology: Ontology) -> LedgerSchema:
    """Made of the ontology alone, so that one serves all tests."""
    return LedgerSchema(ontology, derive(ontology))


@asynccontextmanager
async def open_over(schema: LedgerSchema, folder: Path) -> AsyncIterator[Ledger]:
    """The parts as `api/wiring.py` puts them together, over an ontology already loaded."""
    ontology, mapping = schema.types.ontology, schema.types.mapping
    store = open_store(f"sqlite:///{folder / 'ledger.db'}")
    index = open_index(f"tantivy:///{folder / 'search'}")
    await store.ensure(ontology)
    await index.ensure(mapping)
    reaching = Reaching(ontology, store, folder / "reach")
    made = Ledger(reaching, mapping, index, Projector(store, index, mapping))
    try:
        yield made
    finally:
        await made.projections.close()
        await index.close()
        await reaching.close()
        await store.close()


@pytest.fixture
async def ledger(tmp_path: Path, schema: LedgerSchema) -> AsyncIterator[Ledger]:
    async with open_over(schema, tmp_path) as made:
        await made.commit(ChangeSet("seed", FORM, claims=claims()), wait=5.0)
        yield made


Ask = Callable[..., Awaitable[Any]]


def runner(ledger: Ledger, schema: LedgerSchema) -> Ask:
    async def execute(
        query: str, *, viewer: Viewer = LOCAL, limits: Limits | None = None, **variables: Any
    ) -> Any:
        context = Context(ledger, schema.types, viewer, limits or schema.limits)
        return await schema.execute(query, variables, context_value=context)

    return execute


@pytest.fixture
def run(ledger: Ledger, schema: LedgerSchema) -> Ask:
    """Execute a document; gives the result with data and errors."""
    return runner(ledger, schema)


@pytest.fixture
def ask(run: Ask) -> Ask:
    """Execute a document that must not fail; gives its data."""
    return asking(run)


def asking(run: Ask) -> Ask:
    async def data(query: str, **said: Any) -> Any:
        result = await run(query, **said)
        assert not result.errors, result.errors
        return result.data

    return data


@pytest.fixture(scope="session")
def extended() -> LedgerSchema:
    """With 城市部件, which a city added by a file of its own."""
    ontology = load_ontology([Path(__file__).parents[1] / "ontology" / "extra.ttl"])
    return LedgerSchema(ontology, derive(ontology))


@pytest.fixture
async def ask_extended(tmp_path: Path, extended: LedgerSchema) -> AsyncIterator[Ask]:
    async with open_over(extended, tmp_path) as made:
        await made.commit(ChangeSet("seed", FORM, claims=claims(3)), wait=5.0)
        yield asking(runner(made, extended))


@pytest.fixture
async def run_extended(tmp_path: Path, extended: LedgerSchema) -> AsyncIterator[Ask]:
    async with open_over(extended, tmp_path) as made:
        yield runner(made, extended)
