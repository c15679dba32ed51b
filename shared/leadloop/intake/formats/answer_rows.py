"""Questions with the answer below become rows, as a table has them: `question`, mark, `answer`.

Form programs write a question that no word list knows, and the answer in the next line, paragraph
or cell. Which lines are questions is told by their layout: they look alike and the answers look
otherwise, or they stand alone with a sign at the end, or every second line is one.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
import re

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_contact_heading,
    is_other_party_heading,
    is_other_party_label,
    is_person_heading,
    is_person_label,
    plain_label,
)
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.formats.mail_lines import is_quoted_mail_start
from leadloop.intake.formats.message_headings import COLONS, is_message_heading
from leadloop.intake.formats.offer_address import sign_of_text
from leadloop.intake.formats.person_names import is_goodbye
from leadloop.intake.formats.program_lines import is_program_line, is_separator
from leadloop.intake.formats.vendor_lines import LINK_MARK, VendorLines
from leadloop.intake.text.html_text import CELL_SEPARATOR, INNER_BREAK
from leadloop.intake.text.phrase_files import alternatives
from leadloop.intake.text.styled_lines import StyledLine

MESSAGE = "interest.message"
MOST_LINES = 5_000
LONGEST_QUESTION, MOST_WORDS = 200, 25
MOST_PLAIN_WORDS = 14  # of a question that nothing but its place marks
FEWEST_QUESTIONS = 2  # fewer make no layout
SIGNS = ("?", "？", "؟", ":", "：", "*")
SENTENCE_ENDS = (".", "!", ",", ";", "。", "…")
INLINE_QUESTION = re.compile(r"([^?\x1f]{3,80}\?)\s{1,9}([^?\x1f]{1,200})")
FRAMED_HEADING = re.compile(r"\s{0,9}[-=*_~#>─━【\[〔]{1,60}\s{0,9}(\w[^-=*_~#─━】\]〕]{1,50}?)\s{0,9}[-=*_~#<─━】\]〕]{1,60}\s{0,9}")
CARD_LINES = 6  # below the heading of a card
QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」"}
UNDERLINED = 1_000_000  # the look of a line above a rule


def arrange_answers(
    lines: Sequence[StyledLine], vendor: VendorLines, sayings: Collection[int] = ()
) -> str:
    """The text with its questions as rows; every line keeps its number.

    `sayings` are the indexes of lines in which somebody is quoted: they head no message.
    """
    lines = _drop_underlines(lines[:MOST_LINES])
    rows = _underlined_rows(lines) or _rows_by_look(lines) or _spaced_rows(lines)
    if not rows:
        rows = _alternate_rows(lines)
    messages = _message_rows(lines, {*_covered(rows), *sayings}, vendor)
    rows = _merge_rows(messages, rows)
    rows = _merge_rows(_paragraph_rows(lines, _covered(rows)), rows)
    texts = _with_inline_rows(lines, rows)
    rows = {start: _last_line(lines, start, end, vendor) for start, end in rows.items()}
    rows = {
        start: end
        for start, end in rows.items()
        if end > start + 1
        and not vendor.is_certain(lines[start].text)
        and not _holds_labels(lines, start, end)
    }
    for start, end in rows.items():
        answer = INNER_BREAK.join(text.strip() for text in texts[start + 1 : end] if text.strip())
        question = "Message" if start in messages else texts[start].strip().rstrip("*: ")
        texts[start : end] = [f"{question}{CELL_SEPARATOR}{answer}", *[""] * (end - start - 1)]
    texts = [_open_card(text) for text in texts]
    return "\n".join(
        LINK_MARK + text if line.is_link and text == line.text and _is_button(text) else text
        for line, text in zip(lines, texts, strict=True)
    )


def _open_card(text: str) -> str:
    """A row with the person's card in it, such as “Contact”, as lines of their own."""
    label, mark, value = text.partition(CELL_SEPARATOR)
    plain = plain_label(label)
    if not mark or INNER_BREAK not in value or not is_person_heading(plain):
        return text
    return "\n".join((label, *value.split(INNER_BREAK)))


