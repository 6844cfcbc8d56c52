"""Errors on their way out: codes for what a caller can act on, a mark for the rest."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from api.ledger import Ledger


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
