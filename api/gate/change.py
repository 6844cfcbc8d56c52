"""What is about to change, and where it is written: the YAML of changes.

changes:
  - resource: field:postgres://dw.example:5432/dw.ads.ads_gl_jt#zjhm
    change: remove          # rename, retype, values, meaning, move, level, reorganise
    note: 下线旧证件号字段    # optional
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ingest.source import Place
from ontology.errors import InvalidInput
from ontology.model import Kind
from ontology.problem import Problem
from ontology.resource import ResourceId
from ontology.spread import ASKED

NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Changed:
    """One resource that changes, the place where it is said, and how it was recognised."""

    resource: ResourceId
    kind: Kind
    place: Place = NOWHERE
    note: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """All that a build changes. `unread` is what could not be understood, so that nobody can
    tell what else changes; `notes` are worth reading and reach nothing."""

    changed: tuple[Changed, ...] = ()
    unread: tuple[Problem, ...] = field(default=())
    notes: tuple[str, ...] = ()

    def __add__(self, other: Changes) -> Changes:
        """Both; what two ways tell of the same resource and kind is one change."""
        known = {(c.resource, c.kind) for c in self.changed}
        more = (c for c in other.changed if (c.resource, c.kind) not in known)
        return Changes(
            (*self.changed, *more), (*self.unread, *other.unread), (*self.notes, *other.notes)
        )


def read_changes(path: Path) -> Changes:
    """The YAML of changes. Raises InvalidInput with the line of what cannot be understood."""
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
        once(root)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidInput(
            f"变更文件读不了 / cannot read the changes {path}: {_why(error)}"
        ) from error
    said = _mapping(root, path)
    if more := said.keys() - {"changes"}:
        raise InvalidInput(f"{path}: 不认识 / unknown: {', '.join(sorted(more))}")
    listed = said.get("changes")
    if not isinstance(listed, yaml.SequenceNode) or not listed.value:
        raise InvalidInput(
            f"{path}: 缺少列表 changes，或其中没有变更 / needs a list `changes` with at least one"
        )
    return Changes(tuple(_changed(node, path) for node in listed.value))


def once(node: yaml.Node | None, met: dict[int, bool] | None = None) -> None:
    """Each key is a word and said once (YAML itself lets the last one win), and nothing contains
    itself. Raises ValueError. `met`: which nodes have been looked through to their end."""
    if node is None or isinstance(node, yaml.ScalarNode):
        return
    met, line = {} if met is None else met, node.start_mark.line + 1
    if id(node) in met:
        if not met[id(node)]:
            raise ValueError(f"第 {line} 行包含它自己 / contains itself, line {line}")
        return
    met[id(node)] = False
    if isinstance(node, yaml.SequenceNode):
        for value in node.value:
            once(value, met)
    else:
        _keys_once(node, met)
    met[id(node)] = True


def _keys_once(node: yaml.Node, met: dict[int, bool]) -> None:
    seen: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ValueError(f"第 {line} 行的键不是词 / a key is no word, line {line}")
        if key.value in seen:
            raise ValueError(f"第 {line} 行 {key.value} 重复 / said twice, line {line}")
        seen.add(key.value)
        once(value, met)


def _changed(node: yaml.Node, path: Path) -> Changed:
    parts, line = _mapping(node, path), node.start_mark.line + 1
    if odd := [key for key, part in parts.items() if not isinstance(part, yaml.ScalarNode)]:
        raise InvalidInput(f"{path}:{line}: 应是文本 / must be text: {', '.join(odd)}")
    said = {key: str(part.value) for key, part in parts.items()}
    if more := said.keys() - {"resource", "change", "note"}:
        raise InvalidInput(f"{path}:{line}: 不认识 / unknown: {', '.join(sorted(more))}")
    kind = said.get("change", "")
    if not said.get("resource") or kind not in ASKED:
        raise InvalidInput(
            f"{path}:{line}: 每项要有 resource 和 change（{'、'.join(ASKED)}）/ each needs both"
        )
    return Changed(
        ResourceId(said["resource"]), Kind(kind), Place(str(path), row=line), said.get("note", "")
    )


def _mapping(node: yaml.Node | None, path: Path) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1 if node else 1
        raise InvalidInput(f"{path}:{line}: 应为键值 / expected keys and values")
    return dict(_keys(node))


def _keys(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value:
        yield str(key.value), value


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
