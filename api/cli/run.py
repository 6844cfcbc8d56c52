"""What every command shares: options, one event loop, and errors as one clear line."""

from __future__ import annotations

import asyncio
import os
import sys
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import orjson
import typer
from rich.console import Console
from rich.markup import escape

from api.linked import Linked
from api.opening import open_reaching
from api.settings import Settings, settings
from graph.open import must_exist
from ontology.errors import CatalogError, InvalidInput, Unavailable
from ontology.moment import moment
from ontology.resource import At as Moment

if TYPE_CHECKING:  # each command loads what it asks, and no more
    from api.ledger import Ledger
    from ingest.projector import Told

T = TypeVar("T")

Data = Annotated[
    Path | None,
    typer.Option("--data", help="数据目录 / data folder (MULU_DATA)", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="JSON 输出 / machine-readable output")]
At = Annotated[
    str | None, typer.Option("--at", help="提交号或日期 / commit number or date: as of then")
]

Misuse: Any = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
"""A wrong command line, in the click that typer brings along (not always the package)."""

# An id is no emoji: `dataset:x:y` has a part in colons.
# What is piped is not cut: an id that lost its end finds nothing.
out = Console(emoji=False, width=None if sys.stdout.isatty() else 1_000)
err = Console(stderr=True, emoji=False)

PROBLEMS = 1  # it ran, and found problems
FAILED = 2  # it could not run


def with_ledger(
    data: Path | None,
    work: Callable[[Ledger], Awaitable[T]],
    *,
    catch_up: bool = True,
    makes: bool = False,
    **said: object,
) -> T:
    """Open the ledger of these settings, do the work, close it. Only who `makes` one may do so
    where there is none; others raise Unavailable."""
    chosen = settings(data=data, **said)
    if not makes:
        must_exist(chosen.graph_url)
    return asyncio.run(_within(chosen, work, catch_up))


async def _within(chosen: Settings, work: Callable[[Ledger], Awaitable[T]], catch_up: bool) -> T:
    from api.wiring import open_ledger

    async with open_ledger(chosen) as ledger:
        if catch_up:
            await caught_up(ledger)
        return await work(ledger)


def with_linked(data: Path | None, work: Callable[[Linked], Awaitable[T]]) -> T:
    """As `with_ledger`, for a command that asks nothing of search: it opens no index."""
    chosen = settings(data=data)
    must_exist(chosen.graph_url)
    return asyncio.run(_along(chosen, work))


async def _along(chosen: Settings, work: Callable[[Linked], Awaitable[T]]) -> T:
    async with open_reaching(chosen) as reaching:
        return await work(Linked(reaching))


async def caught_up(ledger: Ledger, told: Told | None = None) -> tuple[str, ...]:
    """Bring search up to the record. Where it is down that is said, and the names of what is
    missing come back: the record answers all the same, and search catches up later."""
    try:
        return (await ledger.projections.catch_up(told)).missing
    except Unavailable as error:
        if error.part == "record":
            raise
        err.print(
            f"[yellow]检索暂缺 / without search:[/] {escape(str(error))}",
            highlight=False,
            soft_wrap=True,
        )
        return ("search",)


def label(ledger: Linked, type: str) -> str:
    """A class in the words of its readers."""
    kind = ledger.ontology.types.get(type)
    return kind.label.zh if kind else type


def print_json(value: Any) -> None:
    """One JSON document, indented, on standard output."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    sys.stdout.write(text.decode())


def guarded(app: Callable[[], Any]) -> int:
    """Run the program; each way of failing is a clear message and exit code 2."""
    try:
        code = app()
    except CatalogError as error:
        err.print(f"[red]错误 / error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        for problem in getattr(error, "problems", ()):
            said = escape(f"  {problem.where} {problem.what} {problem.mend}")
            err.print(said, highlight=False)
        return FAILED
    except Misuse as error:
        error.show()
        return FAILED
    except (KeyboardInterrupt, typer.Abort):
        err.print("已停止 / stopped")
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (head, less): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        err.print(
            f"[red]错误 / error:[/] {escape(place + (error.strerror or str(error)))}",
            soft_wrap=True,
        )
        return FAILED
    except Exception as error:
        if os.environ.get("MULU_DEBUG"):
            raise
        mark = uuid.uuid4().hex[:8]
        err.print(
            f"[red]内部错误 / internal error[/] {mark}: {type(error).__name__}. "
            "用 MULU_DEBUG=1 重试可见详情 / run again with MULU_DEBUG=1 for details",
            soft_wrap=True,
        )
        return FAILED
    return code if isinstance(code, int) else 0


def at_of(text: str | None) -> Moment:
    """`--at`: a commit number, or an instant or date (ISO 8601); None: now."""
    return None if text is None else moment(text, settings().zone, "--at ")


def instant_of(text: str | None) -> datetime | None:
    """`--at` where only an instant or a date that has come makes sense."""
    at, now = at_of(text), datetime.now(UTC)
    if isinstance(at, int):
        raise InvalidInput(f"--at {text!r}: 这里要日期 / a date is needed here (2025-01-31)")
    if at is None or at <= now:
        return at
    if at_of(f"{now.astimezone(settings().zone):%Y-%m-%d}") == at:  # today goes on until now
        return now
    # Time never runs backwards: all later commits would be of that day too.
    raise InvalidInput(f"--at {text!r}: 还没到 / is not yet")
