"""A proxy on loopback that does to connections what networks do."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Literal

Fault = Literal["none", "refuse", "cut", "truncate", "delay"]
FAULTS: tuple[Fault, ...] = ("refuse", "cut", "truncate", "delay")

DELAY = 0.3
"""Seconds that a piece is held back."""


class Proxy:
    """Passes bytes on between a port of its own and a server, as long as `fault` is none.

    refuse: new connections are closed at once · cut: all are closed, in the middle of
    whatever they say · truncate: the next piece goes on by half, then the connection is
    closed · delay: pieces are held back.
    """

    def __init__(self, host: str, port: int) -> None:
        self._where = host, port
        self._fault: Fault = "none"
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.done = 0  # faults that met a connection

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self._close_all()

    def set(self, fault: Fault) -> None:
        self._fault = fault
        if fault == "cut":
            self.done += bool(self._open)
            self._close_all()

    def _close_all(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._fault in ("refuse", "cut"):
            self.done += 1
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection(*self._where)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, back}
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        for end in (writer, back):
            self._open.discard(end)
            end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                if self._fault == "delay":
                    self.done += 1
                    await asyncio.sleep(DELAY)
                if self._fault == "truncate":
                    self.done += 1
                    writer.write(piece[: len(piece) // 2])
                    await writer.drain()
                    break
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()
