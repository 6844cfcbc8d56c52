"""Lists of plain objects come to what GraphQL's own way makes of them, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from api.schema.plain import PlainLists
from tests.api.conftest import Ask

QUESTIONS = {
    "hits, highlights and facets": """{ search(query: "人口", facets: ["type", "department"]) {
        total hits { __typename id type title score highlights { field text spans } }
        facets { name others values { value count } } } }""",
    "other names, fragments, and what is left out": """query($no: Boolean = false) {
        search(query: "人口") { hits { a: id ...H b: title @include(if: $no)
            highlights @skip(if: $no) { text } } } } fragment H on Hit { name: title cursor }""",
    "a page of a class, with nulls, lists and numbers": """{ informationResources(first: 7) {
        nodes { id title abstract keyword sharingType recordCount publishedAt } } }""",
    "links beside attributes": """{ informationResources(first: 3) {
        nodes { id title providedBy { nodes { id name } } } } }""",
    "what is resolved": '{ search(query: "人口", first: 3) { hits { id resource { id } } } }',
}


@pytest.mark.parametrize("query", QUESTIONS.values(), ids=QUESTIONS)
async def test_the_answer_is_the_one_of_graphql_itself(
    run: Ask, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = await run(query)
    assert not quick.errors
    monkeypatch.setattr(PlainLists, "_of", lambda *_: None)
    slow = await run(query + " ")  # the same answer is not given again
    assert (quick.data, quick.errors) == (slow.data, slow.errors)


async def test_most_of_a_search_is_completed_at_once(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed = 0

    def counted(self: Any, *said: Any) -> Any:
        nonlocal completed
        completed += 1
        return super(PlainLists, self).execute_field(*said)

    monkeypatch.setattr(PlainLists, "execute_field", counted, raising=False)
    await ask(QUESTIONS["hits, highlights and facets"])
    assert completed < 10


async def test_a_value_that_does_not_fit_is_told_at_its_place(
    run: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.schema.finds import Hit

    real = Hit.of.__func__  # type: ignore[attr-defined]

    def nameless(cls: type[Hit], hit: Any) -> Hit:
        made: Hit = real(cls, hit)
        made.title = None  # type: ignore[assignment]
        return made

    monkeypatch.setattr(Hit, "of", classmethod(nameless))
    result = await run('{ search(query: "人口", first: 2) { total hits { id title } } }')
    assert result.data == {"search": None}
    assert result.errors[0].path == ["search", "hits", 0, "title"]
