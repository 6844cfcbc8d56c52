"""Figures for Prometheus: requests by route, GraphQL errors by code, and where the record
and its projections stand when they are asked. Where several workers answer, each tells the
figures of all: prometheus_client keeps them in a folder that they share."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.ledger import Ledger

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds. An interface answers within half a second (G 9.3.1)."""


class Metrics:
    """The figures of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "mulu_http_seconds",
            "Time to answer an HTTP request",
            ["route", "status"],
            registry=self.registry,
            buckets=BUCKETS,
        )
        self._errors = Counter(
            "mulu_graphql_errors", "GraphQL errors by code", ["code"], registry=self.registry
        )
        self._open = Gauge(
            "mulu_subscriptions",
            "Open websockets",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._position = Gauge(
            "mulu_position",
            "Commit up to which each part has come",
            ["part"],
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )
        self._up = Gauge(
            "mulu_up",
            "1 while the part answers",
            ["part"],
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        self._seconds.labels(route, str(status)).observe(seconds)

    def failed(self, code: str) -> None:
        self._errors.labels(code).inc()

    async def text(self, ledger: Ledger, *, counts: bool) -> bytes:
        """All figures in Prometheus' text form. With `counts` also how many resources there
        are: over everything, so only for who may see everything."""
        fresh = await ledger.projections.freshness()
        for part in ("record", "search"):
            self._up.labels(part).set(part not in fresh.missing)
        for part, number in (
            ("record", fresh.head),
            ("search", fresh.search),
            ("reach", fresh.reach),
        ):
            self._position.labels(part).set(number)
        together = self.registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            together = CollectorRegistry()
            MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        told = generate_latest(together)
        if counts and "record" not in fresh.missing:
            told += _counted(await ledger.store.counts())
        return told

    def measure(self, app: ASGIApp) -> ASGIApp:
        """The app, with its answers timed and its websockets counted."""

        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                with self._open.track_inprogress():
                    await app(scope, receive, send)
                return
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            status, begun = 500, time.perf_counter()

            async def noted(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, noted)
            finally:
                self.answered(_route(scope), status, time.perf_counter() - begun)

        return measured


def _counted(counts: Mapping[str, int]) -> bytes:
    """Kept by no registry: what one asks for must not show in the answer to another."""
    told = GaugeMetricFamily("mulu_resources", "Resources by class or state", labels=["type"])
    for name, count in counts.items():
        told.add_metric([name], count)
    alone = CollectorRegistry()
    alone.register(_Fixed(told))
    return generate_latest(alone)


@dataclass(frozen=True, slots=True, eq=False)
class _Fixed(Collector):
    """One metric as it is."""

    metric: Metric

    def collect(self) -> tuple[Metric, ...]:
        return (self.metric,)


def _route(scope: Scope) -> str:
    """The first part of the path, of those that exist: labels must not grow with requests."""
    first = "/" + scope["path"].lstrip("/").partition("/")[0]
    return first if "route" in scope or "endpoint" in scope else "other"
