"""Files handed in over HTTP, read by the same sources as `mulu ingest`.

    POST /import/<kind>?name=<file name>&dryRun=true      body: the file, octet-stream

A dry run answers how columns were understood, what would change and what is wrong with
which row; the same request without it writes. `answer=rejected` gives the rejected rows as
a workbook to correct. Nothing of the file stays on the server.

The body must be `application/octet-stream`: a page from elsewhere cannot send that without
being asked first, and is never allowed.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import fields
from functools import partial
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.ledger import Ledger
from api.signin import viewer_of
from ingest import rejected
from ingest.pipeline import ingest
from ingest.registry import open_source
from ingest.report import Report
from ingest.schemas import LedgerSchemas
from ingest.source import Options
from ontology.errors import Forbidden, InvalidInput, LimitExceeded, NotFound
from ontology.resource import Rank

KINDS = ("catalogue", "ddl", "excel", "jsonl", "sql")
"""Kinds whose target is a file. A database's is an address, which a server must not be
made to call."""

MAX_FILE = 100_000_000
"""Bytes."""

OPTIONS = {f.name for f in fields(Options)} - {"source", "rank", "mapping", "schemas", "extra"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def receive(request: Request) -> Response:
    """Read the file into the ledger, or tell what that would do."""
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise NotFound(f"不能上传 {kind!r} / cannot be uploaded; one of: {', '.join(KINDS)}")
    if request.headers.get("content-type") != "application/octet-stream":
        raise InvalidInput("请以 application/octet-stream 上传 / send application/octet-stream")
    name = PurePosixPath(request.query_params.get("name", "").replace("\\", "/")).name
    if not name.strip(". "):
        raise InvalidInput("请给出文件名 name / give the file's name: ?name=目录.xlsx")
    with tempfile.TemporaryDirectory(prefix="mulu-import-") as made:
        folder = Path(made)
        await _save(request, folder / name)
        report = await _run(request, kind, folder / name, folder)
        if request.query_params.get("answer") == "rejected":
            return _workbook(report, folder / "rejected.xlsx")
    return JSONResponse(report.as_json())


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


async def _run(request: Request, kind: str, target: Path, folder: Path) -> Report:
    said, viewer = request.query_params, viewer_of(request)
    ledger: Ledger = request.app.state.ledger
    if _yes(said.get("confirm")) and not viewer.administers:
        raise Forbidden(
            f"{viewer.name} 不能确认大量撤回 / may not confirm large withdrawals: 需要角色 admin"
        )
    mapping = ""
    if said.get("mapping"):
        file = folder / "mapping.yaml"
        await asyncio.to_thread(file.write_text, said["mapping"], encoding="utf-8")
        mapping = str(file)
    options = Options(
        source=said.get("as", ""),
        rank=_rank(said.get("rank")),
        mapping=mapping,
        schemas=LedgerSchemas(ledger.store),
        extra={"whole": said["whole"]} if said.get("whole") else {},
        **{name: said[name] for name in OPTIONS & set(said)},
    )
    report = await ingest(
        ledger.store,
        ledger.ontology,
        open_source(kind, str(target), options, ledger.ontology),
        actor=viewer.name,
        allowed=partial(ledger.allowed, viewer=viewer),
        dry_run=_yes(said.get("dryRun")),
        strict=_yes(said.get("strict")),
        confirm=_yes(said.get("confirm")),
        reason=said.get("reason", ""),
    )
    if report.commits:
        await ledger.wait(report.commits[1], 5.0)
    return report


def _workbook(report: Report, path: Path) -> Response:
    """The rejected rows; 204 where there are none."""
    if not rejected.write(path, report.rejected):
        return Response(status_code=204)
    attached = {"Content-Disposition": 'attachment; filename="rejected.xlsx"'}
    return Response(path.read_bytes(), media_type=XLSX, headers=attached)


def _rank(said: str | None) -> Rank | None:
    if not said:
        return None
    if said.upper() not in Rank.__members__:
        raise InvalidInput(f"rank {said!r}: {', '.join(r.name.lower() for r in Rank)}")
    return Rank[said.upper()]


def _yes(said: str | None) -> bool:
    return said in ("true", "1", "yes")
