"""What becomes of submissions. A field with a default is not stored while it has that value."""

from typing import NamedTuple


class SubmissionRejected(NamedTuple):
    """A submission was refused for good; `reason` is the first code."""

    source: str
    reason: str
    mended: str = ""


class SubmissionQuarantined(NamedTuple):
    """A submission waits for a person to look at it; `reason` is the first code."""

    source: str
    reason: str
    mended: str = ""


class SubmissionMerged(NamedTuple):
    """A known person has asked again; the submission is one more touch of the lead."""

    submission: str
    source: str
    campaign: str | None = None
    purposes: str | None = None


class SubmissionReleased(NamedTuple):
    """A person has released the submission from quarantine."""

    submission: str
    mended: str = ""


class SubmissionRepeated(NamedTuple):
    """An id that was decided before came again, with other bytes."""

    source: str
    sha256: str


class SubmissionReadAnew(NamedTuple):
    """A later reader has read more from the same bytes, and the lead has gained it."""

    submission: str
    parser: str | None = None


class HistoryKept(NamedTuple):
    """A note of another system was put on the timeline, at its own time."""

    source: str


class ErasureAsked(NamedTuple):
    """The vendor asks to forget a submission that is part of the lead."""

    source: str
    submission: str
