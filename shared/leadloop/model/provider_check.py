"""A question to somebody outside, and what came of it: a fact of a decision like any other."""

from datetime import datetime
from typing import Literal, NamedTuple

from leadloop.model.base import Model


class CheckRef(NamedTuple):
    """What does `provider` know of `of`? Asked with the settings of the source `source`."""

    provider: str
    source: str
    of: str


class ProviderAnswer(Model):
    """What the provider said, byte for byte, and when it was asked."""

    kind: Literal["checked"] = "checked"
    provider: str
    at: datetime
    body: bytes


class ProviderFailure(Model):
    """No answer is a fact too, not an error. `passing`: another try may be luckier."""

    kind: Literal["unanswered"] = "unanswered"
    provider: str
    at: datetime
    why: str
    passing: bool
