"""S12: whatever is sent, none of our patterns is slow on fifty thousand characters.

The patterns are taken from the code, the texts from the patterns, so that none is forgotten. Those
of RE2 (`policy/patterns.py`) are left out: their cost cannot grow faster than the text.
"""

import ast
import importlib
import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from leadloop.intake.fields.postal_address import LONGEST_ADDRESS
from leadloop.intake.fields.visitor_id import VISITOR_PATTERN
from leadloop.intake.formats import vendor_lines
from leadloop.intake.formats.person_names import LONGEST_TITLED
from leadloop.intake.formats.syndication import LONGEST_TEXT
from leadloop.intake.mail import (
    auto_replies,
    chat_transcripts,
    name_candidates,
    offer_lines,
    spam_verdicts,
)
from leadloop.intake.mail.digests import LONGEST_NUMBER
from leadloop.intake.mail.replies import LONGEST_SENT_FROM
from leadloop.intake.mail.subject_matter import LONGEST_SUBJECT
from leadloop.quality.renumbering import RENUMBERINGS
from tests.unit.pumps import attack_texts

ROOT = Path(__file__).parents[2]
LONG = 50_000  # characters
SECONDS = 0.05  # of CPU
BY_THE_SQUARE = 1.2  # and a little: what a short text may take, so that a long one keeps to it
TRIES = 5
LENGTHS = (22, 500, LONG // 10, LONG // 4, LONG)  # 22 take long where each doubles the cost
EVERYWHERE = {"finditer", "findall", "sub", "subn", "split"}
WAYS = EVERYWHERE | {"match", "fullmatch", "search"}
# Put together where they are used; here as they come out, or for a sample.
MADE: dict[str, tuple[str, ...]] = {
    "leadloop.content.templates": (r"https://a\.example/x|https://a\.example",),
    "leadloop.intake.tables.dialect": (
        r"(?:^|,)'(?:[^'\r\n]++|'')*+'(?=,|\r|\n|$)",
        r"(?:^|,)\s?\"",
    ),
    "leadloop.intake.tables.records": (r"((?:^|;) {0,9}\"\"|(?<!\")\") {1,9}(?=;)",),
    "leadloop.intake.formats.answer_kinds": (
        r"(?<!\w)(?:phone|e-?mail(?: address)?)(?:(?![\w])|(?=[\u3040-\u30ff]))",
    ),
    "leadloop.intake.formats.message_headings": (r"\b(?:message|comments?|your request)\b",),
    "leadloop.intake.mail.digests": (r"(?<!\d)12(?!\d)",),
    "leadloop.intake.mail.name_candidates": (r"\bAda (?=[^\W\d_])",),
    "leadloop.intake.mail.matters": (
        r"(?:(?:test|prova)[\s\d.,!?-]{0,9}){1,9}",
        r"(?<!\w)(?:apply for (?:the|a) .{0,40}(?:position|job)|google .{0,40}erste seite)(?!\w)",
    ),
    "leadloop.intake.fields.visitor_id": (VISITOR_PATTERN,),
    "leadloop.intake.formats.xml_nodes": (r"(?<!\w)202\-555(?!\w)",),
    "leadloop.policy.clauses": (r"(?<!\w)(?:out\ of\ office|price\ list)(?!\w)",),
    "leadloop.quality.renumbering": tuple(
        row[name]
        for rows in json.loads(
            (ROOT / "shared/leadloop/quality" / RENUMBERINGS).read_text("utf-8")
        ).values()
        for row in rows
        for name in ("old", "written")
        if name in row
    ),
}


# Asked only of texts that are cut before, or not asked if longer: their most characters.
CUT_BEFORE = {
    "leadloop.intake.fields.postal_address.BREAKS": LONGEST_ADDRESS,
    "leadloop.intake.formats.person_names._title_before": LONGEST_TITLED,
    "leadloop.intake.formats.person_names._title_behind": LONGEST_TITLED,
    "leadloop.intake.formats.vendor_lines.vendor_sentence": vendor_lines.LONGEST_LINE,
    "leadloop.intake.mail.auto_replies.named_absence_pattern": auto_replies.LONGEST_SUBJECT,
    "leadloop.intake.mail.chat_transcripts.CHAT_LINES": chat_transcripts.LONGEST_LINE,
    "leadloop.intake.mail.digests.NUMBERED": LONGEST_NUMBER,
    "leadloop.intake.mail.name_candidates.behind_name_pattern": name_candidates.LONGEST_LINE,
    "leadloop.intake.mail.name_candidates.before_name_pattern": name_candidates.LONGEST_LINE,
    "leadloop.intake.mail.offer_lines.TAIL": LONGEST_SUBJECT,
    "leadloop.intake.mail.offer_lines.about_pattern": LONGEST_SUBJECT,
    "leadloop.intake.mail.offer_lines.about_offer_pattern": offer_lines.LONGEST_LINE,
    "leadloop.intake.mail.offer_lines.offer_heading_pattern": offer_lines.LONGEST_LINE,
    "leadloop.intake.formats.syndication._reader_count": LONGEST_TEXT,
    "leadloop.intake.mail.replies.device_pattern": LONGEST_SENT_FROM,
    "leadloop.intake.mail.spam_verdicts._verdict_pattern": spam_verdicts.LONGEST_LINE,
    "leadloop.intake.mail.spam_verdicts._score_word_pattern": spam_verdicts.LONGEST_LINE,
    "leadloop.intake.mail.subject_phrases.wish_pattern": LONGEST_SUBJECT,
    "leadloop.intake.mail.subject_phrases.other_matter_pattern": LONGEST_SUBJECT,
}


class Use(NamedTuple):
    """A pattern, and how it is asked: `finditer` stands for all that go through a whole text."""

    name: str
    pattern: "re.Pattern[Any]"
    ways: frozenset[str]


@cache
def uses() -> tuple[Use, ...]:
    """One of each pattern, however many modules import it."""
    every = [use for base in ("shared", "functions") for use in _below(ROOT / base)]
    return tuple({(use.pattern, use.ways): use for use in every}.values())


def _below(base: Path) -> Iterator[Use]:
    for path in sorted(base.rglob("*.py")):
        name = ".".join(path.relative_to(base).with_suffix("").parts)
        text = path.read_text("utf-8")
        if "re." in text and ".cli" not in name:
            yield from _of_module(name, ast.parse(text))


def _of_module(module: str, tree: ast.Module) -> Iterator[Use]:
    asked = _asked(tree)
    values = vars(importlib.import_module(module))
    cached = {function.name for function in _cached_functions(tree)}
    for name, value in values.items():
        for number, pattern in enumerate(_patterns(value() if name in cached else value)):
            ways = asked.get(name) or _asked_anywhere().get(name, set())
            yield Use(f"{module}.{name}[{number}]", pattern, _kinds(ways))
    for line, way, pattern in _inline(tree):
        if pattern is not None and way in WAYS:
            yield Use(f"{module}:{line}", re.compile(pattern), _kinds({way}))
    for made in MADE.get(module, ()):
        yield Use(f"{module} (made)", re.compile(made, re.MULTILINE), _kinds({"search", "sub"}))


@cache
def _asked_anywhere() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in [*(ROOT / "shared").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]:
        for name, ways in _asked(ast.parse(path.read_text("utf-8"))).items():
            found.setdefault(name, set()).update(ways)
    return found


def _asked(tree: ast.Module) -> dict[str, set[str]]:
    """Name of a constant, or of a function that returns one → how it is asked, also in a loop."""
    loops: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            held = {each.id for each in ast.walk(node.iter) if isinstance(each, ast.Name)}
            names = [each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)]
            loops.update((name, over) for name in names for over in held)
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        match node:
            case (
                ast.Attribute(value=ast.Name(id=name), attr=way)
                | ast.Attribute(value=ast.Call(func=ast.Name(id=name), args=[]), attr=way)
            ) if way in WAYS:
                found.setdefault(loops.get(name, name), set()).add(way)
    return found


