"""The registry of channels, by the word a delivery names them with."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from leadloop.channels import email
from leadloop.channels.letter import DeliveryChannel

if TYPE_CHECKING:
    from types_boto3_ses import SESClient


def build_channels(*, ses: "SESClient") -> Mapping[str, DeliveryChannel]:
    """Every channel, wired to what it speaks through."""
    return {"email": partial(email.send_email, ses)}
