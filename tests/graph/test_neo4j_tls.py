"""A Neo4j that speaks nothing but TLS, with a certificate made for the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from graph.neo4j.store import Neo4jStore
from ontology.errors import Unavailable
from ontology.load import load_ontology
from tests.contract.words import SCAN, Ledger, claim, name
from tests.servers.own import own
from tests.servers.servers import Server

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def server(neo4j_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with own("neo4j", tmp_path_factory.mktemp("tls"), encrypted=True) as one:
        yield one


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
async def test_a_ledger_is_kept_behind_a_certificate_that_is_trusted(
    server: Server, scheme: str
) -> None:
    """Straight, and by the routing table that a cluster would give."""
    store = Neo4jStore(server.url.replace("bolt+s", scheme))
    try:
        await store.ensure(load_ontology())
        await Ledger(store).say(SCAN, claim("a.x", "Field", comment=f"经{scheme}写入"))
        found = await store.get_many([name("a.x")])
        assert found[name("a.x")].attributes["comment"] == f"经{scheme}写入"
    finally:
        await store.close()


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(lambda url: url.partition("?")[0], id="a certificate that nobody vouches for"),
        pytest.param(lambda url: url.replace("bolt+s", "bolt").partition("?")[0], id="no TLS"),
        pytest.param(lambda url: url.replace("127.0.0.1", "localhost"), id="another host's name"),
        pytest.param(lambda url: url.replace(":mulu-test@", ":guessed@"), id="a wrong password"),
    ],
)
async def test_nothing_is_told_to_who_should_not_hear_it(
    server: Server, how: Callable[[str], str]
) -> None:
    store = Neo4jStore(how(server.url))
    store._database.patience = 0.2
    try:
        with pytest.raises(Unavailable):
            await store.head()
    finally:
        await store.close()
