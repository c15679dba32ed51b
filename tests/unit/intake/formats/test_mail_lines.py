import pytest

from leadloop.intake.formats.label_state import LabelState, Section, WaitingLabel
from leadloop.intake.formats.labelled_text import ACTIONS
from leadloop.intake.formats.mail_lines import (
    LineKind,
    LineLabels,
    MailLine,
    classify_line,
    numbered_lines,
)

LABELS = LineLabels({}, {}, ("More about us",))
BELOW_VALUES = LabelState(has_text=True, has_values=True)
ONLY_BEFORE_THE_MESSAGE = {
    LineKind.PERSON_HEADING,
    LineKind.OTHER_PARTY_HEADING,
    LineKind.GOODBYE,
}


def kind(line: str, state: LabelState = BELOW_VALUES) -> LineKind:
    return classify_line(line, state, LABELS).kind


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  \t", LineKind.BLANK),
        ("Name:\x1fAda Byron", LineKind.ROW),
        ("Sales rep\x1fRob", LineKind.UNKNOWN_ROW),
        ("Name\x1fEmail", LineKind.HEADER_ROW),
        ("Powered by a portal", LineKind.FOOTER),
        ("More about us: …", LineKind.FOOTER),
        ("Customer information", LineKind.PERSON_HEADING),
        ("Your dealer:", LineKind.OTHER_PARTY_HEADING),
        ("Best regards,", LineKind.GOODBYE),
        ("Thanks", LineKind.GOODBYE),
        ("Phone: 202-555-0146", LineKind.CONTACT_LABEL),
        ("Budget: 5000", LineKind.LABEL),
        ("Colour: red", LineKind.UNKNOWN_LABEL),
        ("E-Mail", LineKind.BARE_CONTACT_LABEL),
        ("Budget", LineKind.BARE_LABEL),
        ("Ada wrote to us", LineKind.TEXT),
    ],
)
def test_a_line_before_the_message_has_one_kind(line: str, expected: LineKind) -> None:
    assert kind(line) is expected


@pytest.mark.parametrize("line", ["Customer information", "Best regards,"])
@pytest.mark.parametrize("section", [Section.MESSAGE, Section.AFTER_MESSAGE])
def test_once_the_message_has_begun_the_person_may_write_headings(
    line: str, section: Section
) -> None:
    assert kind(line, BELOW_VALUES._replace(section=section)) is LineKind.TEXT


def test_in_a_message_an_unknown_label_counts_only_below_a_blank_line() -> None:
    message = BELOW_VALUES._replace(section=Section.MESSAGE)
    assert kind("Colour: red", message) is LineKind.UNKNOWN_LABEL
    assert kind("Colour: red", message._replace(after_blank=False)) is LineKind.TEXT
    assert kind("for one thing: red", message) is LineKind.TEXT


def test_in_a_message_only_a_colon_makes_a_label() -> None:
    assert kind("Phone – 202-555-0146") is LineKind.CONTACT_LABEL
    assert kind("Phone – 202-555-0146", BELOW_VALUES._replace(section=Section.MESSAGE)) is (
        LineKind.TEXT
    )


def test_what_a_label_waits_for_is_no_heading_of_the_other_party() -> None:
    waiting = BELOW_VALUES._replace(
        waiting_label=WaitingLabel("contact.name", "Name"), after_blank=False
    )
    assert kind("Agency", waiting) is LineKind.TEXT


def test_thanks_above_all_values_are_no_goodbye() -> None:
    assert kind("Thanks", LabelState(has_text=True)) is LineKind.TEXT
    assert kind("Best regards,", LabelState()) is LineKind.TEXT


def test_a_label_comes_with_its_value_and_our_name() -> None:
    line = "- Phone number: 202-555-0146"
    assert classify_line(line, LabelState(), LABELS) == MailLine(
        LineKind.CONTACT_LABEL, line, "Phone number", "202-555-0146", "contact.phone"
    )


def test_every_kind_has_an_action_in_each_section_in_which_it_can_stand() -> None:
    assert ACTIONS.keys() == {
        (section, each)
        for section in Section
        for each in LineKind
        if (section is Section.DETAILS or each not in ONLY_BEFORE_THE_MESSAGE)
        and (section is Section.MESSAGE or each is not LineKind.LABEL_OR_WORDS)
    }


def test_quoted_mails_signatures_and_heads_of_forwarded_mails_do_not_count() -> None:
    text = (
        "Name: Ada\n> Phone: 1\nFrom: Rob\nTo: us\n\nCity: Ulm\n-- \nRob\n"
        "On Monday, the first, Rob wrote:\nold"
    )
    assert numbered_lines(text) == [(1, "Name: Ada"), (4, "To: us"), (5, ""), (6, "City: Ulm")]
