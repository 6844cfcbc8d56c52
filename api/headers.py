"""What every answer carries for the browser's sake, and what no request may exceed.

Nothing is loaded from elsewhere and no script stands in a page, so the policy says so.
GraphiQL's editor measures text with style elements of its own: there, and only there,
inline styles (never scripts) are allowed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
WITH_STYLES = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

MAX_BODY = 4_000_000
"""Bytes of a request: far above any query, far below what could hurt."""


class SecurityHeaders:
    """Adds them to every HTTP answer that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = WITH_STYLES if scope["path"] == "/graphiql" else POLICY

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy)
                for name, value in FIXED.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)


class SameOrigin:
    """Refuses what a page of another site makes a browser send: websockets are not bound by
    the same-origin policy, so without this any page could write over ws://127.0.0.1."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin is not None and urlsplit(origin).netloc != headers.get("host"):
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": 1008})
                    return
                answer = JSONResponse(
                    {"error": f"不接受来自 {origin} 的请求 / requests from there are refused"}, 403
                )
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses larger requests with 413, by their declared length or as they arrive. Paths
    that begin with `beside` count for themselves."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY, beside: str = "") -> None:
        self._app, self._limit, self._beside = app, limit, beside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (self._beside and scope["path"].startswith(self._beside)):
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > self._limit:
            await self._refuse(scope, receive, send)
            return
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLarge:
            if started:
                raise
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = f"请求超过 {self._limit} 字节 / the request is larger than {self._limit} bytes"
        answer = JSONResponse({"code": "LIMIT", "message": said}, status_code=413)
        await answer(scope, receive, send)


class _TooLarge(Exception):
    """The body went over the limit while it was read."""
