"""An outgoing message, which every channel accepts, and the four results of sending it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol

from leadloop.content.templates import RenderedMessage
from leadloop.model.delivery import Delivery
from leadloop.model.report import SendStatus


class Mailbox(NamedTuple):
    """A mail address, and the name that is shown with it, in any script."""

    address: str
    name: str = ""


class OutgoingMessage(NamedTuple):
    """A delivery that is ready to send. Marketing must have an `unsubscribe_url`.

    `signature` is ours, by which the mail is known again when it comes back to `return_path`. The
    provider reports what happens to the mail by its `configuration_set`.
    """

    delivery: Delivery
    message: RenderedMessage
    to: Mailbox
    sender: Mailbox
    at: datetime
    reply_to: Mailbox | None = None
    unsubscribe_url: str | None = None
    signature: str | None = None
    return_path: str | None = None
    configuration_set: str | None = None


@dataclass(frozen=True, slots=True)
class SendAccepted:
    """The provider accepted it; `detail` is the provider's id of the message."""

    detail: str
    met: ClassVar[SendStatus] = SendStatus.SENT


@dataclass(frozen=True, slots=True)
class SendFailed:
    """It was not sent and may be tried again; `detail` is the reason."""

    detail: str
    met: ClassVar[SendStatus] = SendStatus.FAILED


@dataclass(frozen=True, slots=True)
class SendRefused:
    """The provider will never accept it; `detail` is the reason."""

    detail: str
    met: ClassVar[SendStatus] = SendStatus.REFUSED


@dataclass(frozen=True, slots=True)
class SendUnknown:
    """It may have been sent, so it is not sent again; `detail` is the reason."""

    detail: str
    met: ClassVar[SendStatus] = SendStatus.UNKNOWN


SendResult = SendAccepted | SendFailed | SendRefused | SendUnknown


class DeliveryChannel(Protocol):
    """Sends a message at most once; it never raises for a fault of the other side."""

    def __call__(self, message: OutgoingMessage) -> SendResult:
        """Send the message now and return the result."""
