"""A person as one document names them."""

from collections.abc import Mapping
from typing import NamedTuple

from leadloop.intake.fields.mapping import SubmissionParts
from leadloop.model.base import Reason


class Prospect(NamedTuple):
    """A person as understood; with doubts it is for somebody to look at.

    `by` tells what gave each field, by our full names.
    """

    parts: SubmissionParts
    parser: str
    doubts: tuple[Reason, ...] = ()
    by: Mapping[str, str] = {}
