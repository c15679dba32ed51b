"""Google's lead form: the whole lead in one post, its key in the body, tests marked."""

from collections.abc import Iterator

from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    list_objects,
    odd_shape_reason,
    vendor_id_text,
)

CAMPAIGN_FIELDS = ("campaign_id", "adgroup_id", "creative_id", "form_id", "asset_group_id")


def leads_in(document: JsonObject) -> Iterator[VendorLead]:
    """One lead. A question goes by its `column_id`, and where there is none by its name."""
    values: dict[str, object] = {
        name: found for name in CAMPAIGN_FIELDS if (found := vendor_id_text(document.get(name)))
    }
    for column in list_objects(document, "user_column_data"):
        name = column.get("column_id") or column.get("column_name")
        if isinstance(name, str):
            values.setdefault(name, column.get("string_value"))
    click = vendor_id_text(document.get("gcl_id"))
    well = isinstance(document.get("user_column_data"), list)
    yield VendorLead(
        vendor_id_text(document.get("lead_id")),
        values,
        hints={"gclid": click} if click else {},
        test=document.get("is_test") is True or document.get("is_test") == "true",
        doubts=() if well else (odd_shape_reason("user_column_data"),),
    )
