"""What a person does to a lead: one command with one action."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from leadloop.model.base import Model


class Actor(Model):
    """The person who acts: `id` is the rep's id or the token's subject; `role` is one of the four.

    A rep who follows the link in a mail acts as `sales` with the rep's own id.
    """

    id: str
    role: str


class Accept(Model):
    """The owner takes the lead."""

    do: Literal["accept"] = "accept"


class Reject(Model):
    """The owner hands it back; the playbook maps the reason to nurturing or disqualified."""

    do: Literal["reject"] = "reject"
    reason: str
    note: str | None = None


class Convert(Model):
    """The lead becomes an opportunity; `value` in minor units (cents) of `currency`."""

    do: Literal["convert"] = "convert"
    value: int | None = Field(default=None, ge=0)
    currency: str | None = None


class Win(Model):
    """The opportunity is won, for `value` minor units."""

    do: Literal["win"] = "win"
    value: int = Field(ge=0)
    currency: str | None = None


class Lose(Model):
    """The opportunity is lost; its reason sets the wait before the lead is worked again."""

    do: Literal["lose"] = "lose"
    reason: str
    note: str | None = None


class Disqualify(Model):
    """A person takes the lead out of work, with a reason."""

    do: Literal["disqualify"] = "disqualify"
    reason: str


class Answer(Model):
    """The person's question is answered, in any way; `note` tells how."""

    do: Literal["answer"] = "answer"
    note: str | None = None


class Release(Model):
    """A quiet lead is worked from now on, as it stands."""

    do: Literal["release"] = "release"


class Edit(Model):
    """New values of contact fields, by field name; `None` empties a field."""

    do: Literal["edit"] = "edit"
    contact: dict[str, str | None]


Action = Annotated[
    Accept | Reject | Convert | Win | Lose | Disqualify | Answer | Release | Edit,
    Field(discriminator="do"),
]


class Command(Model):
    """One action on one lead. `expected` is the lead's version that the person saw.

    Source: RFC 9110, `If-Match`.
    """

    kind: Literal["command"] = "command"
    id: str
    actor: Actor
    lead_id: str
    at: datetime
    action: Action
    expected: int | None = None
