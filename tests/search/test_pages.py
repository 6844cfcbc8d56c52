"""Pages are kept for one state of an index: the most recent ones, and no export's."""

from __future__ import annotations

from search.index import Hit, SearchPage
from search.pages import LARGEST, MOST, Pages


def page(hits: int = 0) -> SearchPage:
    found = tuple(Hit(f"x:{n}", "Table", "", 0.0, (), "") for n in range(hits))  # type: ignore[arg-type]
    return SearchPage(hits, found, (), False, None, None, 1)


def test_a_page_is_kept_until_the_index_moves() -> None:
    pages, answered = Pages(), page()
    assert pages.get(1, "人口") is None
    pages.keep(1, "人口", answered)
    assert pages.get(1, "人口") is answered
    assert pages.get(1, "法人") is None
    assert pages.get(2, "人口") is None
    pages.keep(2, "法人", answered)
    assert pages.get(2, "人口") is None
    assert pages.get(1, "法人") is None


def test_the_pages_asked_for_last_are_kept() -> None:
    pages = Pages()
    for n in range(MOST):
        pages.keep(1, n, page())
    assert pages.get(1, 0)
    pages.keep(1, MOST, page())
    assert pages.get(1, 0)
    assert pages.get(1, 1) is None


def test_a_large_page_is_not_kept() -> None:
    pages = Pages()
    pages.keep(1, "all", page(LARGEST + 1))
    assert pages.get(1, "all") is None
