"""What a vendor adds below a person's words: the listing, further answers, a program's lines.

A paragraph is the vendor's where it has a heading of its own, names a price or a number of the
listing, or answers a question of a form. Whole sentences stay the person's.
"""

import re

from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_heading,
    is_person_heading,
    plain_label,
)
from leadloop.intake.formats.answer_kinds import FormAnswer, fields_of_answers
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.formats.mail_sections import label_paragraphs
from leadloop.intake.formats.offer_address import sign_of_text
from leadloop.intake.formats.program_lines import is_certain_label
from leadloop.model.contact import MESSAGE_FIELD

MOST_LINES = 200  # of a message that are looked at
MOST_LETTERS = 300  # of a line
MOST_HEADING_WORDS = 6
FRAME = re.compile(r"[*＜<【〔\[](?P<inside>[^*＞>】〕\]]{2,60})[*＞>】〕\]]")
PRICE = re.compile(
    r"(?:[€$£₹₴]|R\$|Rp|Rs\.?|EUR|USD|GBP|AED|CHF|PLN|SEK|NOK|DKK)\s?\d|\d\s?(?:[€$£₴]|zł|kr\b|Kč|Ft\b|lei\b|TL\b|EUR\b|PLN\b|CHF\b)"
)
NUMBER_OF_LISTING = re.compile(
    r"\b(?:id|ref|réf|rif|référence|referencia|referência|código|codigo|code|mls|scout-id|nr|no|№|kod|azonosító|κωδικός)\b"
    r"[\w .#-]{0,20}[:#]\s?\S{0,40}\d",
    re.IGNORECASE,
)
QUESTION_MARKS = ("?", "？", "؟")
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", ",", ";")


def split_tail(message: str) -> tuple[str, str]:
    """The person's words, and what the vendor has added below them; perhaps ""."""
    lines = message.split("\n")
    sections = label_paragraphs(lines[:MOST_LINES], {})
    for number in range(1, min(len(lines), MOST_LINES)):
        if lines[number - 1].strip() or not lines[number].strip():
            continue
        end = next((n for n in range(number, len(lines)) if not lines[n].strip()), len(lines))
        if number in sections or _is_vendors([line.strip() for line in lines[number:end]]):
            return "\n".join(lines[:number]).strip(), "\n".join(lines[number:]).strip()
    return message, ""


def _is_vendors(paragraph: list[str]) -> bool:
    first = paragraph[0]
    if any(len(line) > MOST_LETTERS for line in paragraph):
        return False
    if FRAME.fullmatch(first) and len(first.split()) <= MOST_HEADING_WORDS:
        return True
    if _is_heading(first) or _answers_question(paragraph) or _is_program(paragraph):
        return True
    has_sentence = any(line.endswith(SENTENCE_ENDS) for line in paragraph)
    facts = sum(
        PRICE.search(line) is not None or NUMBER_OF_LISTING.search(line) is not None
        for line in paragraph
    )
    return facts > 0 and len(paragraph) > 1 and not has_sentence


def _is_heading(line: str) -> bool:
    """Whether a line without a sentence's end is the heading of a part of the mail."""
    if line.endswith(SENTENCE_ENDS) or len(line.split()) > MOST_HEADING_WORDS:
        return False
    plain = plain_label(line)
    return (
        is_person_heading(plain) or is_other_party_heading(plain) or sign_of_text(line) is not None
    )


def _answers_question(paragraph: list[str]) -> bool:
    """Whether a label that we know stands in the first line, and a short answer below."""
    if len(paragraph) == 1:
        paragraph = paragraph[0].replace("? ", "?\n", 1).split("\n")
    question, *answer = paragraph
    if len(answer) != 1 or answer[0].endswith(SENTENCE_ENDS):
        return False
    if len(answer[0].split()) > MOST_HEADING_WORDS:
        return False
    name = field_for_label(question.rstrip("?:？："), {})
    if name is None and question.endswith(QUESTION_MARKS):
        asked = FormAnswer("answer", question, answer[0])
        name = next(iter(fields_of_answers([asked], {MESSAGE_FIELD})), None)
    return name is not None and not name.startswith("contact.")


def _is_program(paragraph: list[str]) -> bool:
    """Whether all lines are labels, one of which no form asks for."""
    pairs = [parse_label_line(line) for line in paragraph]
    return all(pairs) and any(pair and is_certain_label(pair.label) for pair in pairs)
