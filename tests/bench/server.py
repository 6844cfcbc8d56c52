"""The server from outside: a typed page, and search with sixteen clients at once.

    python tests/bench/server.py [--resources 100000] [--seed 7] [--data FOLDER] [--workers 2]

Seeds a ledger (or takes the one in FOLDER), starts `mulu serve` as a process of its own
and measures over HTTP with connections kept open. Prints one JSON object, milliseconds.
A search page has 20 hits with highlights, four facets and the total; a typed page has 50
entries with nine fields. The clients share the machine with the server. "new" are queries
that nobody has asked before: the others are eight, as a portal's readers ask the same.
"""

# ruff: noqa: SIM905  (rows of words)

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from api.settings import settings
from api.wiring import open_ledger
from ontology.resource import ChangeSet, Claim, Link, Rank, ResourceId, Source
from tests.bench.figures import sizes, spread, tell

FORM = Source("form", Rank.AUTHORITATIVE)
STEP = 2_000
ITEMS = 9
SUBJECTS = (
    "人口 企业 社保 公积金 医保 婚姻 户籍 车辆 不动产 排污 学校 药品 道路 法人 信用 处罚".split()
)
ASPECTS = "基本信息 登记信息 缴费记录 变更记录 年检结果 监测数据 名册 明细 台账 清单".split()
PLACES = "澜东区 澜西区 栖霞湖县 云澜市 开发区 高新区 桥头镇 石泉乡".split()
PARTS = "姓名 公民身份号码 性别 出生日期 居住地址 登记日期 有效期 状态 金额 单位名称 备注".split()
QUERIES = "社保缴费;企业登记;人口 澜东区;公民身份号码;车辆 变更记录;医保 -台账;信用 处罚;学校 名册"

SEARCH = """query($query: String!) { search(query: $query, first: 20,
    facets: ["type", "department", "sharingType", "securityLevel"]) {
    total relaxed
    hits { id type title score highlights { field text spans } }
    facets { name values { value count } } pageInfo { hasNextPage endCursor } } }"""
TYPED = """query($after: String) { informationResources(first: 50, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id title abstract keyword sharingType openingType securityLevel recordCount
            publishedAt } } }"""


def claims(count: int, seed: int) -> Iterator[Claim]:
    """Departments, entries that they provide, and the items of each."""
    pick = random.Random(seed)
    bodies = [ResourceId(f"org:{n}") for n in range(len(SUBJECTS))]
    for id, subject in zip(bodies, SUBJECTS, strict=True):
        yield Claim(id, "Department", {"name": f"云澜市{subject}局"})
    for number in range(count // (ITEMS + 1)):
        id = ResourceId(f"entry:990100/{number:08}")
        place, n = pick.choice(PLACES), pick.randrange(len(SUBJECTS))
        items = [ResourceId(f"infoitem:990100/{number:08}/{i}") for i in range(ITEMS)]
        told = {
            "title": f"{place}{SUBJECTS[n]}{pick.choice(ASPECTS)}",
            "abstract": f"{place}{SUBJECTS[n]}的{'、'.join(pick.sample(PARTS, 5))}，按月更新。",
            "keyword": (SUBJECTS[n], pick.choice(ASPECTS)),
            "sharingType": pick.choice(["无条件共享", "有条件共享", "不予共享"]),
            "openingType": pick.choice(["无条件开放", "有条件开放", "不予开放"]),
            "securityLevel": pick.choice(["公开数据", "内部数据", "敏感数据"]),
            "recordCount": pick.randrange(10_000_000),
            "publishedAt": f"20{pick.randrange(15, 27)}-0{pick.randrange(1, 10)}-11",
        }
        links = (Link("providedBy", bodies[n]), *(Link("hasItem", item) for item in items))
        yield Claim(id, "InformationResource", told, links)
        for item, name in zip(items, pick.sample(PARTS, ITEMS), strict=True):
            yield Claim(item, "InformationItem", {"name": name})


async def seed(folder: Path, count: int, seed: int) -> dict[str, Any]:
    begun = time.perf_counter()
    async with open_ledger(settings(data=folder)) as ledger:
        batch: list[Claim] = []
        for claim in claims(count, seed):
            batch.append(claim)
            if len(batch) == STEP:
                await ledger.commit(ChangeSet("bench", FORM, claims=tuple(batch)))
                batch = []
        await ledger.commit(ChangeSet("bench", FORM, claims=tuple(batch)))
        recorded = time.perf_counter() - begun
        await ledger.projections.catch_up()
        await ledger.reaching.reach()
    return {"record_s": round(recorded, 1), "all_s": round(time.perf_counter() - begun, 1)}


@contextmanager
def served(folder: Path, workers: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """A server process over the folder: its port, and what its start took."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    command = [sys.executable, "-m", "api.cli", "serve", "--data", str(folder), "--port", str(port)]
    command += ["--workers", str(workers)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).read()
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - begun > 60:
                    raise
                time.sleep(0.01)
        yield port, {"seconds": round(time.perf_counter() - begun, 2), "pid": process.pid}
    finally:
        process.terminate()
        process.wait(30)


class Client:
    """One connection kept open, nothing but POST /graphql: httpx would cost more than the
    server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Client:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, document: str, **variables: Any) -> bytes:
        body = json.dumps({"query": document, "variables": variables}).encode()
        head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        self._writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head_read = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head_read.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        answer = await self._reader.readexactly(length)
        if b'"errors"' in answer or b" 200 " not in head_read.split(b"\r\n")[0]:
            raise RuntimeError(answer[:500].decode())
        return answer

    def close(self) -> None:
        self._writer.close()


async def typed(port: int, rounds: int) -> dict[str, Any]:
    """Pages of a typed list, one after the other, each after the one before."""
    client, samples, after, answer = await Client.open(port), [], None, b""
    for _ in range(rounds):
        begun = time.perf_counter()
        answer = await client.post(TYPED, after=after)
        samples.append(1_000 * (time.perf_counter() - begun))
        page = json.loads(answer)["data"]["informationResources"]["pageInfo"]
        after = page["endCursor"] if page["hasNextPage"] else None
    client.close()
    return {**spread(samples[10:]), "bytes": len(answer)}


async def searched(port: int, clients: int, rounds: int, *, new: bool = False) -> dict[str, Any]:
    """Every client asks the next as soon as it has its answer."""
    queries, samples = QUERIES.split(";"), []
    if new:
        told = (f"{place} {a}{b}" for place in PLACES for a in SUBJECTS for b in ASPECTS)
        queries = list(told)
        random.Random(clients).shuffle(queries)

    async def one(number: int) -> None:
        client, pick = await Client.open(port), random.Random(number)
        for n in range(rounds):
            begun = time.perf_counter()
            query = queries.pop() if new else pick.choice(queries)
            await client.post(SEARCH, query=query)
            if n >= 3:
                samples.append(1_000 * (time.perf_counter() - begun))
        client.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one(n) for n in range(clients)))
    rate = clients * rounds / (time.perf_counter() - begun)
    return {**spread(samples), "per_second": round(rate)}


