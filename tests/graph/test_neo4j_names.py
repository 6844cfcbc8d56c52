"""Labels and types enter a statement by `quoted` alone: read off the source of every statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import graph

FILES = sorted((Path(graph.__file__).parent / "neo4j").glob("*.py"))
BEFORE_A_NAME = re.compile(r"[(\[]\w*[:|]?$|[:|`]$")
"""How a text ends behind which Cypher reads a variable, a label or a type."""
OURS = re.compile(r"[A-Z_]+|(quoted|type_text|label_text)\(.*\)")
"""A constant of the module, or what `quoted` makes (cypher.py)."""
WORDS = {
    "near.py": {"near"},  # o or t
    "schema.py": {"label", "over"},  # from the constants above it
    "link.py": {"wanted"},  # of type_text
}


def interpolated(source: str) -> Iterator[str]:
    """Expressions that are put where a name is read."""
    for text in (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.JoinedStr)):
        before = ""
        for piece in text.values:
            if isinstance(piece, ast.FormattedValue) and BEFORE_A_NAME.search(before):
                yield ast.unparse(piece.value)
            before = str(piece.value) if isinstance(piece, ast.Constant) else ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_names_are_quoted(file: Path) -> None:
    if file.name == "address.py":  # writes no Cypher
        return
    known = WORDS.get(file.name, set())
    found = [one for one in interpolated(file.read_text("utf-8")) if not OURS.fullmatch(one)]
    assert set(found) <= known


def test_a_name_that_is_not_quoted_is_seen() -> None:
    assert list(interpolated('f"MATCH (n:{kind})-[:A|{type}]->(m) WHERE m.x = {value}"')) == [
        "kind",
        "type",
    ]
