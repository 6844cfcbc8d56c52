"""Commands that stay: serve, and demo, which fills an empty ledger with the sample city."""

from __future__ import annotations

import os
import socket
import sys
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.run import Data, err, with_ledger
from api.cli.writing import bar
from api.lasting import lasting
from api.ledger import Ledger
from api.settings import Settings, settings

if TYPE_CHECKING:
    import uvicorn

Host = Annotated[str | None, typer.Option(help="监听地址 / address to listen on")]
Port = Annotated[int | None, typer.Option(help="端口 / port")]
Workers = Annotated[
    int | None, typer.Option(help="应答进程数 / processes that answer (MULU_WORKERS)")
]
HEALTHY = 60
"""Seconds after which a worker that does not answer is replaced."""


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(demo)


def serve(host: Host = None, port: Port = None, workers: Workers = None, data: Data = None) -> int:
    """启动服务 / serve GraphQL and the portal."""
    _run(settings(data=data, host=host, port=port, workers=workers))
    return 0


def demo(
    host: Host = None,
    port: Port = None,
    load_only: Annotated[bool, typer.Option("--load-only", help="只装载 / only load")] = False,
    data: Data = None,
) -> int:
    """装载示例城市云澜市并启动服务 / load the sample city and serve it."""
    from api.demo import load_city

    folder = data or settings().data / "demo"

    async def work(ledger: Ledger) -> None:
        with bar(quiet=False) as shown:
            await load_city(ledger, shown.step, shown.index)

    with_ledger(folder, work, catch_up=False, makes=True)
    if not load_only:
        chosen = settings(data=folder, host=host, port=port)
        said = ["--data", str(folder), "--host", chosen.host, "--port", str(chosen.port)]
        # In this process's place, so that what loading needed does not stay in memory.
        os.execv(sys.executable, [sys.executable, "-m", "api.cli", "serve", *said])
    return 0


def _run(chosen: Settings) -> None:
    with lasting():  # only a server needs these
        import uvicorn
        from uvicorn.supervisors import Multiprocess

        from api.app import app_of

    app = app_of(chosen)  # here too, for what is wrong with the settings
    serving = partial(
        uvicorn.Config,
        host=chosen.host,
        port=chosen.port,
        log_level="warning",
        ws="websockets-sansio",
    )
    said = f"目录 mulu  http://{chosen.host}:{chosen.port}   (Ctrl-C 停止 / to stop)"
    if chosen.workers == 1:
        err.print(said)
        uvicorn.Server(serving(app)).run()
        return
    # Made and opened once, not by all at once.
    with_ledger(chosen.data, _ready, catch_up=False, makes=True)
    err.print(said)
    with TemporaryDirectory(prefix="mulu-metrics-") as metrics:
        os.environ |= {**chosen.environment(), "PROMETHEUS_MULTIPROC_DIR": metrics}
        config = serving(
            "api.app:app_of_environment",
            factory=True,
            workers=chosen.workers,
            timeout_worker_healthcheck=HEALTHY,
        )
        Multiprocess(config, sockets=[listening(config)]).run()


def listening(config: uvicorn.Config) -> socket.socket:
    """The socket that all workers accept from. Bound here, it is not known to asyncio as TCP, so
    the small parts of an answer would wait for the client's acknowledgements: 40 ms each."""
    bound = config.bind_socket()
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


async def _ready(ledger: Ledger) -> None:
    """Nothing more: opening it was all."""