def _is_button(text: str) -> bool:
    return not EMAIL_PATTERN.search(text) and "." not in text.split(" ")[0].strip(".")


def _with_inline_rows(lines: Sequence[StyledLine], rows: Mapping[int, int]) -> list[str]:
    """The texts, with questions that have the answer behind them as rows: “How many? 3”."""
    texts = [line.text for line in lines]
    taken = _covered(rows)
    matches = {
        n: match
        for n, text in enumerate(texts)
        if n not in taken and (match := INLINE_QUESTION.fullmatch(text.strip()))
    }
    for n, match in matches.items():
        if n - 1 in matches or n + 1 in matches:
            texts[n] = f"{match[1]}{CELL_SEPARATOR}{match[2]}"
    return texts


def _last_line(lines: Sequence[StyledLine], start: int, end: int, vendor: VendorLines) -> int:
    """The index behind the answer, without the vendor's lines at its end."""
    first = _next_line(lines, start)
    if first is None:
        return start
    closing = QUOTES.get(lines[first].text.strip()[:1])
    quoted = next((n for n in range(first, end) if closing and lines[n].text.rstrip().endswith(closing)), None)
    if quoted is not None and (quoted > first or len(lines[first].text.strip()) > 1):
        return quoted + 1
    marked = [LINK_MARK + each.text if each.is_link and _is_button(each.text) else each.text
              for each in lines[first:end]]  # fmt: skip
    return first + vendor.find_end(marked)


def _holds_labels(lines: Sequence[StyledLine], start: int, end: int) -> bool:
    """Whether labels with their values stand below a line: then it is their heading."""
    if is_message_heading(lines[start].text) or _is_message(lines[start].text):
        return False
    values = [line for line in lines[start + 1 : end] if _has_value(line.text)]
    return len(values) > 1 or any(_is_known_label(line.text) for line in values)


def _without_frame(line: StyledLine) -> StyledLine:
    """A heading in a frame, such as “--- Message ---” or “【Message】”, without the frame."""
    match = FRAMED_HEADING.fullmatch(line.text)
    if match is None or line.style or _has_value(line.text):
        return line
    return StyledLine(match[1].strip(), UNDERLINED, is_bold=True)


def _covered(rows: Mapping[int, int]) -> set[int]:
    return {n for start, end in rows.items() for n in range(start, end)}


def _merge_rows(more: Mapping[int, int], rows: Mapping[int, int]) -> dict[int, int]:
    taken = _covered(rows)
    free = {
        start: end
        for start, end in more.items()
        if not any(n in taken for n in range(start, end))
    }
    return {**free, **rows}


def _drop_underlines(lines: Sequence[StyledLine]) -> list[StyledLine]:
    """The lines, those above a rule marked as bold and the rule blank."""
    result = [_without_frame(line) for line in lines]
    for n in range(1, len(lines)):
        above = lines[n - 1].text.strip()
        is_heading = (
            is_separator(lines[n].text)
            and bool(above)
            and not is_separator(above)
            and (n < 2 or not lines[n - 2].text.strip() or is_separator(lines[n - 2].text))
            and n + 1 < len(lines)
            and not _has_value(above)
            and len(above.split()) <= MOST_WORDS
        )
        if is_heading and _next_line(lines, n) == n + 1:
            result[n - 1] = lines[n - 1]._replace(style=UNDERLINED, is_bold=True)
            result[n] = StyledLine("")
    return result


# Rows are the index of each question, and the index behind its answer.


