"""Any JSON: where the leads of a post are, and what is what in each, the source's row says."""

from collections.abc import Iterator, Mapping

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.text import json_paths
from leadloop.intake.webhooks.vendor_lead import JsonObject, VendorLead, vendor_id_text
from leadloop.model.errors import Unreadable

WHOLE_BODY = "@"  # the body itself is the list
MOST_LEADS = 200  # of one post


def leads_in(document: JsonObject, source: PublicWebhook) -> Iterator[VendorLead]:
    """Each lead of the list, or the one that the body is.

    Raises:
        Unreadable: there is no such list, or it is too long.

    """
    marks = (source.key_field, source.test_field, source.deleted_field)
    taken = {*source.fields, *filter(None, marks)}
    for lead in _lead_objects(document, source):
        found = json_paths.follow_paths(lead, source.fields)
        yield VendorLead(
            vendor_id_text(_value_at(lead, source.key_field)),
            found.values,
            test=_is_yes(_value_at(lead, source.test_field)),
            deleted=_is_yes(_value_at(lead, source.deleted_field)),
            doubts=found.misfits,
            ignored=json_paths.ignored_names(lead, taken),
        )


def _lead_objects(document: JsonObject, source: PublicWebhook) -> list[JsonObject]:
    if source.leads is None:
        return [document]
    found = (
        document.get(WHOLE_BODY)
        if source.leads == WHOLE_BODY
        else _value_at(document, source.leads)
    )
    if not isinstance(found, list):
        raise Unreadable(f"there is no list of leads at {source.leads}")
    if len(found) > MOST_LEADS:
        raise Unreadable(f"{len(found)} leads in one post; send at most {MOST_LEADS}")
    return [each if isinstance(each, Mapping) else {} for each in found]


def _value_at(lead: JsonObject, path: str | None) -> object:
    try:
        return None if path is None else json_paths.value_at_path(lead, path)
    except json_paths.Misfit as misfit:
        raise Unreadable(f"{path}: does not fit what was sent") from misfit


def _is_yes(value: object) -> bool:
    """True, 1, "true", "yes": as vendors say it. A path may compare: `status == 'deleted'`."""
    if isinstance(value, str):
        return value.strip().casefold() not in ("", "false", "no", "0", "none", "null")
    return bool(value)