def _inline(tree: ast.AST) -> Iterator[tuple[int, str, Any]]:
    """Line, what is called, and the pattern: None where it is put together."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=way), args=[first, *_]):
                pattern = first.value if isinstance(first, ast.Constant) else None
                if way in {*WAYS, "compile"}:
                    yield node.lineno, way, pattern


def _patterns(value: object) -> Iterator["re.Pattern[Any]"]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _patterns(each)
    elif isinstance(value, dict):
        yield from _patterns(list(value.values()))


def _kinds(ways: Iterable[str]) -> frozenset[str]:
    return frozenset("finditer" if way in EVERYWHERE else way for way in ways) or frozenset(
        {"fullmatch", "finditer"}
    )


def seconds(pattern: "re.Pattern[Any]", way: str, text: Any) -> float:
    before = time.process_time()
    if way == "finditer":
        for _ in pattern.finditer(text):
            pass
    else:
        getattr(pattern, way)(text)
    return time.process_time() - before


def is_slow(use: Use) -> Iterator[str]:
    """Each text that takes too long; shorter ones first: for what explodes, and to save time."""
    for way in use.ways:
        longest = CUT_BEFORE.get(use.name.partition("[")[0], LONG)
        lengths = [length for length in LENGTHS if length < longest] + [longest]
        every = (attack_texts(use.pattern, length) for length in lengths)
        for row in zip(*every, strict=True):
            if _takes_long(use.pattern, way, row):
                yield f"{use.name}: {way} of {row[-1][:40]!r}…"


def _takes_long(pattern: "re.Pattern[Any]", way: str, row: Sequence[Any]) -> bool:
    """Of the same text in several lengths, shortest first."""
    for text in row:
        taken = best(pattern, way, text)
        if taken > SECONDS:
            return True
        if len(text) > 1_000 and taken * BY_THE_SQUARE * (LONG / len(text)) ** 2 < SECONDS:
            return False
    return False


def best(pattern: "re.Pattern[Any]", way: str, text: Any) -> float:
    """Of some tries, since the machine has other things to do; what is well above needs none."""
    found = seconds(pattern, way, text)
    for _ in range(TRIES):
        if not SECONDS < found < 2 * SECONDS:
            break
        found = min(found, seconds(pattern, way, text))
    return found


def test_s12_no_pattern_of_ours_takes_fifty_milliseconds_for_fifty_thousand_characters() -> None:
    assert [slow for use in uses() for slow in is_slow(use)] == []


def test_s12_no_pattern_is_forgotten() -> None:
    """One that is put together inside a function is cached and called here, or has a sample."""
    assert len(uses()) > 130
    made = {
        ".".join(path.relative_to(ROOT / base).with_suffix("").parts)
        for base in ("shared", "functions")
        for path in (ROOT / base).rglob("*.py")
        for function in _other_functions(ast.parse(path.read_text("utf-8")))
        for _, _, pattern in _inline(function)
        if pattern is None
    }
    assert made == MADE.keys()


def _cached_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Those that build the module's patterns on first need: cached, and without parameters."""
    for function in tree.body:
        match function:
            case ast.FunctionDef(
                args=ast.arguments(args=[], kwonlyargs=[], vararg=None, kwarg=None),
                decorator_list=[ast.Name(id="cache")],
                returns=ast.expr() as returned,
            ) if "re.Pattern" in ast.unparse(returned):
                yield function


def _other_functions(tree: ast.Module) -> Iterator[ast.AST]:
    cached = set(_cached_functions(tree))
    every = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))
    return (each for each in every if each not in cached)


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"\s+$", "search"),
        (r"\[[^\]]*\]", "finditer"),
        (r"(?:a|a)+b", "match"),
        (r"^\s*re\s*(?:\[\d+\])?\s*:", "match"),
        (r"<style>(.*?)</style>", "finditer"),
    ],
)
def test_s12_a_slow_pattern_would_be_seen(pattern: str, way: str) -> None:
    assert next(is_slow(Use("x", re.compile(pattern), frozenset({way}))), None)
