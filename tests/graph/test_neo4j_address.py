"""The address of a Neo4j database: what is taken, what is refused, what is never shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graph.neo4j.address import address_of
from graph.open import open_store
from ontology.errors import InvalidInput, MissingExtra


def test_an_address_is_read() -> None:
    to = address_of("neo4j+s://city:p%40ss@db.example:7688/ledger?seconds=5&pool=9&ca=/etc/ca.pem")
    assert (to.host, to.port, to.database) == ("db.example", 7688, "ledger")
    assert (to.user, to.password, to.encrypted) == ("city", "p@ss", True)
    assert (to.seconds, to.pool, to.ca) == (5, 9, Path("/etc/ca.pem"))
    assert to.plain == "neo4j://db.example:7688"


def test_what_is_not_said_has_a_default() -> None:
    to = address_of("bolt://localhost")
    assert (to.port, to.database, to.user, to.ca) == (7687, None, None, None)
    assert to.seconds == 300


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_loopback_needs_no_encryption(host: str) -> None:
    assert not address_of(f"neo4j://{host}:7687").encrypted


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("neo4j://u:secret@db.example", r"neo4j\+s://"),
        ("bolt://u:secret@10.0.0.7", r"bolt\+s://"),
        ("neo4j+s://db.example", "user:password"),
        ("neo4j+s://u:secret@db.example?second=1", "second"),
        ("neo4j+s://u:secret@db.example?seconds=soon", "seconds"),
        ("neo4j+s://u:secret@db.example?pool=-1", "pool"),
        ("neo4j+s://u:secret@db.example:port", "no address"),
        ("neo4j+s://", "no host"),
        ("http://u:secret@db.example", "scheme"),
    ],
)
def test_what_cannot_be_used_is_refused_without_a_word_of_the_password(url: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        address_of(url)
    assert "secret" not in str(refused.value)


def test_no_password_is_shown() -> None:
    to = address_of("neo4j+s://u:secret@db.example")
    assert "secret" not in f"{to} {to!r}"
    assert str(to) == "neo4j+s://db.example:7687"


def test_a_store_of_no_kind_shows_no_password() -> None:
    with pytest.raises(InvalidInput) as refused:
        open_store("postgres://u:secret@db.example")
    assert "secret" not in str(refused.value)


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.startswith("graph.neo4j")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "neo4j", None)
    with pytest.raises(MissingExtra, match=r"mulu\[neo4j\]"):
        open_store("bolt://localhost")


def test_the_driver_is_not_imported_for_other_stores() -> None:
    asked = (
        "import sys, graph.open; graph.open.open_store('memory:'); print('neo4j' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert done.stdout == "False\n"
