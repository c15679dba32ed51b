"""The rights of each role, in one table that every route uses.

The roles are Cognito groups. A person with several roles acts in the first role of the table that
has the right. Sales people act under their rep's id in the playbook, found by their mail address.
So `decide` can restrict them to their own leads.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from leadloop.model.base import Model
from leadloop.model.command import Actor
from leadloop.model.errors import Forbidden
from leadloop.playbook.model import Playbook


class Right(StrEnum):
    """A right that a route demands. Its value completes “to … is not among the rights”."""

    READ = "read leads"
    RAW = "read what came in, as it came in"
    EDIT = "edit contacts"
    WORK = "work leads"
    MEND = "mend the quarantine"
    ENTER = "enter somebody by hand"
    EXPORT = "export"
    IMPORT = "import files"
    OBSERVE = "tell of behaviour"
    PLAYBOOK = "read the playbook"
    PUBLISH = "publish a playbook"


ROLES: dict[str, frozenset[Right]] = {
    "admin": frozenset(Right),
    "manager": frozenset(Right) - {Right.PUBLISH},
    "marketing": frozenset(Right) - {Right.WORK},
    "sales": frozenset({Right.READ, Right.EDIT, Right.WORK, Right.ENTER}),
}


class Caller(Model):
    """The person of a token. `groups` are its Cognito groups; `email` is None in access tokens."""

    subject: str
    groups: frozenset[str]
    email: str | None = None

    def actor_for(self, right: Right, playbook: Playbook) -> Actor:
        """The actor as records name it: a rep's id for sales, the token's subject for others.

        Raises:
            Forbidden: no group has the right, or a sales person is in no pool.

        """
        role = self.role(right)
        return Actor(id=self._rep(playbook) if role == "sales" else self.subject, role=role)

    def role(self, right: Right) -> str:
        """The first role that has the right.

        Raises:
            Forbidden: no role has it.

        """
        role = next((role for role in ROLES if role in self.groups and right in ROLES[role]), None)
        if role is None:
            groups = ", ".join(sorted(self.groups)) or "no group"
            raise Forbidden(f"to {right} is not among the rights of {groups}")
        return role

    def _rep(self, playbook: Playbook) -> str:
        reps = (rep for pool in playbook.pools.values() for rep in pool.reps)
        for rep in reps:
            if self.email is not None and rep.email.casefold() == self.email.casefold():
                return rep.id
        raise Forbidden("your mail address is that of no rep in the playbook")


def parse_caller(claims: Mapping[str, str]) -> Caller:
    """The caller in the claims of API Gateway, whose groups are one text with commas or brackets.

    An address that is not verified does not count: people may write any address into their profile.
    """
    verified = str(claims.get("email_verified", "")).casefold() == "true"
    return Caller(
        subject=claims.get("sub", ""),
        groups=frozenset(re.findall(r'[^\s,"\[\]]+', str(claims.get("cognito:groups", "")))),
        email=claims.get("email") if verified else None,
    )
