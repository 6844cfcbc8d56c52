"""A ledger's whole history as a file: JSON Lines, written by `mulu export --history`, read by
`mulu copy --from FILE`.

    {"mulu": "history", "version": 1}
    {"commit": {"number", "at", "actor", "source", "rank", "reason", "changes", "content",
     "parent", "hash", "key"?}, "born": ["org:…", …],
     "claims": [{"digest", "id", "type", "attributes", "links", "denies"?}, …],
     "withdrawn": ["org:…"], "called": [["name", "of", true | false | null]], "purged": […]}
    {"run": {"id", "source", "scope", "started", …}, "seen": ["org:…", …], "called": […]}
    {"end": {"number", "hash"}}

What is empty is left out. Each commit is one line, with its hash, so a file that was altered
or cut off is noticed. Purged bodies are in no export made after the purge.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from graph.copy import Copied, Told, note, replay
from graph.entry import Entry, Line
from graph.history import Sighting, entries, sightings
from graph.store import GraphStore, Run
from ingest.jsonl import BadLine, read_claim, written_claim
from ontology.errors import InvalidInput
from ontology.resource import Alias, Commit, Rank, ResourceId, Source

VERSION = 1


@dataclass(frozen=True, slots=True)
class End:
    """The last line: where the history ends."""

    number: int
    hash: str


# --- writing ---------------------------------------------------------------------------


async def lines(store: GraphStore) -> AsyncIterator[bytes]:
    """The file, line by line. Memory is constant but for the sightings."""
    yield _line({"mulu": "history", "version": VERSION})
    last = End(0, "")
    async for entry in entries(store):
        yield _line(_entry(entry))
        last = End(entry.commit.number, entry.commit.hash)
    async for one in sightings(store):
        called = {"called": list(one.called)} if one.called else {}
        yield _line({"run": _run(one.run), "seen": list(one.seen), **called})
    yield _line({"end": {"number": last.number, "hash": last.hash}})


def _entry(entry: Entry) -> dict[str, Any]:
    c = entry.commit
    parts: dict[str, Any] = {
        "commit": {
            "number": c.number,
            "at": c.at.isoformat(),
            "actor": c.actor,
            "source": entry.source.name,
            "rank": entry.source.rank.name.lower(),
            "reason": c.reason,
            "changes": c.changes,
            "content": c.content,
            "parent": c.parent,
            "hash": c.hash,
            **({"key": c.key} if c.key is not None else {}),
        },
        "born": list(entry.born),
        "claims": [
            {"digest": line.digest, **written_claim(line.claim)}
            for line in entry.lines
            if line.claim is not None
        ],
        "withdrawn": [line.resource for line in entry.lines if line.claim is None],
        "called": [[alias.name, alias.of, word] for alias, word in entry.called],
        "purged": list(entry.purged),
    }
    return {name: value for name, value in parts.items() if value}


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "source": run.source,
        "scope": run.scope,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
        "complete": run.complete,
        "seen": run.seen,
        "problems": run.problems,
        "cursor": run.cursor,
    }


def _line(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


# --- reading ---------------------------------------------------------------------------


def read(path: Path) -> Iterator[Entry | Sighting | End]:
    """What the file says, in its order. Raises InvalidInput with the line that is wrong, and
    for a file that does not go to its end."""
    ended = False
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                found = _read(orjson.loads(line), first=number == 1)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                raise InvalidInput(
                    f"{path} 第 {number} 行 / line {number}: 不是账本历史 / is no line of a "
                    f"history: {error}"
                ) from error
            if found is not None:
                ended = isinstance(found, End)
                yield found
    if not ended:
        raise InvalidInput(
            f"{path} 不完整 / does not go to its end: 请重新导出 / export it again "
            "(mulu export --history); what came before is copied, and is not lost"
        )


def _read(value: dict[str, Any], *, first: bool) -> Entry | Sighting | End | None:
    if first:
        if (value["mulu"], value["version"]) != ("history", VERSION):
            raise BadLine(f"版本 {value['version']} 不认识 / unknown form")
        return None
    if "commit" in value:
        return _read_entry(value)
    if "run" in value:
        called = tuple(value.get("called", ()))
        return Sighting(_read_run(value["run"]), tuple(value["seen"]), called)
    return End(**value["end"])


def _read_entry(value: dict[str, Any]) -> Entry:
    said = value["commit"]
    source = Source(said["source"], Rank[said.pop("rank").upper()])
    commit = Commit(**{**said, "at": datetime.fromisoformat(said["at"])})
    claims = [
        Line(ResourceId(c["id"]), read_claim(ResourceId(c["id"]), c), c["digest"])
        for c in value.get("claims", ())
    ]
    withdrawn = [Line(ResourceId(name), None, "") for name in value.get("withdrawn", ())]
    return Entry(
        commit,
        source,
        tuple(value.get("born", ())),
        (*claims, *withdrawn),
        tuple((Alias(name, of), word) for name, of, word in value.get("called", ())),
        tuple(value.get("purged", ())),
    )


def _read_run(said: dict[str, Any]) -> Run:
    finished = said["finished"]
    times = {
        "started": datetime.fromisoformat(said["started"]),
        "finished": datetime.fromisoformat(finished) if finished else None,
    }
    return Run(**{**said, **times})


async def restore(path: Path, target: GraphStore, told: Told | None = None) -> Copied:
    """Bring the target up to the file, as `graph.copy.copy` does from a store; it verifies
    itself at the end. Raises InvalidInput, Damaged."""
    before = await target.head()
    start = before.number if before else 0
    rest: list[Sighting] = []
    ends: list[End] = []

    async def said() -> AsyncIterator[Entry]:
        for found in read(path):
            if isinstance(found, Entry):
                if found.commit.number >= start:  # the one at the start is compared
                    yield found
            elif isinstance(found, Sighting):
                rest.append(found)
            else:
                ends.append(found)

    await replay(said(), target, told, 0)
    await note(_noted(rest), target)
    head = await target.head()
    number, hash = (head.number, head.hash) if head else (0, "")
    found = [f"{f.part}: {f.what} {f.where}" async for f in target.verify()]
    if ends != [End(number, hash)]:
        found.insert(0, f"the file ends at commit {ends[-1].number}, the ledger at {number}")
    return Copied(number, hash, number - start, 0, tuple(found))


async def _noted(sightings: Iterable[Sighting]) -> AsyncIterator[Sighting]:
    for one in sightings:
        yield one
