"""How a resource lets a function in: the variable and the right, in one call.

Only the resources of this package use it. A family calls the resource, such as
`data.links.use_in(capture)`. So no family can add the variable and forget the right.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from aws_cdk import aws_iam as iam

from leadloop.settings import Settings


class Grantee(Protocol):
    """A function that a resource lets in: it has a role and takes settings."""

    @property
    def grant_principal(self) -> Any: ...  # noqa: ANN401  an IPrincipal, which has no types here

    def add_settings(self, *groups: Settings) -> None:
        """Add the variables of these groups to the environment."""


def allow(
    function: Grantee,
    actions: Sequence[str],
    resource: str,
    conditions: Mapping[str, Mapping[str, object]] | None = None,
) -> None:
    """Allow `actions` on one resource (an ARN, which may end with `*`)."""
    function.grant_principal.add_to_principal_policy(
        iam.PolicyStatement(actions=list(actions), resources=[resource], conditions=conditions)
    )
