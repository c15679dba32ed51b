"""Addresses that people and programs write where none is known: `none@none.com`.

Each of them would make one person of all people who have none. No person's own address is refused:
a word that may be a name or a mailbox (`na@`, `test@`) counts only where the domain says no more
than the word does.
"""

import re
from collections.abc import Mapping
from functools import cache

from leadloop.intake.text.phrase_files import load_phrases

NOISE = re.compile(r"[\d._+-]+")
MASKED_PART = re.compile(r"\*|…|•|\.{3}")  # `j***@g****.com`, which a portal shows until it is paid


def is_placeholder_address(address: str) -> bool:
    """Whether an address says only that there is none."""
    mailbox, domain = _address_words(address)
    words = _words()
    return bool(domain) and (
        MASKED_PART.search(address) is not None
        or mailbox in words["no_address"]
        or (mailbox in words["vague"] and (_is_placeholder_domain(domain) or domain == "example"))
        or (mailbox in words["no_address_at_provider"] and domain in words["provider"])
    )


def is_trial_address(address: str) -> bool:
    """Whether somebody only tries something out: `test@test.com`.

    example.com is not among them: it is there for tests that shall pass (RFC 2606).
    """
    mailbox, domain = _address_words(address)
    words = _words()
    return (mailbox in words["trial"] and _is_placeholder_domain(domain)) or (
        mailbox in words["trial_at_provider"] and domain in words["provider"]
    )


def is_provider_address(address: str) -> bool:
    """Whether everybody may have an address at this domain."""
    return _address_words(address)[1] in _words()["provider"]


def _is_placeholder_domain(domain: str) -> bool:
    words = _words()
    return any(domain in words[group] for group in ("vague", "trial", "placeholder_domain"))


def _address_words(address: str) -> tuple[str, str]:
    """The mailbox and the first part of its domain, without digits and dots."""
    local, at, domain = address.strip().casefold().rpartition("@")
    return (NOISE.sub("", local), NOISE.sub("", domain.partition(".")[0])) if at else ("", "")


@cache
def _words() -> Mapping[str, frozenset[str]]:
    groups = load_phrases("leadloop.intake.fields", "placeholders")
    return {group: frozenset(words) for group, words in groups.items()}
