"""Meta Lead Ads: a post names leads; each one's details are with the Graph API.

One post may carry many, of several pages. A lead of Meta's own testing tool says so in its values.
"""

from collections.abc import Iterator

from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    inner_object,
    list_objects,
    odd_shape_reason,
    vendor_id_text,
)

TEST_PREFIX = "<test lead:"  # how its values begin
TEST_LEAD_ID = "444444444444"  # the id that the app's own “Test” button sends
CAMPAIGN_FIELDS = (
    "ad_id",
    "adgroup_id",
    "ad_name",
    "campaign_id",
    "form_id",
    "page_id",
    "platform",
)


def leads_in(document: JsonObject) -> Iterator[VendorLead]:
    """Each new lead; posts about anything else tell of none."""
    for entry in list_objects(document, "entry"):
        for change in list_objects(entry, "changes"):
            if change.get("field") == "leadgen":
                yield _read_lead(inner_object(change, "value"))


def read_fetched_lead(document: JsonObject) -> VendorLead:
    """What the Graph API says of one lead."""
    return _read_lead({"field_data": None, **document, "leadgen_id": document.get("id")})


def _read_lead(value: JsonObject) -> VendorLead:
    id_ = vendor_id_text(value.get("leadgen_id"))
    facts = {name: found for name in CAMPAIGN_FIELDS if (found := vendor_id_text(value.get(name)))}
    if "field_data" not in value:
        missing = () if id_ else (odd_shape_reason("leadgen_id"),)
        return VendorLead(id_, None if id_ else facts, test=id_ == TEST_LEAD_ID, doubts=missing)
    values: dict[str, object] = dict(facts)
    for answer in list_objects(value, "field_data"):
        values.setdefault(str(answer.get("name")), _join_values(answer.get("values")))
    for box in list_objects(value, "custom_disclaimer_responses"):
        values.setdefault(str(box.get("checkbox_key")), str(box.get("is_checked") or ""))
    doubts = () if isinstance(value["field_data"], list) else (odd_shape_reason("field_data"),)
    test = any(isinstance(said, str) and said.startswith(TEST_PREFIX) for said in values.values())
    return VendorLead(id_, values, test=test or id_ == TEST_LEAD_ID, doubts=doubts)


def _join_values(values: object) -> str | None:
    """Several are ticks of one question."""
    given = values if isinstance(values, list) else [values]
    return ", ".join(str(each) for each in given if isinstance(each, str | int)) or None
