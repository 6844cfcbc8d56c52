"""The driver: sessions, retries, bookmarks. Transactions are functions that may run twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import neo4j
from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction
from neo4j.exceptions import IncompleteCommit

from graph.hurry import hurried
from graph.neo4j.address import ACQUIRE, CONNECT, Address
from graph.neo4j.failure import translating
from graph.neo4j.pulse import Pulse
from ontology.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")
Tx = AsyncManagedTransaction
Row = list[Any]

RETRY = 15.0
"""Seconds in which a transaction is tried again after a deadlock or a lost connection, unless
`Database.patience` says otherwise."""
FIRST, SLOWER = 0.2, 1.4
"""Seconds before it is tried again the first time, and how much slower each time: a server that
is back must not be waited for much longer."""


async def rows(tx: Tx, statement: str, **values: object) -> list[Row]:
    """All rows of one statement. Its text is constant but for names put in by `quoted`."""
    result = await tx.run(statement, values)
    return await result.values()


async def gathered(tx: Tx, statement: str, **values: object) -> list[Any]:
    """All rows of a statement that returns them as one list. The driver takes several turns of
    the event loop for each row, so that thousands cost more on their way than in the database."""
    ((found,),) = await rows(tx, statement, **values)
    return list(found)


async def row(tx: Tx, statement: str, **values: object) -> Row | None:
    """The first row, if any."""
    found = await rows(tx, statement, **values)
    return found[0] if found else None


class Database:
    """One database over a pool of connections. What this process wrote it reads: bookmarks
    are kept, so that a replica that lags is waited for."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._driver: AsyncDriver | None = None
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()
        self.patience = RETRY
        self._closed = False
        self._pulse = Pulse(self._sign_of_life, str(address))

    async def read(
        self, work: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Run `work` in a transaction that only reads."""

        def answered() -> Awaitable[T]:
            return self._answered(
                neo4j.READ_ACCESS,
                lambda session: session.execute_read(self._timed(work), *args, **kw),
            )

        return await (self._pulse.watching(answered) if hurried.get() else answered())

    async def _sign_of_life(self) -> None:
        async def work(tx: Tx) -> None:
            await row(tx, "RETURN 1")

        await self._answered(neo4j.READ_ACCESS, lambda session: session.execute_read(work))

    async def write(
        self, work: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Run `work` in a transaction that writes; it commits where `work` returns.

        Where the connection breaks while the commit is on its way nobody knows whether it
        arrived, so `work` runs again: it has to see for itself what it has done already.
        """
        return await self._answered(
            neo4j.WRITE_ACCESS,
            lambda session: session.execute_write(self._timed(work), *args, **kw),
        )

    async def _answered(
        self, access: str, execute: Callable[[neo4j.AsyncSession], Awaitable[T]]
    ) -> T:
        """Execute until the answer to COMMIT has come; the driver itself tries again after
        everything else that may pass. A server that says nothing at all (it was stopped, or the
        network swallows what is sent) is not waited for longer than a transaction may take."""
        last = time.monotonic() + self.patience
        seconds = self.address.seconds + self.patience
        try:
            async with asyncio.timeout(seconds):
                with translating(str(self.address)):
                    while True:
                        async with self._session(access) as session:
                            try:
                                return await execute(session)
                            except IncompleteCommit:
                                if time.monotonic() > last:
                                    raise
                        await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise Unavailable(
                f"{self.address}: 数据库没有按时回答 / the database did not answer within "
                f"{seconds:g} seconds.",
                part="record",
            ) from error

    async def run(self, statement: str) -> list[Row]:
        """A statement of its own, outside transactions: changes of the schema."""
        with translating(str(self.address)):
            async with self._session(neo4j.WRITE_ACCESS) as session:
                result = await session.run(statement)
                return await result.values()

    async def close(self) -> None:
        self._closed = True
        if self._driver is not None:
            await self._driver.close()

    def _timed(
        self, work: Callable[Concatenate[Tx, P], Awaitable[T]]
    ) -> Callable[Concatenate[Tx, P], Awaitable[T]]:
        return neo4j.unit_of_work(timeout=self.address.seconds)(work)

    def _session(self, access: str) -> neo4j.AsyncSession:
        if self._closed:
            raise Unavailable(f"{self.address}: the store is closed.")
        self._driver = self._driver or self._opened()
        return self._driver.session(
            database=self.address.database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            fetch_size=-1,  # every read is bounded by its statement
        )

    def _opened(self) -> AsyncDriver:
        to = self.address
        trust: dict[str, Any] = {}
        if to.encrypted:
            trust["encrypted"] = True
            if to.ca is not None:
                trust["trusted_certificates"] = neo4j.TrustCustomCAs(str(to.ca))
        return AsyncGraphDatabase.driver(
            to.plain,
            auth=neo4j.basic_auth(to.user, to.password) if to.user else None,
            user_agent="mulu",
            max_connection_pool_size=to.pool,
            connection_acquisition_timeout=ACQUIRE,
            connection_timeout=CONNECT,
            max_transaction_retry_time=self.patience,
            initial_retry_delay=FIRST,
            retry_delay_multiplier=SLOWER,
            notifications_min_severity="OFF",
            telemetry_disabled=True,  # a message less for each transaction
            **trust,
        )
