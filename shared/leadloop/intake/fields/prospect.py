"""A person as one document names them."""

from collections.abc import Mapping
from typing import NamedTuple

from leadloop.intake.fields.mapping import SubmissionParts
from leadloop.model.base import Reason


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
