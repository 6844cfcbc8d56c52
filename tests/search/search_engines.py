"""The search indexes under test, and what their contract is asked with.

An engine joins by a line in `where`. Beside the small ledger, since tests are no package.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import small_ledger

from search.document import SearchDocument
from search.index import Hit, Page, Request, SearchIndex, SearchPage
from search.mapping import derive
from search.open import open_index
from search.parse import parse
from search.text import lexicon

ENGINES = ("tantivy", "elastic", "elastic8")
MAPPING = derive(small_ledger.ONTOLOGY)
WORDS = lexicon(small_ledger.names())
FACETS = ("type", "department", "sharingType", "securityLevel", "format")
Open = Callable[[], SearchIndex]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def where(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of an index of one's own, which is gone afterwards."""
    if engine == "tantivy":
        yield f"tantivy://{folder}/search"
        return
    server, prefix = request.getfixturevalue(f"{engine}_url"), f"t-{uuid4().hex[:12]}"
    yield f"{server}/{prefix}"
    for name in httpx.get(f"{server}/{prefix}-*", timeout=60).json():  # by name: no wildcard may
        httpx.delete(f"{server}/{name}", timeout=60).raise_for_status()


@pytest.fixture
def open_here(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same stored index each time: another process would do just that."""
    for url in where(engine, request, tmp_path):
        yield lambda url=url: open_index(url)


@pytest.fixture(scope="session")
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """The address of an index of each engine that lives as long as the run."""
    with ExitStack() as stack:

        @cache
        def address(engine: str) -> str:
            made = contextmanager(where)(engine, request, tmp_path_factory.mktemp("kept"))
            return stack.enter_context(made)

        yield address


@pytest.fixture
async def kept_index(engine: str, kept: Callable[[str], str]) -> AsyncIterator[SearchIndex]:
    """The small ledger, as of commit 7, for tests that only read."""
    index = open_index(kept(engine))
    await index.ensure(MAPPING, WORDS)
    if await index.position() != 7:
        await index.put(small_ledger.documents(MAPPING), upto=7)
    yield index
    await index.close()


@pytest.fixture
async def empty(open_here: Open) -> AsyncIterator[SearchIndex]:
    index = open_here()
    await index.ensure(MAPPING, WORDS)
    yield index
    await index.close()


@pytest.fixture
async def index(empty: SearchIndex) -> SearchIndex:
    """The small ledger, as of commit 7, for tests that change it."""
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
