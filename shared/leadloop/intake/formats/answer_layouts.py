"""The layouts in which an answer stands below its question.

The rows are the index of each question, and the index behind its answer.
"""

from collections import Counter
from collections.abc import Sequence

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.formats.mail_lines import is_quoted_mail_start
from leadloop.intake.formats.message_headings import COLONS, is_message_heading
from leadloop.intake.formats.offer_address import sign_of_text
from leadloop.intake.formats.person_names import is_goodbye
from leadloop.intake.formats.program_lines import is_separator
from leadloop.intake.formats.questions import (
    SIGNS,
    asks_for_message,
    ends_answer,
    has_value,
    is_alone,
    is_answers_heading,
    known_field,
    may_ask,
    next_line,
    paragraphs,
)
from leadloop.intake.text.styled_lines import StyledLine
from leadloop.model.contact import MESSAGE_FIELD

MOST_ANSWER_WORDS = 8  # of an answer that nothing but its question marks
MOST_PLAIN_WORDS = 14  # of a question that nothing but its place marks
FEWEST_QUESTIONS = 2  # fewer make no layout
UNDERLINED = 1_000_000  # the look of a line above a rule


def rows_by_look(lines: Sequence[StyledLine]) -> dict[int, int]:
    """The rows by the whole look, or by bold letters alone where these tell more questions."""
    exact = _styled_rows(lines)
    coarse = _styled_rows(
        [
            line._replace(style=1 + line.is_bold) if line.style not in {0, UNDERLINED} else line
            for line in lines
        ]
    )
    return coarse if len(coarse) > len(exact) else exact


def _styled_rows(lines: Sequence[StyledLine]) -> dict[int, int]:
    """The rows of the look that most questions share."""
    filled = (line for line in lines if line.text.strip())
    styles = Counter(line.style for line in filled if line.style not in {0, UNDERLINED})
    best: dict[int, int] = {}
    best_score = 0
    for style, count in styles.items():
        if count < FEWEST_QUESTIONS:
            continue
        starts = [n for n, line in enumerate(lines) if line.style == style and line.text.strip()]
        questions = [n for n in starts if may_ask(lines[n].text)]
        questions = [n for n in questions if not is_answers_heading(lines[n].text)]
        if len(questions) * 4 < len(starts) * 3 - 4:
            continue
        answered = [n for n in questions if _has_answer(lines, n, style)]
        if len(answered) < FEWEST_QUESTIONS or len(answered) * 2 < len(questions):
            continue
        known = [known_field(lines[n].text) for n in answered]
        has_contact = any(name is not None and name.startswith("contact.") for name in known)
        signs = sum(lines[n].text.rstrip().endswith(SIGNS) for n in answered)
        score = len([name for name in known if name]) + signs
        is_layout = has_contact or signs >= FEWEST_QUESTIONS or _answers_reach(lines, answered)
        if score > best_score and (is_layout or (any(known) and lines[starts[0]].is_bold)):
            best_score, best = score, _cut_answers(lines, questions, answered)
    return best


def underlined_rows(lines: Sequence[StyledLine]) -> dict[int, int]:
    """The rows of headings above a rule that are no headings of labels."""
    starts = [n for n, line in enumerate(lines) if line.style == UNDERLINED]
    rows = {}
    for number, start in enumerate(starts):
        first = next_line(lines, start)
        if first is None or not may_ask(lines[start].text):
            continue
        if sign_of_text(lines[start].text) is not None or has_value(lines[first].text):
            continue
        if lines[first].text.rstrip().endswith(","):
            continue
        stop = starts[number + 1] if number + 1 < len(starts) else len(lines)
        rows[start] = next((n for n in range(first, stop) if ends_answer(lines[n])), stop)
    known = [lines[n].text for n in rows if known_field(lines[n].text)]
    return rows if len(rows) >= FEWEST_QUESTIONS and known else {}


def _has_answer(lines: Sequence[StyledLine], start: int, style: int) -> bool:
    below = next_line(lines, start)
    if below is None or lines[below].style == style or lines[below].is_link:
        return False
    is_greeting = lines[below].text.rstrip().endswith(",")
    return (
        not is_greeting
        or is_message_heading(lines[start].text)
        or asks_for_message(lines[start].text)
    )


def _answers_reach(lines: Sequence[StyledLine], starts: Sequence[int]) -> bool:
    """Whether an answer is an address."""
    below = (next_line(lines, n) for n in starts)
    return any(n is not None and EMAIL_PATTERN.fullmatch(lines[n].text.strip()) for n in below)


def _cut_answers(
    lines: Sequence[StyledLine], starts: Sequence[int], answered: Sequence[int]
) -> dict[int, int]:
    """The end of each answer: the next question, a button, or a line that looks otherwise."""
    firsts = [n for n in (next_line(lines, start) for start in answered) if n is not None]
    looks = {lines[n].style for n in firsts}
    rows = {}
    for number, start in enumerate(starts):
        if start not in answered:
            continue
        stop = starts[number + 1] if number + 1 < len(starts) else len(lines)
        first = next_line(lines, start)
        end = start + 1 if first is None else first + 1
        for n in range(end, stop):
            line = lines[n]
            if not line.text.strip():
                continue
            if line.is_link or (looks != {0} and line.style not in looks) or ends_answer(line):
                break
            end = n + 1
        rows[start] = end
    return rows


