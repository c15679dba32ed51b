"""Patterns of how mail servers report a mail that came back, built from `phrases/bounces.txt`."""

import re
from functools import cache
from typing import Any

from leadloop.intake.mail.evidence import PLAIN_ADDRESS
from leadloop.intake.text.phrase_files import alternatives
from leadloop.policy.patterns import compile_pattern


@cache
def not_delivered_pattern() -> Any:  # noqa: ANN401 - a pattern of RE2
    """Finds words that say a mail did not arrive."""
    return compile_pattern(f"(?i){alternatives(__package__, 'bounces', 'not_delivered')}")


@cache
def temporary_failure_pattern() -> Any:  # noqa: ANN401 - a pattern of RE2
    """Finds words or a status (RFC 3463) of a failure that may pass, such as a full mailbox."""
    words = alternatives(__package__, "bounces", "temporary")
    return compile_pattern(rf"(?i)\b4\d\d[ -]#?4\.\d|\b4\.\d\.\d{{1,3}}\b|{words}|\b5\.2\.2\b")


@cache
def permanent_failure_pattern() -> Any:  # noqa: ANN401 - a pattern of RE2
    """Finds words or a status (RFC 3463) of a failure that would happen again."""
    words = alternatives(__package__, "bounces", "permanent")
    return compile_pattern(rf"(?i)\b5\.\d{{1,2}}\.\d{{1,3}}\b|\b55[0-4][ -]|{words}")


@cache
def enclosed_mail_pattern() -> re.Pattern[str]:
    """Finds the line with which the returned mail begins, or the one above it."""
    words = alternatives(__package__, "bounces", "enclosed_mail")
    return re.compile(rf"(?im)^[ \t>|*-]{{0,40}}(?:{words}|received:|return-path:)")


@cache
def enclosed_mail_mention_pattern() -> re.Pattern[str]:
    """Finds a line that speaks of the returned mail, which does not follow yet."""
    return re.compile(rf"(?im)^{alternatives(__package__, 'bounces', 'enclosed_mail_mention')}")


@cache
def address_line_pattern() -> re.Pattern[str]:
    """Finds an address that begins a line, as most servers list those they failed for."""
    label = alternatives(__package__, "bounces", "recipient_label")
    return re.compile(
        rf"(?im)^[ \t>*|-]{{0,12}}(?:{label}(?:\s{{0,3}}:\s{{0,3}}|\s{{1,3}}))?"
        rf"[<(\"'\[]?({PLAIN_ADDRESS})"
        r"[>)\"'\]]{0,2}[ \t]{0,8}(?:[:;,.)(<-]|$|(?<=\s)(?:on|was)\s)"
    )


@cache
def address_mention_pattern() -> re.Pattern[str]:
    """Finds an address in a sentence: "could not be delivered to <a@b.example>"."""
    word = alternatives(__package__, "bounces", "recipient_word")
    return re.compile(rf"(?i)\b{word}[\s:'\"(]{{1,6}}[<\"'\[(]{{0,2}}({PLAIN_ADDRESS})")
