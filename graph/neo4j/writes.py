"""What a commit writes at its end, in one statement whose text is the same for all: so it is
planned once, and an edit costs one round trip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

UPDATE = "UNWIND $nodes AS row MATCH (r:_Resource {number: row[0]}) SET r += row[1]"

WRITE = f"""
CALL () {{ {UPDATE} }}
CALL () {{
  UNWIND $links AS element
  MATCH ()-[l]->() WHERE elementId(l) = element
  SET l.until = $now
}}
CALL () {{
  UNWIND $ended AS element
  MATCH (c:_Claim) WHERE elementId(c) = element
  SET c.until = $now
}}
CALL () {{
  UNWIND $said AS row
  MATCH (r:_Resource {{number: row[0]}})
  CREATE (r)-[:_SAID]->(c:_Claim) SET c = row[1]
  FOREACH (key IN row[2] | MERGE (i:_Identifier {{key: key}}) CREATE (c)-[:_CARRIES]->(i))
}}
MATCH (h:_Head {{id: 0}})
SET h.number = $now, h.names = $names, h.claims = h.claims + size($said), h.counts = $counts
CREATE (c:_Commit) SET c = $commit
"""


@dataclass(frozen=True, slots=True)
class Writes:
    """Gathered while the commit is worked out."""

    nodes: list[list[Any]] = field(default_factory=list)
    """[number, properties that change]"""
    links: list[str] = field(default_factory=list)
    """Relationships that end."""
    ended: list[str] = field(default_factory=list)
    """Nodes of claims that end."""
    said: list[list[Any]] = field(default_factory=list)
    """[number, properties of a claim, keys of its identifiers]"""
