"""What every channel takes, and the four things it may meet."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol

from leadloop.content.templates import RenderedMessage
from leadloop.model.delivery import Delivery
from leadloop.model.report import SendStatus


class Mailbox(NamedTuple):
    """An address, and the name shown with it in whatever script."""

    address: str
    name: str = ""


class Letter(NamedTuple):
    """One delivery made ready to be said. `unsubscribe_url`: needed where it is marketing."""

    delivery: Delivery
    message: RenderedMessage
    to: Mailbox
    sender: Mailbox
    at: datetime
    reply_to: Mailbox | None = None
    unsubscribe_url: str | None = None


@dataclass(frozen=True, slots=True)
class SendAccepted:
    """It was accepted; `detail` is the provider's id for it."""

    detail: str
    met: ClassVar[SendStatus] = SendStatus.SENT


@dataclass(frozen=True, slots=True)
class SendFailed:
    """Nothing left the house: it may be tried again."""

    detail: str
    met: ClassVar[SendStatus] = SendStatus.FAILED


@dataclass(frozen=True, slots=True)
class SendRefused:
    """It will never be accepted as it is."""

    detail: str
    met: ClassVar[SendStatus] = SendStatus.REFUSED


@dataclass(frozen=True, slots=True)
class SendUnknown:
    """It may have left the house: nobody sends it again by himself."""

    detail: str
    met: ClassVar[SendStatus] = SendStatus.UNKNOWN


SendResult = SendAccepted | SendFailed | SendRefused | SendUnknown


class DeliveryChannel(Protocol):
    """Says a letter at most once, and never raises for what the other side does."""

    def __call__(self, letter: Letter) -> SendResult:
        """Say it now."""
