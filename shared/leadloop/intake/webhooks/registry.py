"""The webhook vendors by the `format` of their sources.

To add a vendor, write `vendors/<vendor>.py`, list it here, and add its name to `WebhookFormat`.
If leads must be fetched from the vendor's API, add `providers/<vendor>.py` too.
"""

from collections.abc import Mapping

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.webhook_signatures import WebhookProof
from leadloop.intake.webhooks.vendor import Vendor
from leadloop.intake.webhooks.vendors import google, json_by_mapping, linkedin, meta, typeform

VENDORS: Mapping[str, Vendor] = {
    "meta": meta.VENDOR,
    "google": google.VENDOR,
    "linkedin": linkedin.VENDOR,
    "typeform": typeform.VENDOR,
    "json": json_by_mapping.VENDOR,
}


def vendor_of(source: PublicWebhook) -> Vendor:
    """The row of the vendor that posts to this source."""
    return VENDORS[source.format]


def proof_of(source: PublicWebhook) -> WebhookProof:
    """How posts to this source prove their sender: the source's own `proof`, else the vendor's."""
    return source.proof or vendor_of(source).signature
