"""Errors on their way out: codes for what a caller can act on, a mark for the rest."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from api.ledger import Ledger
from api.schema.build import LedgerSchema
from api.schema.context import Context
from ontology.viewer import LOCAL


async def test_a_bug_shows_a_mark_and_nothing_else(
    run: Any, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("/secret/path: password=1234")

    ledger.conflicts = broken  # type: ignore[method-assign]
    with caplog.at_level(logging.ERROR, "mulu.api"):
        result = await run("{ conflicts { nodes { id } } }")
    (error,) = result.errors
    assert error.extensions["code"] == "INTERNAL"
    assert "secret" not in str(error.formatted)
    assert error.extensions["id"] in error.message
    assert error.extensions["id"] in caplog.text
    assert "password=1234" in caplog.text


def listed(filter: str) -> str:
    return f"{{ informationResources(filter: {{{filter}}}) {{ totalCount }} }}"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nonsense }", "INVALID_QUERY"),
        ("{ unfinished", "INVALID_QUERY"),
        ('{ history(id: "org:none") { since } }', "NOT_FOUND"),
        ('{ search(query: "x", facets: ["none"]) { total } }', "INVALID"),
        ('{ search(query: "x", types: ["None"]) { total } }', "INVALID"),
        ('{ search(query: "x", sort: {field: "none"}) { total } }', "INVALID"),
        ('{ search(query: "x", after: "%%%") { total } }', "INVALID"),
        ('{ resource(id: "org:bureau") { links(after: "%%%") { totalCount } } }', "INVALID"),
        ('{ resource(id: "org:bureau") { links(types: ["none"]) { totalCount } } }', "INVALID"),
        (listed("sharingType: {eq: null}"), "INVALID"),
        (listed("recordCount: {from: null}"), "INVALID"),
        (listed('publishedAt: {eq: "garbage"}'), "INVALID"),
        (listed('publishedAt: {from: "2024-13-40"}'), "INVALID"),
        (listed('title: {from: "社会"}'), "INVALID"),
        (listed('sharingType: {from: "none"}'), "INVALID"),
        (listed('or: [{publishedAt: {to: "none"}}]'), "INVALID"),
        ('{ catalogEntries(filter: {type: {eq: "None"}}) { totalCount } }', "INVALID"),
        ('{ statistics(types: ["None"]) { total } }', "INVALID"),
        (
            """{ search(selected: [{name: "type", values: ["Table"]},
                                  {name: "type", values: ["View"]}]) { total } }""",
            "INVALID",
        ),
        ('{ lineage(id: "org:bureau", depth: -1) { complete } }', "INVALID"),
        (
            'mutation { deny(id: "entry:demo/001", attributes: ["foo"]) { warnings { what } } }',
            "INVALID",
        ),
        (
            """mutation { unlink(id: "entry:demo/001", link: {type: "foo", target: "org:bureau"}) {
                 warnings { what } } }""",
            "INVALID",
        ),
        ("query a { freshness { commit } } query b { freshness { behind } }", "INVALID_QUERY"),
        ('{ commits(after: "x") { totalCount } }', "INVALID"),
        ('{ impact(ids: ["org:none"]) { next } }', "NOT_FOUND"),
        ('{ resource(id: "org:bureau", at: "yesterday") { id } }', "INVALID"),
    ],
)
async def test_what_a_caller_can_mend_has_a_code_and_words(run: Any, query: str, code: str) -> None:
    result = await run(query)
    assert result.errors, "no error"
    assert result.errors[0].extensions["code"] == code
    assert result.errors[0].message


async def test_of_several_operations_one_must_be_named(
    ledger: Ledger, schema: LedgerSchema
) -> None:
    result = await schema.execute(
        "query a { freshness { commit } } query b { statistics { commits } }",
        context_value=Context(ledger, schema.types, LOCAL, schema.limits),
    )
    assert result.data is None
    assert result.errors
    assert "operationName" in result.errors[0].message


async def test_of_several_operations_the_named_one_runs(
    ledger: Ledger, schema: LedgerSchema
) -> None:
    result = await schema.execute(
        "query a { freshness { commit } } query b { statistics { commits } }",
        operation_name="b",
        context_value=Context(ledger, schema.types, LOCAL, schema.limits),
    )
    assert result.errors is None
    assert result.data == {"statistics": {"commits": 1}}
