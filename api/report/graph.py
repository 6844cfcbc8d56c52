"""A subgraph as a picture to be drawn (Graphviz, Mermaid) or to be read (JSON Graph Format 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from api.report.sheet import clean

MERMAID_EDGES = 500
"""Mermaid refuses a picture of more, unless it is configured otherwise."""

COLOURS = {
    "start": "#d4380d",
    "exact": "#ffccc7",
    "indirect": "#ffe7ba",
    "coarse": "#fff7cc",
    "touched": "#d9f7be",
}


@dataclass(frozen=True, slots=True)
class Vertex:
    """`mark` is how it is told apart in a picture: start, exact, indirect, coarse, touched, or
    nothing."""

    id: str
    title: str
    type: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Arc:
    """From `origin` to `target`; `label` is what to write beside it, `rule` all that is known
    of how."""

    origin: str
    target: str
    label: str
    rule: str = ""
    job: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """`cut` says where it stops short."""

    title: str
    vertices: tuple[Vertex, ...]
    arcs: tuple[Arc, ...]
    cut: tuple[str, ...] = ()


def as_dot(graph: Graph) -> Iterator[bytes]:
    """Graphviz: `dot -Tsvg`."""
    yield f"digraph {_quoted(graph.title)} {{\n  rankdir=LR;\n  node [shape=box];\n".encode()
    if graph.cut:
        yield f"  label={_quoted('；'.join(graph.cut))};\n".encode()
    for v in graph.vertices:
        colour = f', style=filled, fillcolor="{COLOURS[v.mark]}"' if v.mark in COLOURS else ""
        label = _quoted(f"{v.title}\n{v.type}" if v.type else v.title)
        yield f"  {_quoted(v.id)} [label={label}{colour}];\n".encode()
    for a in graph.arcs:
        tip = f", tooltip={_quoted(a.rule)}" if a.rule else ""
        ends = f"{_quoted(a.origin)} -> {_quoted(a.target)}"
        yield f"  {ends} [label={_quoted(a.label)}{tip}];\n".encode()
    yield b"}\n"


def _quoted(text: str) -> str:
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def as_mermaid(graph: Graph) -> Iterator[bytes]:
    """A flowchart for pages that draw Mermaid, such as a merge request."""
    shown, cut = graph.arcs[:MERMAID_EDGES], list(graph.cut)
    if len(graph.arcs) > len(shown):
        cut.append(f"只画前 {len(shown)} 条 / first {len(shown)} of {len(graph.arcs)} edges")
    used = {end for a in shown for end in (a.origin, a.target)}
    kept = [v for v in graph.vertices if v.id in used or not graph.arcs]
    names = {v.id: f"n{i}" for i, v in enumerate(kept)}
    yield b"flowchart LR\n"
    for text in cut:
        yield f"  %% {_flat(text)}\n".encode()
    if cut:
        yield f'  cut["{_flat("；".join(cut))}"]\n'.encode()
    for v in kept:
        mark = f":::{v.mark}" if v.mark in COLOURS else ""
        yield f'  {names[v.id]}["{_flat(v.title)}"]{mark}\n'.encode()
    for a in shown:
        label = f'|"{_flat(a.label)}"|' if a.label else ""
        yield f"  {names[a.origin]} -->{label} {names[a.target]}\n".encode()
    for mark in sorted({v.mark for v in kept if v.mark in COLOURS}):
        yield f"  classDef {mark} fill:{COLOURS[mark]}\n".encode()


def _flat(text: str) -> str:
    """One line, with Mermaid's own marks as entities."""
    flat = " ".join(clean(text).split())
    for mark, name in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        flat = flat.replace(mark, name)
    return flat


def as_json_graph(graph: Graph) -> Iterator[bytes]:
    """JSON Graph Format 2 (jsongraphformat.info): nodes by id, directed edges."""
    told = {
        "graph": {
            "directed": True,
            "label": graph.title,
            "metadata": {"complete": not graph.cut, "cut": list(graph.cut)},
            "nodes": {
                v.id: {"label": v.title, "metadata": {"type": v.type, "mark": v.mark}}
                for v in graph.vertices
            },
            "edges": [
                {
                    "source": a.origin,
                    "target": a.target,
                    "relation": a.label,
                    "metadata": {"rule": a.rule, "job": a.job, "source": a.source},
                }
                for a in graph.arcs
            ],
        }
    }
    yield orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
