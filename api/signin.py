"""Sign-in: every request says who asks, by a bearer token, before anything else is done.

    Authorization: Bearer mulu_…          every HTTP request
    connection_init {"Authorization": "Bearer mulu_…"}    a websocket of a browser, which
                                          cannot send the header

Closed is all that is not named in `OPEN`, and whatever may change something (all methods
but GET and HEAD) asks for an editor, so that a route added later is not open by oversight.
GraphQL asks in its own place (api/schema/failures.py), since it writes and reads by POST.

Who tries many wrong tokens is not listened to for a while. Different wrong ones are
counted: a program that goes on sending one that has ended shuts nobody else out.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.portal import PAGES
from api.tokens import TokenFile, digest
from ontology.errors import CatalogError, Forbidden, TooManyTries, Unauthenticated
from ontology.viewer import LOCAL, NOBODY, Viewer

OPEN = (*PAGES, "/assets/", "/healthz", "/graphiql", "/static/")
"""Paths that need no token (with a slash at the end: all below it). They hold no data."""
MONITORED = ("/metrics", "/readyz")
"""Open where the setting says so; /readyz tells everybody whether it is ready, no more."""

TRIES = 10
"""Different wrong tokens from one address within a window."""
WINDOW = 60.0
"""Seconds."""
ADDRESSES = 10_000
"""Addresses remembered at most."""


@dataclass(slots=True)
class Tries:
    """The wrong tokens of late, by address."""

    _wrong: dict[str, tuple[float, set[str]]] = field(default_factory=dict)

    def check(self, address: str) -> None:
        """Raises TooManyTries."""
        since, wrong = self._wrong.get(address, (0.0, set()))
        left = since + WINDOW - time.monotonic()
        if left <= 0:
            self._wrong.pop(address, None)
        elif len(wrong) >= TRIES:
            raise TooManyTries(
                f"错误的令牌过多，请 {left:.0f} 秒后再试 / too many wrong tokens: try again in "
                f"{left:.0f} seconds"
            )

    def note(self, address: str, token: str) -> None:
        if address not in self._wrong and len(self._wrong) >= ADDRESSES:
            del self._wrong[next(iter(self._wrong))]  # the oldest
        _, wrong = self._wrong.setdefault(address, (time.monotonic(), set()))
        wrong.add(digest(token))


@dataclass(slots=True)
class SignIn:
    """Who asks, by the tokens of a file."""

    tokens: TokenFile
    monitoring_open: bool = False
    _tries: Tries = field(default_factory=Tries)

    def viewer(self, authorization: str, address: str) -> Viewer:
        """Whose token this is. Raises Unauthenticated, TooManyTries."""
        self._tries.check(address)
        scheme, _, token = authorization.partition(" ")
        if not authorization or scheme.lower() != "bearer":
            raise Unauthenticated(
                "请登录：请求头 Authorization: Bearer 令牌 / sign in with a token in that header"
            )
        found = self.tokens.viewer(token.strip())
        if found is None:
            self._tries.note(address, token.strip())
            raise Unauthenticated(
                "令牌无效或已到期 / the token is not known, or has ended: mulu token NAME"
            )
        return found

    def of_socket(self, said: object, address: str) -> Viewer:
        """Whose token the payload of `connection_init` holds. Raises as `viewer` does."""
        held = said if isinstance(said, Mapping) else {}
        token = held.get("Authorization", held.get("authorization", ""))
        return self.viewer(str(token), address)

    def open(self, path: str) -> bool:
        if path in MONITORED:
            return self.monitoring_open or path == "/readyz"
        return any(path == o or (path.startswith(o) and len(o) > 1 and o[-1] == "/") for o in OPEN)


def address_of(connection: HTTPConnection) -> str:
    """Whom to count tries by: the address; of IPv6 the network that one subscriber has."""
    host = connection.client.host if connection.client else ""
    try:
        if ipaddress.ip_address(host).version == 6:
            return str(ipaddress.ip_network(f"{host}/64", strict=False))
    except ValueError:
        pass  # a socket file, or a test
    return host


def viewer_of(connection: HTTPConnection) -> Viewer:
    """Who asks, as found by `Signed`; without sign-in everybody is the local viewer."""
    found = connection.scope.get("viewer", LOCAL)
    assert isinstance(found, Viewer)
    return found


class Signed:
    """Finds who asks, and refuses who may not."""

    def __init__(self, app: ASGIApp, sign_in: SignIn) -> None:
        self._app, self._sign_in = app, sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            try:
                scope["viewer"] = self._viewer(HTTPConnection(scope))
            except CatalogError as error:
                await self._refuse(error, scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _viewer(self, connection: HTTPConnection) -> Viewer:
        said = Headers(scope=connection.scope).get("authorization", "")
        path, kind = connection.scope["path"], connection.scope["type"]
        if not said and (kind == "websocket" or self._sign_in.open(path)):
            return NOBODY
        found = self._sign_in.viewer(said, address_of(connection))
        writes = kind == "http" and connection.scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if writes and path != "/graphql":
            for_writing(found)
        return found

    async def _refuse(
        self, error: CatalogError, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        if error.status == 429:
            headers["Retry-After"] = str(int(WINDOW))
        told = {"code": error.code, "message": str(error)}
        await JSONResponse(told, error.status, headers)(scope, receive, send)


def for_writing(viewer: Viewer) -> Viewer:
    """The viewer, who may write. Raises Forbidden."""
    if not viewer.edits:
        raise Forbidden(
            f"{viewer.name} 只能读，不能写 / may read, not write: 需要角色 / needs the role editor"
        )
    return viewer
