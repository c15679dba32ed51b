"""A mail together with the source it came to: what several readers ask of both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from leadloop.intake.fields.mapping import qualified_name
from leadloop.intake.formats.answer_rows import arrange_answers
from leadloop.intake.formats.label_signs import read_label_signs
from leadloop.intake.formats.labelled_values import SourceLabels, build_source_labels
from leadloop.intake.formats.vendor_lines import VendorLines
from leadloop.intake.mail.address_kinds import domain_of, is_same_organisation, vendor_names
from leadloop.intake.mail.chat_transcripts import find_chat
from leadloop.intake.mail.forwarded import split_forward
from leadloop.intake.mail.message import MailMessage
from leadloop.intake.mail.relay_addresses import is_conversation_address, is_relay_address
from leadloop.intake.mail.sayings import LONGEST_LINE, find_saying, saying_pattern
from leadloop.intake.mail.subject_matter import SubjectMatter
from leadloop.intake.mail_templates import MailTemplate, is_within_domain, template_matches
from leadloop.intake.policy import MailSource
from leadloop.intake.text.html_text import text_of_html
from leadloop.intake.text.styled_lines import StyledLine, styled_lines_of_html
from leadloop.intake.text.text_marks import CELL_SEPARATOR


@dataclass(frozen=True)
class OpenedMail:
    """A mail at its source. What costs time is worked out once, on first need."""

    mail: MailMessage
    source: MailSource

    @cached_property
    def markup_text(self) -> str:
        """The text of the HTML part."""
        return text_of_html(self.mail.markup)

    @cached_property
    def vendor(self) -> VendorLines:
        """The lines of who sends the mail, by the names of its house."""
        return VendorLines(vendor_names(self.sender_domain, self.mail.sender_name or ""))

    @cached_property
    def arranged_plain(self) -> str:
        """The plain text, with questions and their answers as rows."""
        plain = self.mail.plain.replace(CELL_SEPARATOR, " ")  # only a table makes cells
        text = plain.replace("\r\n", "\n").replace("\r", "\n")
        return self.arrange(text)

    @cached_property
    def arranged_markup(self) -> str:
        """The text of the HTML part, with questions and their answers as rows."""
        if self._has_own_order(self.markup_text):
            return self.markup_text
        lines = styled_lines_of_html(self.mail.markup)
        texts = read_label_signs([line.text for line in lines])
        lines = tuple(
            line if line.text == text else StyledLine(text)
            for line, text in zip(lines, texts, strict=True)
        )
        return arrange_answers(lines, self.vendor, self._sayings([line.text for line in lines]))

    def arrange(self, text: str) -> str:
        """A plain text with its questions as rows; a chat or a passed-on mail as it is."""
        if self._has_own_order(text):
            return text
        lines = "\n".join(read_label_signs(text.split("\n"))).split("\n")
        styled = [StyledLine(line) for line in lines]
        return arrange_answers(styled, self.vendor, self._sayings(lines))

    def _has_own_order(self, text: str) -> bool:
        """Whether a chat or an older mail stands in a text: its lines are no questions."""
        if split_forward(text, self.mail.subject) is not None:
            return True
        return find_chat(text, self.mail.subject, self.vendor) is not None

    @cached_property
    def _quotes_sender(self) -> bool:
        """Whether a portal's mail quotes whom it names as its sender: nobody quotes themselves."""
        mail = self.mail
        is_from_portal = domain_of(mail.sender or "").count(".") > 1 and not mail.bulk
        texts = (mail.plain, self.markup_text)
        return is_from_portal and any(find_saying(text, (mail.sender_name,)) for text in texts)

    def _sayings(self, lines: Sequence[str]) -> Collection[int]:
        """The lines that say who speaks, where a portal writes in a person's name."""
        addresses = (self.mail.sender or "", self.mail.reply_to or "")
        if not any(address and self.is_relay(address) for address in addresses):
            return ()
        return [n for n, line in enumerate(lines) if saying_pattern().match(line[:LONGEST_LINE])]

    @cached_property
    def matter(self) -> SubjectMatter:
        """What the subject speaks of."""
        return SubjectMatter(self.mail.subject)

    @cached_property
    def has_text(self) -> bool:
        """Whether there are words for people, plain or as HTML."""
        return bool(self.mail.plain.strip() or self.markup_text.strip())

    @property
    def sender_domain(self) -> str:
        """The domain of `From`; empty where there is none."""
        return domain_of(self.mail.sender or "")

    @cached_property
    def templates(self) -> tuple[MailTemplate, ...]:
        """The source's templates that speak of this mail."""
        subject = self.mail.subject
        templates = self.source.templates
        return tuple(t for t in templates if template_matches(t, self.sender_domain, subject))

    @cached_property
    def source_labels(self) -> SourceLabels:
        """The labels of the source and of its templates."""
        selectors = [find for template in self.templates for find in template.find]
        mapped = {**self.source.fields, **self.source.labels}
        labels = {
            **{label: qualified_name(name) for label, name in mapped.items()},
            **{find.label: qualified_name(find.field) for find in selectors if find.label},
        }
        return build_source_labels(
            labels,
            {find.row: qualified_name(find.field) for find in selectors if find.row},
            [label for template in self.templates for label in template.others],
            tuple(start for template in self.templates for start in template.ends_message),
        )

    def without_sender(self) -> Self:
        """The same mail without `From` and `Reply-To`: they are of who passed it on."""
        return replace(self, mail=self.mail._replace(reply_to=None, sender=None))

    def is_from_organisation_of(self, address: str) -> bool:
        """Whether the sender and this address share a registered domain."""
        return is_same_organisation(self.sender_domain, domain_of(address))

    def is_relay(self, address: str) -> bool:
        """Whether the address reaches somebody through a portal, and names nobody."""
        domain = domain_of(address)
        if is_relay_address(address):
            return True
        if any(is_within_domain(domain, relay) for relay in self.source.relays):
            return True
        if address == self.mail.sender and self._quotes_sender:
            return True
        return is_conversation_address(address) and is_same_organisation(domain, self.sender_domain)
