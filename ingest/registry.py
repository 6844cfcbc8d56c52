"""The kinds of source that can be read, found by entry point.

Anyone adds a kind by naming a factory under the group `mulu.sources` in their own package:

    [project.entry-points."mulu.sources"]
    ledger = "our_package.ledger:open"
    kafka = "our_package.kafka:open [kafka]"      # needs that extra
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from ingest.source import Factory, Options, Source
from ontology.errors import InvalidInput, MissingExtra
from ontology.model import Ontology

GROUP = "mulu.sources"


@cache
def _found() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def kinds() -> tuple[str, ...]:
    """The names that `mulu ingest KIND` takes, sorted."""
    return tuple(sorted(_found()))


def factory(kind: str) -> Factory:
    """The factory of one kind. Raises InvalidInput for an unknown kind and MissingExtra
    where a package that it needs is not installed."""
    point = _found().get(kind)
    if point is None:
        known = "、".join(kinds()) or "无 (mulu 未安装: pip install -e .)"
        raise InvalidInput(f"没有名为 {kind} 的来源类型 (unknown kind of source); 可用: {known}")
    try:
        return cast(Factory, point.load())
    except ImportError as error:
        raise MissingExtra(_missing(point, error)) from error


def open_source(kind: str, target: str, options: Options, ontology: Ontology) -> Source:
    """One target, ready to be checked and read."""
    return factory(kind)(target, options, ontology)


def _missing(point: EntryPoint, error: ImportError) -> str:
    package = point.dist.name if point.dist is not None else "mulu"
    extras = ",".join(point.extras)
    install = f"pip install '{package}[{extras}]'" if extras else f"pip install {error.name}"
    return (
        f"来源 {point.name} 需要的程序包 {error.name} 没有安装 (package missing); 请执行: {install}"
    )
