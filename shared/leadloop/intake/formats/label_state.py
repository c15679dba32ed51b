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
    """A label whose value stands below; `name` is a full name, None for no field of ours."""

    name: str | None
    label: str


class LabelState(NamedTuple):
    """The state of a reader between two lines."""

    section: Section = Section.DETAILS
    part: Party = Party.PERSON  # whose part of the mail this is; headings begin one
    block: Party = Party.PERSON  # who is spoken of until a blank line, or until a name comes
    waiting_label: WaitingLabel | None = None
    last_field: str | None = None  # the one that got the last value
    last_answer: str | None = None  # the unknown label that got the last value
    row_of_other: bool = False  # a row of the table has spoken of another party
    after_blank: bool = True
    before_blank: bool = True
    labels_together: int = 0  # how often a label stands directly below another and its value
    labels_apart: int = 0  # how often a blank line stands between
    has_label: bool = False
    has_blank_since_label: bool = False
    has_values_below: bool = False  # a value has stood in the line below its label
    has_inline_message: bool = False  # the message has begun beside its label, one line above
    is_below_signature: bool = False  # a good-bye has begun another party's part
    is_below_vendor: bool = False  # the vendor has spoken below the message: the rest is its own
    in_label_paragraph: bool = False  # all lines of this paragraph are labels
    has_text: bool = False
    has_values: bool = False
    line_number: int = 0

    @property
    def is_spaced(self) -> bool:
        """Whether blank lines stand between the labels of this text, as far as it was read."""
        return self.labels_together == 0 or self.labels_together < self.labels_apart

    @property
    def is_alone(self) -> bool:
        """Whether the line is a paragraph of its own."""
        return self.after_blank and self.before_blank

    def with_line(self, *, is_blank: bool, is_label: bool) -> "LabelState":
        """The state that has counted how a line stands to the label above it."""
        if self.section is not Section.DETAILS:
            return self
        if is_blank:
            return self._replace(has_blank_since_label=True)
        if not is_label:
            return self
        is_apart = self.has_label and self.has_blank_since_label
        is_together = self.has_label and not self.has_blank_since_label
        return self._replace(
            labels_apart=self.labels_apart + is_apart,
            labels_together=self.labels_together + is_together,
            has_label=True,
            has_blank_since_label=False,
        )

    def without_open_value(self) -> "LabelState":
        """The message ends, and no label waits for its value any more."""
        is_open = self.section is Section.MESSAGE
        section = Section.AFTER_MESSAGE if is_open else self.section
        return self._replace(section=section, waiting_label=None, last_answer=None)
