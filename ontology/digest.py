"""Digests: canonical bytes of a claim, the content of a commit, and the chain of hashes.

    claim  → digest   over everything it says and who says it
    commit → content  over the digests of its changes, in an order of their own
           → hash     over the commit's own words, its content and its parent's hash

So bodies can be purged and the chain still verifies; and two stores that took the same
commits have the same hashes, whatever order they keep their rows in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

import orjson

from ontology.errors import InvalidInput
from ontology.problem import Problem
from ontology.resource import Alias, Change, Claim, Commit, Denial, Source


def canonical(value: object, where: str = "") -> bytes:
    """JSON with sorted keys, UTF-8: equal values give equal bytes.

    Raises InvalidInput for what JSON cannot say (an integer beyond 64 bits, half a
    surrogate pair).
    """
    try:
        return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        problem = Problem(
            f"值无法存储：{error}",
            mend="整数不超过 64 位，文字须为有效的 Unicode。",
            resource=where,
        )
        raise InvalidInput(f"{where}: a value cannot be stored: {error}", [problem]) from error


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no value of the ledger")


def denial_form(denial: Denial) -> list[object]:
    """A denial as plain lists, sorted; [] for none."""
    if not denial:
        return []
    links = sorted([k.type, k.target, k.key] for k in denial.links)
    return [sorted(denial.attributes), links, denial.resource]


def claim_digest(claim: Claim, source: Source) -> bytes:
    """32 bytes over all that the claim says, and the source's name and rank."""
    links = sorted([x.type, x.target, x.key, x.properties or {}] for x in claim.links)
    form = [
        claim.resource,
        source.name,
        int(source.rank),
        claim.type or "",
        claim.attributes,
        links,
        denial_form(claim.denies),
    ]
    return sha256(canonical(form, claim.resource)).digest()


def alias_digest(alias: Alias, source: Source) -> bytes:
    """32 bytes over both names, and the source's name and rank."""
    return sha256(canonical([alias.name, alias.of, source.name, int(source.rank)])).digest()


def content_digest(changes: Iterable[Change]) -> str:
    """Hex digest over the changes of one commit, whatever order they come in."""
    lines = sorted([c.action, c.resource, c.digest] for c in changes)
    return sha256(canonical(lines)).hexdigest()


def instant(at: datetime) -> str:
    """An instant as the hash sees it: ISO 8601, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def commit_hash(commit: Commit) -> str:
    """Hex digest over everything in the commit but its `hash`."""
    form = [
        commit.number,
        instant(commit.at),
        commit.actor,
        commit.source,
        commit.reason,
        commit.changes,
        commit.content,
        commit.parent,
        commit.key or "",
    ]
    return sha256(canonical(form)).hexdigest()


def chain_flaws(before: Commit | None, commit: Commit, content: str) -> list[str]:
    """What is wrong with one commit, given the one before and the content recomputed
    from what is stored; empty when all is well."""
    flaws = []
    if commit.number != (before.number + 1 if before else 1):
        flaws.append("the number does not follow the one before")
    if commit.parent != (before.hash if before else ""):
        flaws.append("it does not continue the commit before")
    if before and commit.at < before.at:
        flaws.append("its time runs backwards")
    if commit.content != content:
        flaws.append("its changes are not those that were committed")
    if commit.hash != commit_hash(commit):
        flaws.append("its own words were altered")
    return flaws
