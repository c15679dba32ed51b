"""What comes with a form beside the person's own words: how, when and from where it was sent."""

from collections.abc import Mapping
from itertools import islice

from leadloop.intake.attribution import CLICK_IDS, UTM
from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.doors import Door, FormDoor
from leadloop.intake.envelope import Envelope
from leadloop.intake.mapping import shown, target
from leadloop.model.base import Reason
from leadloop.model.submission import ConsentGiven, Solved

SHOWN_FOR = 24 * 3600  # seconds that a page may lie open before its signature is worth nothing
VERSION = "consent_version"  # what a page posts beside the box
VISITOR_FIELD = "visitor_id"  # what the visits' script keeps, if the visitor agreed
HINTS = frozenset({*UTM, *CLICK_IDS, "referrer", "landing_page", "typed_seconds", "device"})
# What our page and script add for themselves.
OUR_OWN = frozenset(
    {"submission_key", "page_token", "thank_you", VERSION, VISITOR_FIELD, *HINTS}
    | {kind.field for kind in CAPTCHAS.values()}
)
MOST_IGNORED, MOST_NAME = 50, 100  # names that are told, and characters of each
MOST_TOKEN = 4_000  # characters; the longest that a provider makes has half of them


def as_shown(
    given: ConsentGiven | None, document: Mapping[str, object], source: FormDoor
) -> ConsentGiven | None:
    """The proof names the wording that was shown; one that we no longer know grants nothing."""
    version = document.get(VERSION)
    if given is None or source.consent is None or not isinstance(version, str):
        return given
    known = version in source.consent.versions
    return given.but(text_version=shown(version[:100]), purposes=given.purposes if known else ())


def hurry(envelope: Envelope, source: FormDoor) -> tuple[Reason, ...]:
    """Why a machine may have sent this. In doubt a person looks: nobody who types fast is lost."""
    if not source.minimum_seconds:
        return ()
    seconds = envelope.touch.shown_seconds
    if seconds is None or seconds > SHOWN_FOR:
        return (Reason(code="page_not_shown", text="sent without a fresh page of ours"),)
    if seconds >= source.minimum_seconds:
        return ()
    least = f"nobody types this in less than {source.minimum_seconds} s"
    return (Reason(code="too_quick", text=f"sent {seconds} s after the page was shown; {least}"),)


def solved(document: Mapping[str, object], source: FormDoor) -> Solved | None:
    """The token of the form's captcha, if it has one."""
    if source.captcha is None:
        return None
    token = document.get(CAPTCHAS[source.captcha.provider].field)
    return Solved(
        provider=source.captcha.provider,
        token=shown(token[:MOST_TOKEN]) if isinstance(token, str) else "",
    )


def ignored(document: Mapping[str, object], source: Door, *others: str | None) -> tuple[str, ...]:
    """Names that nothing takes: a mapping that was forgotten, or somebody who tries `owner_id`.

    `others` are names that the door itself reads.
    """
    known = {*OUR_OWN, *others}
    names = (name for name in document if name not in known and not target(name, source.fields))
    return tuple(name[:MOST_NAME] for name in islice(names, MOST_IGNORED))
