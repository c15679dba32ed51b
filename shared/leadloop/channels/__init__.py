"""The channels by which deliveries are sent, by the name that a delivery uses for them."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from leadloop.channels import email
from leadloop.channels.outgoing_message import DeliveryChannel

if TYPE_CHECKING:
    from types_boto3_ses import SESClient


def build_channels(*, ses: "SESClient") -> Mapping[str, DeliveryChannel]:
    """All channels, each bound to the client that it sends with."""
    return {"email": partial(email.send_email, ses)}
