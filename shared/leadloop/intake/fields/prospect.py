"""A person as one document names them."""

from collections.abc import Mapping
from typing import NamedTuple

from leadloop.intake.fields.mapping import SubmissionParts
from leadloop.model.base import Reason

VENDOR_ID_FIELD, STATUS_FIELD = "vendor_lead_id", "prospect_status"  # own fields


def is_resend(fields: Mapping[str, str]) -> bool:
    """Whether a vendor says in these own fields that it sends the lead again.

    Source: ADF 1.0, attribute `status` of a prospect.
    """
    return fields.get(STATUS_FIELD) == "resend"


def is_resend_of(fields: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Whether a vendor sends again, under the same id, what `known` are the own fields of."""
    return is_resend(fields) and fields.get(VENDOR_ID_FIELD) == known.get(VENDOR_ID_FIELD)


class Prospect(NamedTuple):
    """A person as understood by a parser; with doubts a colleague looks at it.

    `by` names what gave each field, by full names such as `contact.email`. `ignored` are the names
    of what no field took.
    """

    parts: SubmissionParts
    parser: str
    doubts: tuple[Reason, ...] = ()
    by: Mapping[str, str] = {}
    ignored: tuple[str, ...] = ()
