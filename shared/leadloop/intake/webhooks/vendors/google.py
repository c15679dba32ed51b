"""Google Ads lead forms: a post holds one whole lead, its key in the body, and marks tests.

Connectors pass on the same lead in the shape of the Google Ads API. There its parts have other
names, in one casing or another.

Source: developers.google.com/google-ads/webhook/docs/implementation; Google Ads API,
LeadFormSubmissionData.
"""

import re
from collections.abc import Iterator

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.text.json_paths import LONGEST_REPORTED, MOST_REPORTED
from leadloop.intake.webhook_signatures import BodyKey
from leadloop.intake.webhooks.vendor import Vendor
from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    first_value,
    join_scalars,
    list_objects,
    name_values,
    odd_shape_reason,
    vendor_id_text,
)

CAMPAIGN_NAMES = {  # the webhook's name → the API's
    "campaign_id": ("campaign_id", "campaign"),
    "adgroup_id": ("adgroup_id", "ad_group_id", "ad_group"),
    "creative_id": ("creative_id", "ad_group_ad"),
    "form_id": ("form_id", "lead_form_id", "asset"),
    "asset_group_id": ("asset_group_id",),
}
ID_NAMES = ("lead_id", "lead_form_submit_id", "lead_form_submission_id", "submission_id", "id")
CLICK_ID_NAMES = ("gcl_id", "google_click_id", "gclid")
STANDARD_LISTS = ("user_column_data", "lead_form_submission_fields")
CUSTOM_LISTS = ("custom_key_value_data", "custom_lead_form_submission_fields", "custom_questions")
QUESTION_NAMES = ("column_id", "field_type", "key", "column_name", "question_text", "name")
ANSWER_NAMES = ("string_value", "field_value", "value", "string_values")
TECHNICAL_NAMES = frozenset({"google_key", "is_test", "api_version"})
TAKEN_NAMES = frozenset(
    {*TECHNICAL_NAMES, *ID_NAMES, *CLICK_ID_NAMES, *STANDARD_LISTS, *CUSTOM_LISTS}
    | {name for names in CAMPAIGN_NAMES.values() for name in names}
)
CAMEL_JOINT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def read_leads(document: JsonObject, _source: PublicWebhook) -> Iterator[VendorLead]:
    """The one lead of a post. A question is named by its id, and by its wording."""
    post = _snake_names(document)
    campaign = {
        name: text
        for name, names in CAMPAIGN_NAMES.items()
        if (text := vendor_id_text(first_value(post, names)))
    }
    lists = [name for name in (*STANDARD_LISTS, *CUSTOM_LISTS) if isinstance(post.get(name), list)]
    questions = [_snake_names(each) for name in lists for each in list_objects(post, name)]
    values, others = name_values(
        ([question.get(name) for name in QUESTION_NAMES], _answer(question))
        for question in questions
    )
    click_id = vendor_id_text(first_value(post, CLICK_ID_NAMES))
    is_well_formed = any(name in lists for name in STANDARD_LISTS)
    ignored = sorted(name[:LONGEST_REPORTED] for name in post.keys() - TAKEN_NAMES)
    yield VendorLead(
        vendor_id_text(first_value(post, ID_NAMES)),
        {**campaign, **values},
        hints={"gclid": click_id} if click_id else {},
        test=post.get("is_test") is True or post.get("is_test") == "true",
        doubts=() if is_well_formed else (odd_shape_reason("user_column_data"),),
        ignored=tuple(ignored[:MOST_REPORTED]),
        other_names=others,
    )


def _snake_names(document: JsonObject) -> dict[str, object]:
    """The object with `leadFormSubmitId` as `lead_form_submit_id`; the first of two counts."""
    result: dict[str, object] = {}
    for name, value in document.items():
        result.setdefault(CAMEL_JOINT.sub("_", name).lower(), value)
    return result


def _answer(question: JsonObject) -> object:
    return join_scalars(first_value(question, ANSWER_NAMES))


VENDOR = Vendor(BodyKey(by="body", name="google_key"), read_leads)
