"""What is looked at in a mail to tell its nature, and what it turns out to be."""

import re
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from typing import Literal, NamedTuple

from leadloop.intake.mail.headers import read_header, read_parameter

Nature = Literal["lead", "bounce", "complaint", "auto_reply", "reply"]

LONGEST_SENDER_LINE = 1_000  # characters
PLAIN_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}[A-Za-z0-9]"
ADDRESS = re.compile(rf"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~@-]){PLAIN_ADDRESS}")


class MailClassification(NamedTuple):
    """What sort of mail it is. All but `lead` belong to something that was sent before.

    `recipients` had the mail that came back; of an automatic answer, they sent it. `lasting`: a
    bounce would come back again tomorrow; a complaint comes from a person, and not from a server
    that reports a forged mail. `signs` are the names of the signs that made it an informal bounce.
    """

    nature: Nature
    recipients: tuple[str, ...] = ()
    lasting: bool = False
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class MailEvidence:
    """`types` are those of all parts, `text` the words of its own parts, `raw` all its lines."""

    message: Message
    types: frozenset[str]
    subject: str
    text: str
    raw: str

    def header(self, name: str) -> str:
        """The first header line of this name, decoded; empty if there is none."""
        return read_header(self.message, name)

    @cached_property
    def report_type(self) -> str:
        """The parameter of `Content-Type` (RFC 6522), in small letters; empty if there is none."""
        return read_parameter(self.message, "report-type")

    @cached_property
    def return_path(self) -> str:
        """In small letters; `<>` of a mail that wants no report (RFC 5321, 4.5.5)."""
        return self.header("Return-Path").lower()

    @cached_property
    def sender_line(self) -> str:
        """The header line `From`, as it was sent."""
        items = self.message.raw_items()
        line = next((str(value) for name, value in items if name.lower() == "from"), "")
        return line[:LONGEST_SENDER_LINE]

    @cached_property
    def answers_a_mail(self) -> bool:
        """Whether its header names a mail that it answers (RFC 5322, 3.6.4)."""
        return bool(self.header("In-Reply-To") or self.header("References"))
