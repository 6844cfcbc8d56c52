"""Check characters of the codes that the sample invents, all in the unassigned 99 range."""

from __future__ import annotations

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def org_code(body: str) -> str:
    """Nine characters: the eight given and their check character (GB 11714)."""
    total = sum(_ORG.index(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return body + "0123456789X0"[(11 - total % 11) % 11]


def credit_code(kind: str, region: str, body: str) -> str:
    """A credit code: register and kind, region, organisation code, check (GB 32100)."""
    first = kind + region + org_code(body)
    total = sum(_USCC.index(c) * 3**i % 31 for i, c in enumerate(first))
    return first + _USCC[-total % 31]
