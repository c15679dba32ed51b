"""A question to an outside provider, and its answer: a fact of a decision like any other."""

from datetime import datetime
from typing import Literal, NamedTuple

from leadloop.model.base import Model


class CheckRef(NamedTuple):
    """What does `provider` know of `of`? It is asked with the settings of the source `source`."""

    provider: str
    source: str
    of: str


class ProviderAnswer(Model):
    """The body of the provider's answer, byte for byte, and when it was asked."""

    kind: Literal["checked"] = "checked"
    provider: str
    at: datetime
    body: bytes


class ProviderFailure(Model):
    """The provider gave no answer: a fact too, no error. `passing`: another try may get one."""

    kind: Literal["unanswered"] = "unanswered"
    provider: str
    at: datetime
    why: str
    passing: bool
