"""JSON of any vendor: the source's row says by paths where the leads are and what is in each."""

from collections.abc import Iterator, Mapping

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.text import json_paths
from leadloop.intake.webhook_signatures import STANDARD_SIGNATURE
from leadloop.intake.webhooks.vendor import Vendor
from leadloop.intake.webhooks.vendor_lead import JsonObject, VendorLead, vendor_id_text
from leadloop.model.errors import Unreadable

WHOLE_BODY = "@"  # as `leads` of a source: the body itself is the list
MOST_LEADS = 200  # leads of one post


def read_leads(document: JsonObject, source: PublicWebhook) -> Iterator[VendorLead]:
    """Each lead of the list that the source names, or the body as the only lead.

    Raises:
        Unreadable: there is no such list, it has more than `MOST_LEADS`, or a path does not fit.

    """
    mark_fields = (source.key_field, source.test_field, source.deleted_field)
    mapped_names = {*source.fields, *filter(None, mark_fields)}
    for lead in _lead_objects(document, source):
        result = json_paths.follow_paths(lead, source.fields)
        yield VendorLead(
            vendor_id_text(_value_at(lead, source.key_field)),
            result.values,
            test=_is_yes(_value_at(lead, source.test_field)),
            deleted=_is_yes(_value_at(lead, source.deleted_field)),
            doubts=result.misfits,
            ignored=json_paths.ignored_names(lead, mapped_names),
        )


def _lead_objects(document: JsonObject, source: PublicWebhook) -> list[JsonObject]:
    if source.leads is None:
        return [document]
    items = (
        document.get(WHOLE_BODY)
        if source.leads == WHOLE_BODY
        else _value_at(document, source.leads)
    )
    if not isinstance(items, list):
        raise Unreadable(f"there is no list of leads at {source.leads}")
    if len(items) > MOST_LEADS:
        raise Unreadable(f"{len(items)} leads in one post; send at most {MOST_LEADS}")
    return [item if isinstance(item, Mapping) else {} for item in items]


def _value_at(lead: JsonObject, path: str | None) -> object:
    try:
        return None if path is None else json_paths.value_at_path(lead, path)
    except json_paths.Misfit as misfit:
        raise Unreadable(f"{path}: does not fit what was sent") from misfit


def _is_yes(value: object) -> bool:
    """Whether a mark is set: True, 1, "true", "yes". A path may compare: `status == 'deleted'`."""
    if isinstance(value, str):
        return value.strip().casefold() not in ("", "false", "no", "0", "none", "null")
    return bool(value)


VENDOR = Vendor(STANDARD_SIGNATURE, read_leads, is_lead_form=False)
