"""A served ledger, asked over GraphQL with a bearer token (`mulu gate --server URL`).

Whatever is not an answer is an error, and an error is "could not tell": a redirect too, for it
would hand the token on.
"""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson

from api.gate.book import Attributes, Freshness, named
from graph.affected import Affected, Crossed
from graph.question import Cut, ImpactAnswer, Question
from ontology.errors import InvalidInput, Unavailable
from ontology.model import Certainty, Kind, Ontology
from ontology.resource import ResourceId

T = TypeVar("T")

PAGE = 500
"""Results and ids of one request; the server's own limit."""
PATIENCE = 30.0
"""Seconds that one request may take."""
LARGEST = 64 << 20
"""Bytes of one answer."""

FRESHNESS = "{ freshness { commit latest } ontology { digest } }"
RESOURCES = """query($ids: [ID!]!) { resources(ids: $ids) { id attributes { name value } } }"""
FIELDS = """query($id: ID!, $after: String) { resource(id: $id) {
    links(types: ["hasField"], first: 500, after: $after) {
      nodes { id retired attributes { name value } } pageInfo { hasNextPage endCursor } } } }"""
DEPARTMENTS = """query($title: String!) {
    departments(filter: {title: {eq: $title}}, first: 50) { nodes { id } } }"""
REACHED = """id type title depth effect certainty kinds via due department departmentTitle contact
    path { origin target type rule job kind source commit }"""
COUNTS = "{ exact indirect coarse touched }"
IMPACT = f"""query($id: ID!, $change: ChangeKind!, $first: Int!, $after: Int!, $why: Boolean!) {{
    impact(ids: [$id], change: $change, first: $first, after: $after, why: $why) {{
      counts {COUNTS} hidden {COUNTS} cut {{ limit among count resources }} next upto
      affected {{ {REACHED} }} touched {{ {REACHED} }} }} }}"""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *said: Any) -> None:
        """Refuse: urllib then raises the redirect as an error."""
        return


@dataclass(frozen=True, slots=True)
class ServedBook:
    """The ledger behind an address such as https://mulu.example (with or without /graphql).
    `ontology` is that of this program, which must be the server's too."""

    address: str
    token: str
    ontology: Ontology
    _opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(_NoRedirects)
    )

    async def freshness(self) -> Freshness:
        return await self._ask(self._freshness, FRESHNESS)

    def _freshness(self, told: Any) -> Freshness:
        digest, latest = told["ontology"]["digest"], told["freshness"]["latest"]
        if digest != self.ontology.digest:
            raise Unavailable(
                "服务器的本体与此处不同，请装同一版本并用同样的 MULU_ONTOLOGY / the server has "
                f"another ontology ({digest}, here {self.ontology.digest}): use the same "
                "version and files"
            )
        return Freshness(
            int(told["freshness"]["commit"]), datetime.fromisoformat(latest) if latest else None
        )

    async def resources(self, ids: Sequence[ResourceId]) -> Mapping[ResourceId, Attributes]:
        found: dict[ResourceId, Attributes] = {}
        for begin in range(0, len(ids), PAGE):
            some = ids[begin : begin + PAGE]
            told = await self._ask(_resources, RESOURCES, ids=some)
            found |= {id: each for id, each in zip(some, told, strict=True) if each is not None}
        return found

    async def impacts(self, questions: Sequence[Question]) -> AsyncIterator[ImpactAnswer]:
        for question in questions:
            yield await self._impact(question)

    async def _impact(self, question: Question) -> ImpactAnswer:
        """Page by page, up to `first`; the gate asks about one change at a time."""
        (change,) = question.changes
        assert question.first is not None  # the gate always bounds what it judges
        answer, left = None, question.first
        after: int | None = question.after
        while after is not None and left > 0:
            page = await self._ask(
                _impact,
                IMPACT,
                id=change.resource,
                change=change.kind.name,
                first=min(PAGE, left),
                after=after,
                why=question.why,
            )
            answer = page if answer is None else _joined(answer, page)
            left -= len(page.affected) + len(page.touched)
            after = page.next
        assert answer is not None  # asked once at least
        return answer

    async def fields(self, dataset: ResourceId) -> Sequence[Attributes]:
        found: list[Attributes] = []
        after: str | None = None
        while True:
            page, after = await self._ask(_fields, FIELDS, id=dataset, after=after)
            found += page
            if after is None:
                return found

    async def departments(self, title: str) -> Sequence[ResourceId]:
        return await self._ask(_departments, DEPARTMENTS, title=title)

    async def _ask(self, read: Callable[[Any], T], query: str, **variables: object) -> T:
        """What `read` makes of the data of an answer. Raises Unavailable for whatever is no
        answer."""
        body = orjson.dumps({"query": query, "variables": variables})
        try:
            return read(await asyncio.to_thread(self._post, body))
        except urllib.error.HTTPError as error:
            why = "令牌无效？/ check MULU_TOKEN" if error.code in (401, 403) else ""
            raise Unavailable(f"{self.address}: HTTP {error.code} {why}".rstrip()) from error
        except (
            OSError,
            HTTPException,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
        ) as error:
            raise Unavailable(
                f"{self.address}: 没有可用的回答 / no usable answer: {error}"
            ) from error

    def _post(self, body: bytes) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(endpoint(self.address), body, headers)
        with self._opener.open(request, timeout=PATIENCE) as answer:
            told = orjson.loads(answer.read(LARGEST))
        if told.get("errors"):
            raise Unavailable(f"{self.address}: {told['errors'][0]['message']}")
        return told["data"]


