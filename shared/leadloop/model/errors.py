"""The caller's fault, as a tree; `edge/problems.py` maps it to HTTP, once.

    LeadloopError
    ├── Unreadable          the body is no submission of this source
    │   ├── TooLarge
    │   └── FieldsInvalid   names each field and what to mend
    ├── NotFound
    │   └── NotYet          what time brings: the message says when
    ├── Conflict
    │   ├── IllegalMove
    │   └── KeyReused       same idempotency key, another body
    ├── Stale               the version named is not the one stored
    ├── VersionUnnamed      a change that must say which version it is for
    ├── Forbidden
    ├── PlaybookInvalid     names file, line and field
    └── Busy                lost every round; nothing was written, try again

A business no is not here: it is a value (an outcome with its reasons), stored and counted.
"""

from leadloop.model.base import Reason


class LeadloopError(Exception):
    """Root of what a caller can mend; the message says what was tried and what to mend."""


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
    """Nothing here has this id, or the caller may not know of it: the two look the same."""


class NotYet(NotFound):
    """Nobody's secret: it is made by the clock, and is not there yet or no more."""


class Conflict(LeadloopError):
    """What was asked does not fit what is stored."""


class IllegalMove(Conflict):
    """The stage allows no such move."""

    def __init__(self, *, how: str, stage: str) -> None:
        super().__init__(f"cannot {how} a lead that is {stage}")
        self.how, self.stage = how, stage


class KeyReused(Conflict):
    """The idempotency key was used before, with another body."""


class Stale(LeadloopError):
    """Somebody else changed it since it was read; read it again."""


class VersionUnnamed(LeadloopError):
    """A change that could undo somebody else's must name the version it was made from."""


class Forbidden(LeadloopError):
    """The caller is known but may not do this."""


class PlaybookInvalid(LeadloopError):
    """The playbook was refused; the last good one stays. One line per fault."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Busy(LeadloopError):
    """Every round was lost to others; nothing was written."""
