"""The search indexes under test, and what their contract is asked with.

An engine joins by a line in ENGINES. Beside the small ledger, since tests are no package.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import small_ledger

from search.document import SearchDocument
from search.index import Hit, Page, Request, SearchIndex, SearchPage
from search.mapping import derive
from search.open import open_index
from search.parse import parse
from search.text import lexicon

ENGINES: dict[str, Callable[[Path], SearchIndex]] = {
    "tantivy": lambda folder: open_index(f"tantivy://{folder}/search"),
}
MAPPING = derive(small_ledger.ONTOLOGY)
WORDS = lexicon(small_ledger.names())
FACETS = ("type", "department", "sharingType", "securityLevel", "format")
Open = Callable[[], SearchIndex]


@pytest.fixture(params=sorted(ENGINES))
def open_here(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the same stored index each time: another process would do just that."""
    return lambda: ENGINES[request.param](tmp_path)


@pytest.fixture
async def empty(open_here: Open) -> AsyncIterator[SearchIndex]:
    index = open_here()
    await index.ensure(MAPPING, WORDS)
    yield index
    await index.close()


@pytest.fixture
async def index(empty: SearchIndex) -> SearchIndex:
    """The small ledger, as of commit 7."""
    await empty.put(small_ledger.documents(MAPPING), upto=7)
    return empty


def docs(*rows: small_ledger.Row, first: int = 1) -> list[SearchDocument]:
    """Documents of rows, numbered from `first`."""
    return small_ledger.documents(MAPPING, rows, first)


def entry(id: str, title: str, **attributes: object) -> small_ledger.Row:
    return (f"entry:{id}", "InformationResource", {"title": title, **attributes}, {})


def entries(count: int, title: str = "人口台账", **attributes: object) -> list[SearchDocument]:
    rows = [
        entry(f"{n:04}", f"{title}{n:04}", recordCount=n % 7, **attributes) for n in range(count)
    ]
    return small_ledger.documents(MAPPING, rows)


async def ask(index: SearchIndex, text: str, **more: object) -> SearchPage:
    return await index.search(Request(parse(text, MAPPING.typed), **more))  # type: ignore[arg-type]


async def found(index: SearchIndex, text: str, **more: object) -> list[str]:
    return [hit.id for hit in (await ask(index, text, **more)).hits]


async def listed(index: SearchIndex, where: object, **more: object) -> set[str]:
    page = await index.search(Request(where=where, page=Page(200), **more))  # type: ignore[arg-type]
    assert page.total == len(page.hits)
    return {hit.id for hit in page.hits}


async def walk(
    index: SearchIndex, request: Request, between: Callable[[int], object] | None = None
) -> list[Hit]:
    """All pages of a request, with something happening between them."""
    hits: list[Hit] = []
    after: str | None = None
    while True:
        page = await index.search(
            Request(
                request.query,
                request.where,
                order=request.order,
                page=Page(request.page.size, after),
            )
        )
        hits += page.hits
        if page.after is None:
            return hits
        after = page.after
        if between is not None:
            await between(len(hits))  # type: ignore[misc]


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    return {v.value: v.count for f in page.facets if f.name == facet for v in f.values}
