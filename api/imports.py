"""Files handed in over HTTP, read by the same sources as `mulu ingest`.

    POST /import/<kind>?name=<file name>&dryRun=true      body: the file, octet-stream

A dry run answers how columns were understood, what would change and what is wrong with
which row; the same request without it writes. `mapping` corrects the columns (JSON or YAML,
ingest/mapping.py). `answer=rejected` gives the rejected rows to correct, as a workbook or as lines;
`answer=events` tells how far it is while it runs, as server-sent events: `progress` many
times, then `report` or `failed`. Nothing of the file stays on the server. A parameter that is
not known, and a truth that is neither true nor false, are refused: a dry run must not write
for a slip of the pen.

The body must be `application/octet-stream`: a page from elsewhere cannot send that without
being asked first, and is never allowed.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import fields
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from api.failing import told_of
from api.imported import seen
from api.ledger import Ledger
from api.signin import viewer_of
from ingest.pipeline import ingest
from ingest.registry import open_source
from ingest.report import Report
from ingest.schemas import LedgerSchemas
from ingest.source import Options, Progress
from ontology.errors import Busy, Forbidden, InvalidInput, LimitExceeded, NotFound
from ontology.resource import Rank

KINDS = ("catalogue", "ddl", "excel", "jsonl", "sql")
"""Kinds whose target is a file. A database's is an address, which a server must not be
made to call."""

MAX_FILE = 100_000_000
"""Bytes."""
MAX_SECONDS = 600.0
"""Of one run. What it has written until then stays: each step is a commit of its own, and
the same file again goes on from there."""
AT_ONCE = 2
"""Runs side by side; others wait, but no longer than PATIENCE seconds."""
PATIENCE = 60.0

OPTIONS = {f.name for f in fields(Options)} - {"source", "rank", "mapping", "schemas", "extra"}
KNOWN = OPTIONS | {
    *("name", "answer", "as", "rank", "mapping", "whole", "reason"),
    *("dryRun", "strict", "confirm"),
}
"""What may be said beside the file."""
TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}
LONG_NAME = 200
"""Bytes of a file's name that are kept; file systems take 255."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Told = Callable[[Progress], None]


async def receive(request: Request) -> Response:
    """Read the file into the ledger, or tell what that would do."""
    kind, name = _asked(request)
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="mulu-import-")
        folder = Path(stack.enter_context(made))
        await _save(request, folder / name)
        answer = request.query_params.get("answer")
        if answer == "events":
            events = _events(request, kind, folder / name, stack.pop_all())
            return StreamingResponse(events, media_type="text/event-stream")
        report = await _run(request, kind, folder / name)
        if answer == "rejected":
            return _rejected(report, kind, folder)
    return JSONResponse(report.as_json())


def _asked(request: Request) -> tuple[str, str]:
    """Kind and name of the file; nothing of a path that the name may have been."""
    kind: str = request.path_params["kind"]
    if kind not in KINDS:
        raise NotFound(f"不能上传 {kind!r} / cannot be uploaded; one of: {', '.join(KINDS)}")
    if request.headers.get("content-type") != "application/octet-stream":
        raise InvalidInput("请以 application/octet-stream 上传 / send application/octet-stream")
    said = request.query_params
    if others := sorted(set(said) - KNOWN):
        told = f"不认识的参数 / unknown parameters: {', '.join(others)}"
        raise InvalidInput(f"{told}; 可用 / one of: {', '.join(sorted(KNOWN))}")
    for truth in ("dryRun", "strict", "confirm"):
        _yes(said, truth)
    if said.get("answer", "") not in ("", "events", "rejected"):
        raise InvalidInput(f"answer={said['answer']!r}: events | rejected")
    name = PurePosixPath(said.get("name", "").replace("\\", "/")).name
    if not name.strip(". ") or min(name) < " ":  # a control character is in no file's name
        raise InvalidInput("请给出文件名 name / give the file's name: ?name=目录.xlsx")
    return kind, _short(name)


def _short(name: str) -> str:
    """A name that any file system takes; the same one each time, for it names the scope."""
    if len(name.encode()) <= LONG_NAME:
        return name
    path, mark = PurePosixPath(name), f"…{sha256(name.encode()).hexdigest()[:8]}"
    ending = path.suffix if len(path.suffix) < 10 else ""
    return name.encode()[: LONG_NAME - 20].decode(errors="ignore") + mark + ending


