"""Meta Lead Ads: a post names leads; the Graph API has their details.

One post may name many leads, of several pages. A lead of Meta's testing tool is marked in its
values.

Source: developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving.
"""

import hmac
import re
from collections.abc import Iterator, Mapping

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.webhook_signatures import Signature
from leadloop.intake.webhooks.vendor import HandshakeAnswer, KeyLookup, Vendor
from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    inner_object,
    join_scalars,
    list_objects,
    name_values,
    odd_shape_reason,
    vendor_id_text,
)
from leadloop.model.errors import Forbidden, Unreadable

TEST_PREFIX = "<test lead:"  # how the values of a test lead begin
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
CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)


def read_leads(document: JsonObject, _source: PublicWebhook) -> Iterator[VendorLead]:
    """Each new lead of a post; a change of another kind holds none."""
    for entry in list_objects(document, "entry"):
        for change in list_objects(entry, "changes"):
            if change.get("field") == "leadgen":
                yield _read_lead(inner_object(change, "value"))


def read_fetched_lead(document: JsonObject) -> VendorLead:
    """One lead as the Graph API answers it."""
    return _read_lead({"field_data": None, **document, "leadgen_id": document.get("id")})


def answer_handshake(
    query: Mapping[str, str], source: PublicWebhook, keys: KeyLookup
) -> HandshakeAnswer:
    """The challenge, sent back to a caller that knows the source's verify token.

    Raises:
        Unreadable: the query asks for no subscription. Forbidden: the token is wrong.

    """
    challenge = query.get("hub.challenge", "")
    if query.get("hub.mode") != "subscribe" or not CHALLENGE.fullmatch(challenge):
        raise Unreadable("Ask with hub.mode, hub.verify_token and hub.challenge.")
    token = query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    tokens = keys(source.handshake) if source.handshake else ()
    matches = [hmac.compare_digest(token, key.encode()) for key in tokens]  # all, always
    if not any(matches):
        raise Forbidden(f"This is not the verify token of “{source.id}”.")
    return HandshakeAnswer("text/plain", challenge, {"X-Content-Type-Options": "nosniff"})


def _read_lead(value: JsonObject) -> VendorLead:
    id_ = vendor_id_text(value.get("leadgen_id"))
    campaign = {name: text for name in CAMPAIGN_FIELDS if (text := vendor_id_text(value.get(name)))}
    if "field_data" not in value:
        missing = () if id_ else (odd_shape_reason("leadgen_id"),)
        return VendorLead(id_, None if id_ else campaign, test=id_ == TEST_LEAD_ID, doubts=missing)
    answers: list[tuple[list[object], object]] = [([name], text) for name, text in campaign.items()]
    answers += (
        ([answer.get("name")], _join_values(answer.get("values")))
        for answer in list_objects(value, "field_data")
    )
    answers += (
        ([checkbox.get("checkbox_key")], str(checkbox.get("is_checked") or ""))
        for checkbox in list_objects(value, "custom_disclaimer_responses")
    )
    values, others = name_values(answers)
    doubts = () if isinstance(value["field_data"], list) else (odd_shape_reason("field_data"),)
    test = any(isinstance(text, str) and text.startswith(TEST_PREFIX) for text in values.values())
    is_test = test or id_ == TEST_LEAD_ID
    return VendorLead(id_, values, test=is_test, doubts=doubts, other_names=others)


def _join_values(values: object) -> object:
    """The answer as text. Several values are the ticks of one question."""
    return join_scalars(values if isinstance(values, list) else [values])


VENDOR = Vendor(
    Signature(by="signature", header="x-hub-signature-256", prefix="sha256="),
    read_leads,
    read_fetched_lead,
    answer_handshake,
)
