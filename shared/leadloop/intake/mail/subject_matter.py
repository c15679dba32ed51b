"""What a mail's subject speaks of: the one place where its words are asked."""

from functools import cached_property

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.mail.subject_phrases import (
    acknowledgement_pattern,
    business_pattern,
    call_pattern,
    inquiry_pattern,
    known_matter_pattern,
    other_matter_pattern,
    reply_prefix_pattern,
    summary_pattern,
    talk_pattern,
    wish_pattern,
)

LONGEST_SUBJECT = 998  # characters that are looked at


class SubjectMatter:
    """The answers to questions about one subject; each is worked out once.

    `text` is the subject without mail addresses, of which the words are nobody's.
    """

    def __init__(self, subject: str) -> None:
        self._subject = subject[:LONGEST_SUBJECT]

    @cached_property
    def text(self) -> str:
        """The subject without mail addresses."""
        return EMAIL_PATTERN.sub("", self._subject)

    @cached_property
    def is_inquiry(self) -> bool:
        """Whether it asks for something."""
        return inquiry_pattern().search(self.text) is not None

    @cached_property
    def may_wish(self) -> bool:
        """Whether it may speak of a wish, less surely than an inquiry."""
        return any(each.search(self.text) for each in (wish_pattern(), talk_pattern()))

    @cached_property
    def is_call(self) -> bool:
        """Whether it speaks of a call that somebody has missed or written down."""
        return call_pattern().search(self.text) is not None

    @cached_property
    def is_vendor_business(self) -> bool:
        """Whether it confirms something, or is about the vendor's bills and the like."""
        if acknowledgement_pattern().search(self.text):
            return True
        return not self.is_inquiry and business_pattern().search(self.text) is not None

    @cached_property
    def is_other_matter(self) -> bool:
        """Whether it speaks of work, of a code to sign in and the like."""
        patterns = (other_matter_pattern(), known_matter_pattern())
        return any(each.search(self.text) for each in patterns)

    @cached_property
    def is_summary(self) -> bool:
        """Whether it sums up, or goes to many."""
        return summary_pattern().search(self.text) is not None

    @cached_property
    def is_reply(self) -> bool:
        """Whether it begins as an answer does: `Re:`."""
        return reply_prefix_pattern().match(self._subject) is not None
