"""Answers to questions that no field of ours is for: own fields, named by their labels.

What a person answered is never lost because nobody foresaw the question. What finds no room is
named at least.
"""

import re
from collections.abc import Mapping

from leadloop.intake.fields.label_vocabulary import plain_label
from leadloop.intake.fields.mapping import LONGEST, value_or_none
from leadloop.intake.formats.answer_kinds import FormAnswer
from leadloop.intake.text.text_marks import INNER_BREAK

MORE_TEXT = "more_text"  # the own field for text below a message that has ended
MOST_ANSWERS = 40
LONGEST_NAME = 60  # characters of a field's name
SENTENCE_ENDS = ".,;:!?…。！？"
WRAPPED = 60  # characters of a line that a program may have broken
NON_LETTERS = re.compile(r"[\W_]+")
# Fields that mean something to us: only a label that we know gives them.
RESERVED_NAMES = frozenset(
    {"relay_email", "other_phones", "other_emails", "accepts_marketing", "vendor_lead_id"}
)


def name_of_label(label: str) -> str:
    """The name of the own field for a label: `how_many_guests`; empty where it has no letters."""
    return NON_LETTERS.sub("_", plain_label(label)).strip("_")[:LONGEST_NAME].rstrip("_")


def is_own_name(label: str) -> bool:
    """Whether an own field may be named by a label: it has letters, and means nothing to us."""
    name = name_of_label(label)
    return bool(name) and name not in RESERVED_NAMES


def join_lines(text: str) -> str:
    """The lines of a row's value in one, with commas where no sentence ends."""
    lines = [line for line in text.split(INNER_BREAK) if line.strip()] or [""]
    joined = lines[0]
    for line in lines[1:]:
        goes_on = joined[-1:] in SENTENCE_ENDS or len(joined) > WRAPPED or line[:1].islower()
        joined += f"{' ' if goes_on else ', '}{line}"
    return joined


class OwnAnswers:
    """Gathers answers by the names of their labels; several of one name stay together."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._labels: dict[str, str] = {}
        self._unkept: dict[str, None] = {}

    def add(self, label: str, value: str) -> None:
        """Keep an answer below its label."""
        name = name_of_label(label)
        if not name or name in RESERVED_NAMES:
            self.note(label)
        else:
            self.add_named(name, value, label)

    def add_named(self, name: str, value: str, label: str) -> None:
        """Keep an answer in the own field of this name."""
        text = value.strip()
        if value_or_none(text) is None:
            return
        texts = self._texts.setdefault(name, [])
        length = sum(map(len, texts)) + 2 * len(texts) + len(text)
        if len(self._texts) > MOST_ANSWERS or length > LONGEST[False]:
            self.note(label)
            if not texts:
                del self._texts[name]
        elif text not in texts:
            texts.append(text)
            self._labels.setdefault(name, label)

    def answers(self) -> list[FormAnswer]:
        """The answers with their questions, in the order of the text."""
        return [
            FormAnswer(name, self._labels[name], INNER_BREAK.join(texts))
            for name, texts in self._texts.items()
            if texts and name not in RESERVED_NAMES
        ]

    def drop(self, name: str) -> None:
        """Forget an answer that another field has taken."""
        self._texts.pop(name, None)

    def note(self, label: str) -> None:
        """Name a label whose answer is not kept."""
        name = " ".join(label.split())[:LONGEST_NAME]
        if name:
            self._unkept[name] = None

    def collect(self) -> tuple[Mapping[str, str], tuple[str, ...]]:
        """The texts by the names of own fields, and the labels whose answers are not kept."""
        kept = {
            name: ("\n" if name == MORE_TEXT else ", ").join(join_lines(text) for text in texts)
            for name, texts in self._texts.items()
        }
        return kept, tuple(self._unkept)[:MOST_ANSWERS]
