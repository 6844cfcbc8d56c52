"""The GraphQL schema of an ontology: made at start-up, not a line of it written by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import strawberry
from graphql import GraphQLError
from strawberry.exceptions import DuplicatedTypeName
from strawberry.extensions import AddValidationRules, ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionContext

from api.schema.answered import Answers, answered
from api.schema.commits import Commit, feed
from api.schema.failures import Failures
from api.schema.limits import Limits, limit_rule, within
from api.schema.mutations import make_mutation
from api.schema.operation import OneOperation
from api.schema.plain import PlainLists
from api.schema.queries import make_query
from api.schema.rights import Rights
from api.schema.scalars import scalars
from api.schema.types import Types
from ontology.errors import OntologyError
from ontology.model import Ontology
from search.mapping import SearchMapping

CACHED = 256
"""Documents kept parsed and validated: a portal asks the same few again and again."""


@strawberry.type(description="订阅 / what comes as it happens")
class Subscription:
    commits: AsyncIterator[Commit] = strawberry.subscription(
        resolver=feed,
        description="提交流：after 之后的每个提交 / every commit after it, as it is made",
    )


class LedgerSchema(strawberry.Schema):
    """A schema with the types it was made of, and its limits. Raises OntologyError for names
    that GraphQL cannot have, or that the API has taken."""

    def __init__(
        self, ontology: Ontology, mapping: SearchMapping, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self.types = Types(ontology, mapping)
        try:
            self._build()
        except (DuplicatedTypeName, GraphQLError) as error:
            raise OntologyError(
                f"本体不能成为接口，请改类名 / the ontology cannot become an API, rename the "
                f"class: {error}"
            ) from error

    def _build(self) -> None:
        rule = limit_rule(self.limits)
        super().__init__(
            query=make_query(self.types),
            mutation=make_mutation(self.types),
            subscription=Subscription,
            types=list(self.types.objects.values()),
            config=StrawberryConfig(scalar_map=scalars(self.types.mapping.home)),
            execution_context_class=PlainLists,
            extensions=[
                Failures,
                within(self.limits),
                Rights,
                answered(Answers()),
                lambda: AddValidationRules([rule]),
                lambda: ParserCache(CACHED),
                lambda: ValidationCache(CACHED),
                OneOperation,
            ],
        )

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing here: `Failures` logs what the client does not get to see."""