def _rows_by_look(lines: Sequence[StyledLine]) -> dict[int, int]:
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
        questions = [n for n in starts if _may_be_question(lines[n].text)]
        questions = [n for n in questions if not _is_answers_heading(lines[n].text)]
        if len(questions) * 4 < len(starts) * 3 - 4:
            continue
        answered = [n for n in questions if _has_answer(lines, n, style)]
        if len(answered) < FEWEST_QUESTIONS or len(answered) * 2 < len(questions):
            continue
        known = [_known_field(lines[n].text) for n in answered]
        has_contact = any(name is not None and name.startswith("contact.") for name in known)
        signs = sum(lines[n].text.rstrip().endswith(SIGNS) for n in answered)
        score = len([name for name in known if name]) + signs
        is_layout = has_contact or signs >= FEWEST_QUESTIONS or _answers_reach(lines, answered)
        if score > best_score and (is_layout or (any(known) and lines[starts[0]].is_bold)):
            best_score, best = score, _cut_answers(lines, questions, answered)
    return best


def _underlined_rows(lines: Sequence[StyledLine]) -> dict[int, int]:
    """The rows of headings above a rule that are no headings of labels."""
    starts = [n for n, line in enumerate(lines) if line.style == UNDERLINED]
    rows = {}
    for number, start in enumerate(starts):
        first = _next_line(lines, start)
        if first is None or not _may_be_question(lines[start].text):
            continue
        if sign_of_text(lines[start].text) is not None or _has_value(lines[first].text):
            continue
        if lines[first].text.rstrip().endswith(","):
            continue
        stop = starts[number + 1] if number + 1 < len(starts) else len(lines)
        rows[start] = next((n for n in range(first, stop) if _ends_answer(lines[n])), stop)
    known = [lines[n].text for n in rows if _known_field(lines[n].text)]
    return rows if len(rows) >= FEWEST_QUESTIONS and known else {}


def _message_rows(
    lines: Sequence[StyledLine], taken: set[int], vendor: VendorLines
) -> dict[int, int]:
    """The row of a heading that announces the person's message, whatever its words."""
    for start, line in enumerate(lines):
        first = _next_line(lines, start)
        if not line.text.strip() or start in taken or first is None or first in taken:
            continue
        if not _announces_message(lines, start):
            continue
        if _is_known_label(lines[first].text):
            continue
        stop = next(
            (n for n in range(first, len(lines)) if _is_behind_message(lines, start, first, n, taken)),
            len(lines),
        )
        end = first + vendor.find_end(
            [LINK_MARK + each.text if each.is_link else each.text for each in lines[first:stop]]
        )
        if end > first:
            return {start: end}
    return {}


def _announces_message(lines: Sequence[StyledLine], at: int) -> bool:
    line = lines[at]
    text = line.text.strip()
    if _has_value(text):
        return False
    if _known_field(text) == MESSAGE and not _is_answers_heading(text):
        # The reader of labels knows the others.
        return line.style != 0 or _has_card_below(lines, at)
    if field_for_label(text, {}) is not None or _is_answers_heading(text):
        return False
    if not is_message_heading(text):
        return False
    return text.endswith(COLONS) or line.is_bold or line.style == UNDERLINED


def _has_card_below(lines: Sequence[StyledLine], at: int) -> bool:
    """Whether a heading with the person's address or number below it stands below a line."""
    for n in range(at + 1, len(lines)):
        is_heading = not lines[n - 1].text.strip() and is_contact_heading(plain_label(lines[n].text))
        below = [line.text for line in lines[n + 1 : n + CARD_LINES]]
        if is_heading and any(EMAIL_PATTERN.search(text) for text in below):
            return True
    return False


def _is_behind_message(
    lines: Sequence[StyledLine], start: int, first: int, at: int, taken: set[int]
) -> bool:
    """Whether the message has ended above a line: another row, heading or label begins."""
    line = lines[at]
    if not line.text.strip():
        return False
    if at in taken or CELL_SEPARATOR in line.text:
        return True
    look = lines[first].style
    if at > first and look and line.style not in {look, 0}:
        return True
    if at == first:
        return False
    plain = plain_label(line.text)
    is_heading = is_person_heading(plain) or is_other_party_heading(plain)
    is_label = _has_value(line.text) and _is_known_label(line.text)
    above_blank = not lines[at - 1].text.strip()
    is_look = line.is_bold and not lines[first].is_bold and above_blank
    return (is_heading and (above_blank or line.is_bold)) or (is_label and above_blank) or is_look