def spaced_rows(lines: Sequence[StyledLine]) -> dict[int, int]:
    """The rows of lines that stand alone in paragraphs of their own and end with a sign."""
    starts = [
        n
        for n, line in enumerate(lines)
        if is_alone(lines, n) and may_ask(line.text) and line.text.rstrip().endswith(SIGNS)
    ]
    starts = [n for n in starts if not is_answers_heading(lines[n].text)]
    colons = [n for n in starts if lines[n].text.rstrip().endswith(COLONS)]
    if any(known_field(lines[n].text) for n in colons):
        starts = colons
    known = [known_field(lines[n].text) for n in starts]
    contacts = sum(name is not None and name.startswith("contact.") for name in known)
    if len(starts) < FEWEST_QUESTIONS or not (contacts or _answers_reach(lines, starts)):
        return {}
    rows = {}
    for number, start in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(lines)
        end = start
        for n in range(start + 1, stop):
            text = lines[n].text
            if not text.strip():
                continue
            if ends_answer(lines[n]) or (
                has_value(text) and not asks_for_message(lines[start].text)
            ):
                break
            end = n + 1
        if end > start:
            rows[start] = end
    return rows


def paragraph_rows(lines: Sequence[StyledLine], taken: set[int]) -> dict[int, int]:
    """The rows of paragraphs that are a question and, in the lines below it, its answer."""
    rows = {}
    signs = 0
    certain = 0  # below a heading of answers
    is_message = in_answers = False
    for start, end in paragraphs(lines):
        text = lines[start].text
        if any(n in taken for n in range(start, end)) or is_quoted_mail_start(text):
            continue
        if is_answers_heading(text) and end - start == 1:
            is_message, in_answers = False, True
            continue
        if is_message:
            continue
        if in_answers and end - start >= FEWEST_QUESTIONS and not has_value(text):
            rows[start] = end
            certain += 1
            continue
        in_answers = False
        pair = parse_label_line(text)
        is_message = asks_for_message(pair.label if pair else text) or is_message_heading(text)
        if end - start < FEWEST_QUESTIONS or not may_ask(text) or is_message:
            continue
        if len(text.split()) > MOST_PLAIN_WORDS or is_goodbye(text):
            continue
        below = lines[start + 1 : end]
        if any(has_value(line.text) or is_separator(line.text) for line in below):
            continue
        stop = next((n for n in range(start + 1, end) if ends_answer(lines[n])), end)
        if stop - start < FEWEST_QUESTIONS:
            continue
        rows[start] = _indented_end(lines, stop)
        signs += text.rstrip().endswith(SIGNS) or known_field(text) is not None
    questions = sum(lines[n].text.rstrip().endswith(SIGNS) for n in rows)
    is_layout = len(rows) >= FEWEST_QUESTIONS and bool(signs) and bool(questions)
    return rows if is_layout or certain else {}


def _indented_end(lines: Sequence[StyledLine], end: int) -> int:
    """The end of an answer that goes on in further paragraphs with the same indent."""
    if not lines[end - 1].text.startswith("  "):
        return end
    for n in range(end, len(lines)):
        if lines[n].text.strip() and not lines[n].text.startswith("  "):
            break
        end = n + 1 if lines[n].text.strip() else end
    return end


def question_rows(lines: Sequence[StyledLine], taken: set[int]) -> dict[int, int]:
    """The rows of lines that end with a question mark, each with a short answer below it."""
    starts = [n for n in range(len(lines) - 1) if n not in taken and _is_question_pair(lines, n)]
    rows = {n: n + 2 for n in starts if {n - 2, n + 2, n - 3, n + 3} & set(starts)}
    return rows if len(rows) >= FEWEST_QUESTIONS else {}


def _is_question_pair(lines: Sequence[StyledLine], at: int) -> bool:
    question, answer = lines[at].text.strip(), lines[at + 1].text.strip()
    return (
        question.endswith("?")
        and len(question.split()) <= MOST_PLAIN_WORDS
        and may_ask(question)
        and bool(answer)
        and not answer.endswith("?")
        and len(answer.split()) <= MOST_ANSWER_WORDS
        and not ends_answer(lines[at + 1])
    )


def alternate_rows(lines: Sequence[StyledLine]) -> dict[int, int]:
    """The rows of a run of lines of which every second one is a question."""
    filled = [n for n, line in enumerate(lines) if line.text.strip()]
    known = [
        at for at, n in enumerate(filled) if may_ask(lines[n].text) and known_field(lines[n].text)
    ]
    if len(known) < FEWEST_QUESTIONS or len({at % 2 for at in known}) != 1:
        return {}
    names = {known_field(lines[filled[at]].text) for at in known}
    if not names & {"contact.email", "contact.phone"}:
        return {}
    rows = {}
    at = known[0]
    while at - 2 >= 0 and lines[filled[at - 2]].text.rstrip().endswith("?"):
        at -= 2
    while at + 1 < len(filled):
        question, answer = filled[at], filled[at + 1]
        is_pair = may_ask(lines[question].text) and not ends_answer(lines[answer])
        if not is_pair or (at > known[-1] and not lines[question].text.rstrip().endswith(SIGNS)):
            break
        if known_field(lines[question].text) == MESSAGE_FIELD:
            break
        rows[question] = answer + 1
        at += 2
    return rows if all(filled[n] in rows for n in known if n <= at - 2) else {}