def endpoint(address: str) -> str:
    """The GraphQL address of a server. Raises InvalidInput for what is no http address."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise InvalidInput(f"--server {address!r}: 写作 / write https://mulu.example")
    return address if parts.path.endswith("/graphql") else f"{address.rstrip('/')}/graphql"


def _resources(told: Any) -> list[Attributes | None]:
    return [None if each is None else _attributes(each) for each in told["resources"]]


def _departments(told: Any) -> list[ResourceId]:
    return [ResourceId(str(node["id"])) for node in told["departments"]["nodes"]]


def _fields(told: Any) -> tuple[list[Attributes], str | None]:
    """One page, and the cursor of the next."""
    if told["resource"] is None:
        return [], None
    page = told["resource"]["links"]
    found = [named(n["id"], _attributes(n)) for n in page["nodes"] if not n["retired"]]
    more = page["pageInfo"]["hasNextPage"]
    return found, page["pageInfo"]["endCursor"] if more else None


def _attributes(told: Mapping[str, Any]) -> Attributes:
    return {
        each["name"]: tuple(value) if isinstance(value := each["value"], list) else value
        for each in told["attributes"]
    }


def _joined(one: ImpactAnswer, more: ImpactAnswer) -> ImpactAnswer:
    """Two pages. Raises Unavailable where the ledger moved on in between."""
    if one.upto != more.upto:
        raise Unavailable("账本在查询期间更新，请重试 / the ledger changed meanwhile: try again")
    return replace(more, affected=one.affected + more.affected, touched=one.touched + more.touched)


def _impact(answered: Any) -> ImpactAnswer:
    told = answered["impact"]
    return ImpactAnswer(
        counts=told["counts"],
        hidden=told["hidden"],
        cut=tuple(
            Cut(c["limit"], c["among"], c["count"], tuple(c["resources"])) for c in told["cut"]
        ),
        affected=tuple(_affected(each) for each in told["affected"]),
        touched=tuple(_affected(each) for each in told["touched"]),
        next=told["next"],
        upto=told["upto"],
    )


def _affected(told: Mapping[str, Any]) -> Affected:
    return Affected(
        id=told["id"],
        type=told["type"],
        title=told["title"],
        depth=told["depth"],
        effect=told["effect"],
        certainty=Certainty[told["certainty"]],
        kinds=tuple(Kind(kind) for kind in told["kinds"]),
        via=told["via"],
        due=told["due"],
        department=told["department"],
        department_title=told["departmentTitle"],
        contact=told["contact"],
        path=tuple(
            Crossed(
                step["origin"],
                step["target"],
                step["type"],
                step["rule"],
                step["job"],
                step["kind"],
                step["source"],
                step["commit"],
            )
            for step in told["path"]
        ),
    )