async def _save(request: Request, target: Path) -> None:
    size = 0
    with target.open("wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_FILE:
                raise LimitExceeded(
                    f"文件超过 {MAX_FILE // 1_000_000} MB / the file is larger than that: "
                    "请用 mulu ingest / use the command line"
                )
            await asyncio.to_thread(file.write, chunk)


async def _events(
    request: Request, kind: str, target: Path, kept: ExitStack
) -> AsyncIterator[bytes]:
    """The run as it goes; `kept` is closed when it is over. Who hangs up ends it, between
    two steps."""
    news: asyncio.Queue[Progress] = asyncio.Queue()
    with kept:
        run = asyncio.create_task(_run(request, kind, target, news.put_nowait))
        try:
            while not run.done():
                heard = asyncio.create_task(news.get())
                await asyncio.wait({run, heard}, return_when=asyncio.FIRST_COMPLETED)
                if heard.done():
                    yield _event("progress", _latest(heard.result(), news))
                heard.cancel()
            error = run.exception()
            if error is None:
                yield _event("report", run.result().as_json())
            elif isinstance(error, Exception):
                yield _event("failed", told_of(error, request.url.path))
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await run


def _latest(progress: Progress, news: asyncio.Queue[Progress]) -> dict[str, Any]:
    while not news.empty():
        progress = news.get_nowait()
    return {"done": progress.done, "total": progress.total, "what": progress.what}


def _event(name: str, told: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(told) + b"\n\n"


async def _run(request: Request, kind: str, target: Path, progress: Told | None = None) -> Report:
    async with _turn(request):
        try:
            async with asyncio.timeout(MAX_SECONDS):
                return await _ingested(request, kind, target, progress)
        except TimeoutError:
            raise LimitExceeded(
                f"超过 {MAX_SECONDS:g} 秒，已停止；已写入的部分保留 / stopped; what was written "
                "stays: 请用 mulu ingest / use the command line"
            ) from None


@asynccontextmanager
async def _turn(request: Request) -> AsyncIterator[None]:
    turns: asyncio.Semaphore = request.app.state.imports
    try:
        async with asyncio.timeout(PATIENCE):
            await turns.acquire()
    except TimeoutError:
        raise Busy("其他导入正在进行，请稍后再试 / other imports are running, try later") from None
    try:
        yield
    finally:
        turns.release()


async def _ingested(request: Request, kind: str, target: Path, progress: Told | None) -> Report:
    said, viewer = request.query_params, viewer_of(request)
    ledger: Ledger = request.app.state.ledger
    confirm = _yes(said, "confirm")
    if confirm and not viewer.administers:
        raise Forbidden(
            f"{viewer.name} 不能确认大量撤回 / may not confirm large withdrawals: 需要角色 admin"
        )
    mapping = ""
    if said.get("mapping"):
        file = target.with_name(f"{target.name}.mapping.yaml")
        await asyncio.to_thread(file.write_text, said["mapping"], encoding="utf-8")
        mapping = str(file)
    options = Options(
        source=said.get("as", ""),
        rank=_rank(said.get("rank")),
        mapping=mapping,
        schemas=LedgerSchemas(ledger.store, ledger.ontology, viewer),
        extra={"whole": said["whole"]} if said.get("whole") else {},
        **{name: said[name] for name in OPTIONS & set(said)},
    )
    report = await ingest(
        ledger.store,
        ledger.ontology,
        open_source(kind, str(target), options, ledger.ontology),
        actor=viewer.name,
        allowed=partial(ledger.allowed, viewer=viewer),
        dry_run=_yes(said, "dryRun"),
        strict=_yes(said, "strict"),
        confirm=confirm,
        reason=said.get("reason", ""),
        progress=progress,
    )
    if report.commits:
        await ledger.projections.wait(report.commits[1], 5.0)
    return await seen(report, viewer, ledger)


def _rejected(report: Report, kind: str, folder: Path) -> Response:
    """The rejected rows; 204 where there are none."""
    from ingest import rejected  # openpyxl takes its time to load

    path = folder / f"rejected{rejected.ending_of(kind)}"
    if not rejected.write(path, report.rejected):
        return Response(status_code=204)
    attached = {"Content-Disposition": f'attachment; filename="{path.name}"'}
    media_type = XLSX if path.suffix == ".xlsx" else "application/x-ndjson"
    return Response(path.read_bytes(), media_type=media_type, headers=attached)


def _rank(said: str | None) -> Rank | None:
    if not said:
        return None
    if said.upper() not in Rank.__members__:
        raise InvalidInput(f"rank {said!r}: {', '.join(r.name.lower() for r in Rank)}")
    return Rank[said.upper()]


def _yes(said: Mapping[str, str], name: str) -> bool:
    """Whether the parameter says yes, as any language writes it. Raises InvalidInput for what
    is neither yes nor no."""
    truth = TRUTHS.get(said.get(name, "").strip().lower())
    if truth is None:
        raise InvalidInput(f"{name}={said[name]!r}: true | false")
    return truth
