"""Addresses that people and programs write where none is known: `none@none.com`.

Each would make one person of all who have none. Nobody's own address is refused: a word that may
be a name or a mailbox (`na@`, `test@`) counts only where the domain says no more than it does.
"""

import re

NOISE = re.compile(r"[\d._+-]+")
MASKED_PART = re.compile(r"\*|…|•|\.{3}")  # `j***@g****.com`, for who has not paid yet
# Nothing else than that there is none, whatever the domain.
NONE_WORDS = (
    "noemail noemails nomail noemailaddress noemailgiven noemailprovided noemailavailable "
    "donthaveemail donthaveanemail doesnothaveemail doesnthaveemail notprovided notgiven "
    "notavailable nonegiven noneprovided emailnotprovided customerdeclined customerrefused "
    "declinedemail refusedemail noreply donotreply dontreply keinemail keineemail "
    "keineemailadresse keineangabe keineadresse ohneemail ohnemail nichtangegeben pasdemail "
    "pasdemel pasdadresse pasemail aucunmail aucunemail nonrenseigne sinemail sincorreo notiene "
    "notienecorreo notieneemail senzaemail senzamail nessunaemail nessunamail semmail sememail "
    "naotem naotememail geenmail geenemail brakmaila brakemaila brakemail brakadresu ingenmail "
    "ingenemail ingenepost bezmailu nemamail нетпочты"
)
NONE_MAILBOXES = frozenset(NONE_WORDS.split())
# Words for nothing or nobody, which may be a name or a mailbox, too.
VAGUE_WORDS = (
    "none no non na nil null nobody noone unknown undefined anonymous anonym nothing nada nope "
    "declined refused yourname youremail someone somebody email mail kein keine keiner aucun "
    "aucune ninguno ninguna nessuno nessuna nenhum nenhuma geen brak ingen inget unbekannt inconnu "
    "desconocido sconosciuto нет"
)
VAGUE_MAILBOXES = frozenset(VAGUE_WORDS.split())
# Words of who only tries it out, or has to write something.
TRIAL_WORDS = (
    "test tester testing sample demo dummy fake xx xxx xxxx aa aaa abc abcd asd asdf asdfasdf "
    "qwerty user name"
)
TRIAL_MAILBOXES = frozenset(TRIAL_WORDS.split())
# Domains that say no more than such a word.
PLACEHOLDER_DOMAINS = (
    VAGUE_MAILBOXES | TRIAL_MAILBOXES | {"domain", "yourdomain", "company", "website", "site"}
)
# Where everybody may have an address, and these are given for none.
NONE_AT_FREE_MAIL = frozenset(
    {"none", "null", "nil", "unknown", "undefined", "nobody", "noone", "declined"}
)
TRIAL_AT_FREE_MAIL = frozenset({"test", "testing", "dummy"})
FREE_MAIL_DOMAINS = frozenset(
    {"gmail", "googlemail", "yahoo", "hotmail", "outlook", "aol", "live", "gmx", "web", "icloud"}
)


def is_placeholder_address(address: str) -> bool:
    """Whether an address says only that there is none."""
    word, house = _words(address)
    return bool(house) and (
        MASKED_PART.search(address) is not None
        or word in NONE_MAILBOXES
        or (word in VAGUE_MAILBOXES and (house in PLACEHOLDER_DOMAINS or house == "example"))
        or (word in NONE_AT_FREE_MAIL and house in FREE_MAIL_DOMAINS)
    )


def is_trial_address(address: str) -> bool:
    """Whether it is typed to try something out: `test@test.com`; example.com is there for that."""
    word, house = _words(address)
    return (word in TRIAL_MAILBOXES and house in PLACEHOLDER_DOMAINS) or (
        word in TRIAL_AT_FREE_MAIL and house in FREE_MAIL_DOMAINS
    )


def _words(address: str) -> tuple[str, str]:
    """Of the mailbox and of its domain's first part, without digits and dots."""
    local, at, domain = address.strip().casefold().rpartition("@")
    return (NOISE.sub("", local), NOISE.sub("", domain.partition(".")[0])) if at else ("", "")
