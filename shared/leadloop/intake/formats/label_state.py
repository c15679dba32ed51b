"""What the lines of a labelled text that were read so far mean for the next one."""

from enum import Enum, auto
from typing import NamedTuple


class Section(Enum):
    """How far the text has come."""

    DETAILS = auto()  # labels and their values
    MESSAGE = auto()  # the person's own words
    AFTER_MESSAGE = auto()  # what follows may still be the person's own words


class Party(Enum):
    """Who is spoken of: the person who asks, or an agent, a dealer, the sender of the mail."""

    PERSON = auto()
    OTHER = auto()


class WaitingLabel(NamedTuple):
    """A label whose value stands in the next line; `name` is a full name."""

    name: str
    label: str


class LabelState(NamedTuple):
    """The state of a reader between two lines."""

    section: Section = Section.DETAILS
    part: Party = Party.PERSON  # whose part of the mail this is; headings begin one
    block: Party = Party.PERSON  # who is spoken of until a blank line, or until a name comes
    waiting_label: WaitingLabel | None = None
    last_field: str | None = None  # the one that got the last value
    row_of_other: bool = False  # a row of the table has spoken of another party
    after_blank: bool = True
    has_text: bool = False
    has_values: bool = False
    line_number: int = 0

    def without_open_value(self) -> "LabelState":
        """The message ends, and no label waits for its value any more."""
        is_open = self.section is Section.MESSAGE
        section = Section.AFTER_MESSAGE if is_open else self.section
        return self._replace(section=section, waiting_label=None)
