"""The web portal: the files that `make portal` builds from portal/ into api/portal.

Its pages are one document, whose script reads the address. Files whose names carry a hash of
their content are kept by browsers for good.

The policy lets in no inline script. Ant Design writes style elements as it goes; those with
the nonce of the answer are let in, and no other.
"""

from __future__ import annotations

import secrets
from mimetypes import guess_type
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import HTTPExceptionHandler, Scope

from api.headers import POLICY

BUILT = Path(__file__).parent / "portal"
NOT_BUILT = Path(__file__).parent / "pages" / "start.html"
PAGES = (
    "/",
    "/search",
    "/resource",
    "/lineage",
    "/impact",
    "/edit",
    "/import",
    "/statistics",
    "/model",
)
"""Addresses of the portal's pages, as in portal/src/routes.ts. They hold no data."""
NONCE = "STYLE-NONCE"
"""What stands in index.html where the nonce goes."""


def portal_routes(folder: Path = BUILT) -> list[BaseRoute]:
    """The portal's pages and files. Where it was not built, `/` says so."""
    if not (folder / "index.html").is_file():
        return [Route("/", _not_built)]

    async def page(request: Request) -> Response:
        return document(folder)

    return [
        Mount("/assets", Hashed(directory=folder / "assets")),
        *(Route(path, page) for path in PAGES),
    ]


def document(folder: Path, status: int = 200) -> Response:
    """The one document of all pages, with a nonce of its own."""
    nonce = secrets.token_urlsafe(16)
    text = (folder / "index.html").read_text(encoding="utf-8").replace(NONCE, nonce)
    policy = POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
    return HTMLResponse(text, status, headers)


def nowhere(folder: Path = BUILT) -> HTTPExceptionHandler:
    """What is answered where nothing is: to a person the portal, which says so and goes on; to a
    program a line."""
    built = (folder / "index.html").is_file()

    async def answer(request: Request, error: Exception) -> Response:
        if built and "text/html" in request.headers.get("accept", ""):
            return document(folder, 404)
        return PlainTextResponse("没有这个地址 / not found", 404)

    return answer


class Hashed(StaticFiles):
    """Files that never change under their name, gzipped as they were built."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        accepted = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if accepted and answer.status_code == 200:
            small = self.lookup_path(f"{path}.gz")
            if small[1] is not None:
                kind = guess_type(path)[0]
                answer = FileResponse(small[0], stat_result=small[1], media_type=kind)
                answer.headers["Content-Encoding"] = "gzip"
            answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


async def _not_built(request: Request) -> Response:
    return FileResponse(NOT_BUILT, headers={"Cache-Control": "no-cache"})