def _is_known_label(line: str) -> bool:
    pair = parse_label_line(line)
    return pair is not None and field_for_label(pair.label, {}) is not None


def _has_answer(lines: Sequence[StyledLine], start: int, style: int) -> bool:
    below = _next_line(lines, start)
    if below is None or lines[below].style == style or lines[below].is_link:
        return False
    is_greeting = lines[below].text.rstrip().endswith(",")
    return not is_greeting or is_message_heading(lines[start].text) or _is_message(lines[start].text)


def _answers_reach(lines: Sequence[StyledLine], starts: Sequence[int]) -> bool:
    """Whether an answer is an address."""
    below = (_next_line(lines, n) for n in starts)
    return any(n is not None and EMAIL_PATTERN.fullmatch(lines[n].text.strip()) for n in below)


def _cut_answers(
    lines: Sequence[StyledLine], starts: Sequence[int], answered: Sequence[int]
) -> dict[int, int]:
    """The end of each answer: the next question, a button, or a line that looks otherwise."""
    firsts = [n for n in (_next_line(lines, start) for start in answered) if n is not None]
    looks = {lines[n].style for n in firsts}
    rows = {}
    for number, start in enumerate(starts):
        if start not in answered:
            continue
        stop = starts[number + 1] if number + 1 < len(starts) else len(lines)
        first = _next_line(lines, start)
        end = start + 1 if first is None else first + 1
        for n in range(end, stop):
            line = lines[n]
            if not line.text.strip():
                continue
            if line.is_link or (looks != {0} and line.style not in looks) or _ends_answer(line):
                break
            end = n + 1
        rows[start] = end
    return rows


def _spaced_rows(lines: Sequence[StyledLine]) -> dict[int, int]:
    """The rows of lines that stand alone in paragraphs of their own and end with a sign."""
    starts = [
        n
        for n, line in enumerate(lines)
        if _is_alone(lines, n)
        and _may_be_question(line.text)
        and line.text.rstrip().endswith(SIGNS)
    ]
    starts = [n for n in starts if not _is_answers_heading(lines[n].text)]
    colons = [n for n in starts if lines[n].text.rstrip().endswith(COLONS)]
    if any(_known_field(lines[n].text) for n in colons):
        starts = colons
    known = [_known_field(lines[n].text) for n in starts]
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
            if _ends_answer(lines[n]) or (_has_value(text) and not _is_message(lines[start].text)):
                break
            end = n + 1
        if end > start:
            rows[start] = end
    return rows


def _paragraph_rows(lines: Sequence[StyledLine], taken: set[int]) -> dict[int, int]:
    """The rows of paragraphs that are a question and, in the lines below it, its answer."""
    rows = {}
    signs = 0
    certain = 0  # below a heading of answers
    is_message = in_answers = False
    for start, end in _paragraphs(lines):
        text = lines[start].text
        if any(n in taken for n in range(start, end)) or is_quoted_mail_start(text):
            continue
        if _is_answers_heading(text) and end - start == 1:
            is_message, in_answers = False, True
            continue
        if is_message:
            continue
        if in_answers and end - start >= FEWEST_QUESTIONS and not _has_value(text):
            rows[start] = end
            certain += 1
            continue
        in_answers = False
        pair = parse_label_line(text)
        is_message = _is_message(pair.label if pair else text) or is_message_heading(text)
        if end - start < FEWEST_QUESTIONS or not _may_be_question(text) or is_message:
            continue
        if len(text.split()) > MOST_PLAIN_WORDS or is_goodbye(text):
            continue
        below = lines[start + 1 : end]
        if any(_has_value(line.text) or is_separator(line.text) for line in below):
            continue
        stop = next((n for n in range(start + 1, end) if _ends_answer(lines[n])), end)
        if stop - start < FEWEST_QUESTIONS:
            continue
        rows[start] = _indented_end(lines, stop)
        signs += text.rstrip().endswith(SIGNS) or _known_field(text) is not None
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


