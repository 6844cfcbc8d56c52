"""The server: GraphQL over HTTP and websockets, GraphiQL, the portal, and what operators
and other programs need. Everything in it is thin over the ledger.

    /graphql  /graphiql  /  /healthz  /readyz  /metrics  /export  /template/<Class>.xlsx
    /import/<kind>  /report/<question>.<format>  /jsonld?id=…
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.unset import UnsetType

from api import export, imports, reports
from api.failing import told_of
from api.headers import BodyLimit, SameOrigin, SecurityHeaders
from api.jsonld import jsonld
from api.lasting import lasting
from api.ledger import Ledger
from api.metrics import Metrics
from api.portal import BUILT, nowhere, portal_routes
from api.schema.build import LedgerSchema
from api.schema.context import Context
from api.schema.limits import Limits
from api.settings import Settings, settings
from api.signin import Signed, SignIn, address_of, viewer_of
from api.tokens import TokenFile
from api.wiring import kept_up, open_ledger
from ontology.errors import CatalogError, InvalidInput, NotFound, Unauthenticated
from ontology.viewer import NOBODY

HERE = Path(__file__).parent
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names under which a server on loopback answers."""
BEHIND = 1_000
"""Commits by which projections may lag before the server calls itself not ready."""

Opened = Callable[[], AbstractAsyncContextManager[Ledger]]


def app_of(settings: Settings) -> Starlette:
    """The server of these settings. It opens the ledger when it starts and feeds its
    projections for as long as it runs."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Ledger]:
        async with open_ledger(settings, waiting=True) as ledger, kept_up(ledger):
            yield ledger

    limits = Limits(seconds=settings.query_seconds)
    hosts = LOOPBACK if settings.on_loopback else ("*",)
    return make_app(opened, limits=limits, hosts=hosts, sign_in=sign_in_of(settings))


def app_of_environment() -> Starlette:
    """The server of the settings as they are in the environment: one worker of several."""
    return app_of(settings())


def sign_in_of(settings: Settings) -> SignIn | None:
    """How people sign in; None: everybody is the local viewer. Raises InvalidInput where
    the server would listen to others without sign-in, and for a file that is no good."""
    if settings.tokens is not None:
        return SignIn(TokenFile(settings.tokens, settings.zone), settings.monitoring == "open")
    if not settings.on_loopback:
        raise InvalidInput(
            f"未配置登录时只能监听本机地址，不能用 {settings.host} / without sign-in the server "
            "listens on loopback only: name a file of tokens in MULU_TOKENS (mulu token NAME "
            "makes one), or put a proxy that signs people in before it"
        )
    return None


def make_app(
    opened: Opened,
    *,
    limits: Limits | None = None,
    hosts: Sequence[str] = ("*",),
    sign_in: SignIn | None = None,
    portal: Path = BUILT,
) -> Starlette:
    """The server over the ledger that `opened` opens. `hosts` are the names it answers to:
    on loopback only those of this machine, so that no page from elsewhere can reach it by
    a name of its own (DNS rebinding). Without `sign_in` everybody is the local viewer."""
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opened() as ledger:
            with lasting():
                schema = LedgerSchema(ledger.ontology, ledger.mapping, limits)
            app.state.ledger, app.state.metrics, app.state.sign_in = ledger, metrics, sign_in
            app.state.imports = asyncio.Semaphore(imports.AT_ONCE)
            app.state.graphql = GraphQLView(schema, ledger, metrics, sign_in)
            try:
                yield
            finally:
                schema.types.close()

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/graphql", endpoint=_Delegate()),
            WebSocketRoute("/graphql", endpoint=_Delegate()),
            Route("/graphiql", _graphiql),
            Route("/healthz", _healthz),
            Route("/readyz", _readyz),
            Route("/metrics", _metrics),
            Route("/export", _export),
            Route("/jsonld", jsonld),
            Route("/template/{name}.xlsx", _template),
            Route("/report/{question}.{format}", reports.report),
            Route("/import/{kind}", imports.receive, methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            *portal_routes(portal),
        ],
        middleware=[
            Middleware(metrics.measure),
            Middleware(SecurityHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)),
            Middleware(SameOrigin),
            *([Middleware(Signed, sign_in=sign_in)] if sign_in else []),
            Middleware(BodyLimit, beside="/import/"),
            Middleware(GZipMiddleware, minimum_size=4_000, compresslevel=1),
        ],
        exception_handlers={404: nowhere(portal), CatalogError: _refused, Exception: _broken},
    )


class GraphQLView(GraphQL[Context, None]):
    """GraphQL over HTTP and graphql-transport-ws, with a context of our own."""

    def __init__(
        self, schema: LedgerSchema, ledger: Ledger, metrics: Metrics, sign_in: SignIn | None
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
        )
        self._schema, self._ledger = schema, ledger
        self._metrics, self._sign_in = metrics, sign_in

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        viewer, address = viewer_of(request), address_of(request)
        return Context(self._ledger, self._schema.types, viewer, self._schema.limits, address)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """A browser signs in with the first message of a websocket."""
        if self._sign_in is not None and context.viewer is NOBODY:
            try:
                said = context.connection_params
                context.signed(self._sign_in.of_socket(said, context.address))
            except Unauthenticated as error:
                raise ConnectionRejectionError from error
        return await super().on_ws_connect(context)

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        for error in result.errors or ():
            self._metrics.failed(str((error.extensions or {}).get("code")))
        return await super().process_result(request, result)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        # Text, not bytes: graphql-transport-ws knows text frames only.
        return orjson.dumps(data).decode()


class _Delegate:
    """The GraphQL view exists once the ledger is open; until then this stands in its place."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["app"].state.graphql(scope, receive, send)


