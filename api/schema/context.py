"""What resolvers know of the request they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from strawberry.types import Info as StrawberryInfo

from api.schema.limits import Budget, Limits
from api.schema.loaders import Loaders
from ontology.viewer import Viewer

if TYPE_CHECKING:
    from api.ledger import Ledger
    from api.schema.types import Types


@dataclass(slots=True)
class Context:
    """One request (or one connection of subscriptions): who asks, and what is loaded."""

    ledger: Ledger
    types: Types
    viewer: Viewer
    limits: Limits
    address: str = ""  # whom to count wrong tokens by
    loaders: Loaders = field(init=False)
    budget: Budget = field(init=False)
    missing: set[str] = field(default_factory=set)  # parts of the ledger that did not answer
    written: bool = False  # whether a write was handed to the record
    connection_params: Any = None  # set by the subscription protocol

    def __post_init__(self) -> None:
        self.signed(self.viewer)
        self.budget = Budget(self.limits.nodes, self.limits.nodes)

    def signed(self, viewer: Viewer) -> None:
        """From now on this viewer asks; what was loaded for another is forgotten."""
        self.viewer = viewer
        self.loaders = Loaders(self.ledger, viewer)


Info: TypeAlias = StrawberryInfo[Context, None]
