"""An empty Neo4j database for one test. Constraints and indexes stay: they hold nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

import neo4j


async def emptied(url: str) -> str:
    """Delete everything in the database; the same address."""
    parts = urlsplit(url)
    auth = (parts.username, parts.password or "") if parts.username else None
    plain = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    driver = neo4j.AsyncGraphDatabase.driver(plain, auth=auth)
    async with driver, driver.session() as session:
        await session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
    return url
