"""All errors of a caller, as a tree; `edge/problems.py` maps them to HTTP.

    LeadloopError
    ├── Unreadable          the body is no submission of this source
    │   ├── TooLarge
    │   └── FieldsInvalid   names each field and what to correct
    ├── NotFound
    │   └── NotYet          the clock makes it: the message says when
    ├── Conflict
    │   ├── IllegalMove
    │   └── KeyReused       same idempotency key, another body
    ├── Stale               the version named is not the one stored
    ├── VersionUnnamed      a change that must say which version it is for
    ├── Forbidden
    ├── PlaybookInvalid     names file, line and field
    └── Busy                others were faster in every round; nothing was written, try again

A business "no" is no error. It is a value (an outcome with its reasons), stored and counted.
"""

from leadloop.model.base import Reason


class LeadloopError(Exception):
    """Root of what a caller can correct; the message says what was tried and what is wrong."""


class Unreadable(LeadloopError):
    """The body cannot be read as a submission of this source; nothing is written."""


class TooLarge(Unreadable):
    """The body is larger than this door takes."""


class FieldsInvalid(Unreadable):
    """Some fields are missing or of the wrong form; `reasons` has one entry each."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("; ".join(reason.text for reason in reasons))
        self.reasons = reasons


class NotFound(LeadloopError):
    """Nothing has this id, or the caller may not know of it: both look the same."""


class NotYet(NotFound):
    """It is made by the clock, and is not there yet or no more. The caller may know that."""


class Conflict(LeadloopError):
    """The request does not fit what is stored."""


class IllegalMove(Conflict):
    """The lead's stage allows no such move."""

    def __init__(self, *, how: str, stage: str) -> None:
        super().__init__(f"cannot {how} a lead that is {stage}")
        self.how, self.stage = how, stage


class KeyReused(Conflict):
    """The idempotency key was used before, with another body."""


class Stale(LeadloopError):
    """Another has changed it since the caller read it; read it again."""


class VersionUnnamed(LeadloopError):
    """A change that could undo another's must name the version it was made from."""


class Forbidden(LeadloopError):
    """The caller is known but may not do this."""


class PlaybookInvalid(LeadloopError):
    """The playbook is refused and the last good one stays; `faults` has one line per fault."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Busy(LeadloopError):
    """Others were faster in every round; nothing was written."""