class Meter:
    """Processor milliseconds that the server spends on an answer: the figure that stays
    when the machine is busy with something else."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._stats = [Path(f"/proc/{pid}/stat") for pid in pids]

    def _spent(self) -> float:
        parts = [stat.read_text().rpartition(")")[2].split() for stat in self._stats]
        ticks = sum(int(p[11]) + int(p[12]) for p in parts)
        return 1_000 * ticks / os.sysconf("SC_CLK_TCK")

    async def of(self, answers: int, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        if not all(stat.exists() for stat in self._stats):
            return await work
        before = self._spent()
        told = await work
        return {**told, "cpu_ms": round((self._spent() - before) / answers, 2)}


def processes(pid: int) -> list[int]:
    """The server and its workers, where the system tells."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [pid, *(map(int, children.read_text().split()) if children.exists() else ())]


def memory(pids: Sequence[int]) -> int | None:
    """Resident megabytes of the server, where the system tells."""
    found = 0
    for pid in pids:
        status = Path(f"/proc/{pid}/status")
        if not status.exists():
            return None
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
        found += int(line.split()[1]) // 1024
    return found


async def measure(folder: Path, resources: int, seed_: int, workers: int) -> dict[str, Any]:
    told: dict[str, Any] = {"resources": resources, "seed": seed_, "workers": workers}
    if not (folder / "ledger.db").exists():
        told["loading"] = await seed(folder, resources, seed_)
    with served(folder, workers) as (port, start):
        told["start_s"] = start["seconds"]
        pids = processes(start["pid"])
        meter = Meter(pids)
        told["typed page, 1 client"] = await meter.of(210, typed(port, 210))
        told["search, 1 client"] = await meter.of(150, searched(port, 1, 150))
        told["search, 16 clients"] = await meter.of(16 * 60, searched(port, 16, 60))
        told["new search, 16 clients"] = await meter.of(16 * 60, searched(port, 16, 60, new=True))
        told["memory_mb"] = memory(pids)
    return told


def main() -> None:
    parser = sizes(__doc__, resources=100_000, seed=7, workers=2)
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = asked.data or Path(spare)
        tell(asyncio.run(measure(folder, asked.resources, asked.seed, asked.workers)))


if __name__ == "__main__":
    main()