async def _graphiql(request: Request) -> Response:
    return FileResponse(HERE / "pages" / "graphiql.html", headers={"Cache-Control": "no-cache"})


async def _healthz(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def _readyz(request: Request) -> Response:
    """The record can be read, and the projections are not far behind it. Where search is
    missing everything else still answers, so requests may come: `degraded`."""
    fresh = await request.app.state.ledger.projections.freshness()
    if "record" in fresh.missing:
        told = {"status": "unavailable", "missing": list(fresh.missing)}
        return JSONResponse(told, status_code=503)
    ready = bool(fresh.missing) or fresh.behind <= BEHIND
    status = "degraded" if fresh.missing else "ok" if ready else "behind"
    said: dict[str, Any] = {"status": status}
    if fresh.missing:
        said["missing"] = list(fresh.missing)
    sign_in = request.app.state.sign_in
    if viewer_of(request) is not NOBODY or (sign_in and sign_in.monitoring_open):
        said |= {"head": fresh.head, "search": fresh.search, "reach": fresh.reach}
    return JSONResponse(said, status_code=200 if ready else 503)


async def _metrics(request: Request) -> Response:
    state = request.app.state
    whole = viewer_of(request).sees_all or (state.sign_in and state.sign_in.monitoring_open)
    told = await state.metrics.text(state.ledger, counts=bool(whole))
    return Response(told, media_type=CONTENT_TYPE_LATEST)


async def _export(request: Request) -> Response:
    """The current state as JSON Lines, as `mulu export` gives it; `?type=` for one class."""
    state, type = request.app.state, request.query_params.get("type")
    if type is not None and type not in state.ledger.ontology.types:
        raise NotFound(f"没有类 / there is no class {type!r}")
    lines = export.lines(state.ledger, viewer_of(request), type=type)
    return StreamingResponse(
        lines,
        media_type="application/x-ndjson",
        headers={"Content-Disposition": 'attachment; filename="ledger.jsonl"'},
    )


async def _template(request: Request) -> Response:
    """The Excel form of a class, to fill in and import."""
    name = request.path_params["name"]
    book = await asyncio.to_thread(_workbook, request.app.state.ledger, name)
    return Response(
        book,
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )


def _workbook(ledger: Ledger, name: str) -> bytes:
    kind = ledger.ontology.types.get(name)
    if kind is None or kind.abstract:
        raise NotFound(f"没有可填报的类 / there is no class to fill in: {name!r}")
    file = io.BytesIO()
    from ingest.template import template  # openpyxl takes its time to load

    template(ledger.ontology, name).save(file)
    return file.getvalue()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, CatalogError)
    return JSONResponse(told_of(error, request.url.path), status_code=error.status)


async def _broken(request: Request, error: Exception) -> Response:
    return JSONResponse(told_of(error, request.url.path), status_code=500)