def _alternate_rows(lines: Sequence[StyledLine]) -> dict[int, int]:
    """The rows of a run of lines of which every second one is a question."""
    filled = [n for n, line in enumerate(lines) if line.text.strip()]
    known = [
        at
        for at, n in enumerate(filled)
        if _may_be_question(lines[n].text) and _known_field(lines[n].text)
    ]
    if len(known) < FEWEST_QUESTIONS or len({at % 2 for at in known}) != 1:
        return {}
    names = {_known_field(lines[filled[at]].text) for at in known}
    if not names & {"contact.email", "contact.phone"}:
        return {}
    rows = {}
    at = known[0]
    while at - 2 >= 0 and lines[filled[at - 2]].text.rstrip().endswith("?"):
        at -= 2
    while at + 1 < len(filled):
        question, answer = filled[at], filled[at + 1]
        is_pair = _may_be_question(lines[question].text) and not _ends_answer(lines[answer])
        if not is_pair or (at > known[-1] and not lines[question].text.rstrip().endswith(SIGNS)):
            break
        if _known_field(lines[question].text) == MESSAGE:
            break
        rows[question] = answer + 1
        at += 2
    return rows if all(filled[n] in rows for n in known if n <= at - 2) else {}


def _paragraphs(lines: Sequence[StyledLine]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for n, line in enumerate(lines):
        if line.text.strip():
            start = n if start is None else start
        elif start is not None:
            yield start, n
            start = None
    if start is not None:
        yield start, len(lines)


def _next_line(lines: Sequence[StyledLine], at: int) -> int | None:
    return next((n for n in range(at + 1, len(lines)) if lines[n].text.strip()), None)


def _is_alone(lines: Sequence[StyledLine], at: int) -> bool:
    above = at == 0 or not lines[at - 1].text.strip()
    return above and (at + 1 == len(lines) or not lines[at + 1].text.strip())


def _may_be_question(line: str) -> bool:
    """Whether a line may be a question or a label: short, without a value, no heading."""
    text = line.strip()
    if not text or len(text) > LONGEST_QUESTION or len(text.split()) > MOST_WORDS:
        return False
    if CELL_SEPARATOR in text or EMAIL_PATTERN.search(text) or text.endswith(SENTENCE_ENDS):
        return False
    if _has_value(text) or is_separator(text) or is_program_line(text):
        return False
    plain = plain_label(text)
    if not plain or (is_person_heading(plain) and not is_person_label(plain)):
        return False
    if text[-1] not in SIGNS and (text[0] in "\"“„«'>" or text[0].islower()):
        return False
    is_other = is_other_party_heading(plain) and not is_other_party_label(plain)
    return not is_other and sum(sign.isdigit() for sign in text) < 6


def _has_value(line: str) -> bool:
    """Whether a label stands in a line together with its value."""
    pair = parse_label_line(line)
    return CELL_SEPARATOR in line or (pair is not None and bool(pair.value.strip()))


def _known_field(line: str) -> str | None:
    return field_for_label(line.strip().rstrip("*"), {})


def _is_message(line: str) -> bool:
    return _known_field(line) == MESSAGE and not line.rstrip().endswith("?")


def _ends_answer(line: StyledLine) -> bool:
    return is_separator(line.text) or is_program_line(line.text)


def _is_answers_heading(line: str) -> bool:
    return _answers_heading().fullmatch(plain_label(line)) is not None


@cache
def _answers_heading() -> re.Pattern[str]:
    return re.compile(alternatives("leadloop.intake.formats", "program_lines", "answers_heading"))
