"""Google Ads lead forms: a post holds one whole lead, its key in the body, and marks tests.

Source: developers.google.com/google-ads/webhook/docs/implementation.
"""

from collections.abc import Iterator

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.webhook_signatures import BodyKey
from leadloop.intake.webhooks.vendor import Vendor
from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    list_objects,
    odd_shape_reason,
    vendor_id_text,
)

CAMPAIGN_FIELDS = ("campaign_id", "adgroup_id", "creative_id", "form_id", "asset_group_id")


def read_leads(document: JsonObject, _source: PublicWebhook) -> Iterator[VendorLead]:
    """The one lead of a post. A question is named by its `column_id`, else by its name."""
    values: dict[str, object] = {
        name: text for name in CAMPAIGN_FIELDS if (text := vendor_id_text(document.get(name)))
    }
    for column in list_objects(document, "user_column_data"):
        name = column.get("column_id") or column.get("column_name")
        if isinstance(name, str):
            values.setdefault(name, column.get("string_value"))
    click_id = vendor_id_text(document.get("gcl_id"))
    is_well_formed = isinstance(document.get("user_column_data"), list)
    yield VendorLead(
        vendor_id_text(document.get("lead_id")),
        values,
        hints={"gclid": click_id} if click_id else {},
        test=document.get("is_test") is True or document.get("is_test") == "true",
        doubts=() if is_well_formed else (odd_shape_reason("user_column_data"),),
    )


VENDOR = Vendor(BodyKey(by="body", name="google_key"), read_leads)
