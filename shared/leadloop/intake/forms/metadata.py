"""What comes with a form beside the person's own words: how, when and from where it was sent."""

from collections.abc import Mapping

from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.flat_document import CONSENT_VERSION_FIELD
from leadloop.intake.public_sources import PublicForm
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.model.base import Reason
from leadloop.model.submission import CaptchaToken, ConsentRecord

PAGE_LIFETIME = 24 * 3600  # seconds that a page may lie open before its signature is worth nothing
MOST_TOKEN = 4_000  # characters; the longest that a provider makes has half of them


def apply_consent_version(
    given: ConsentRecord | None, document: Mapping[str, object], source: PublicForm
) -> ConsentRecord | None:
    """The proof names the wording that was shown; one that we no longer know grants nothing."""
    version = document.get(CONSENT_VERSION_FIELD)
    if given is None or source.consent is None or not isinstance(version, str):
        return given
    known = version in source.consent.versions
    return given.but(
        text_version=replace_unstorable(version[:100]), purposes=given.purposes if known else ()
    )


def bot_suspicions(envelope: Envelope, source: PublicForm) -> tuple[Reason, ...]:
    """Why a machine may have sent this. In doubt a person looks: nobody who types fast is lost."""
    if not source.minimum_seconds:
        return ()
    seconds = envelope.touch.shown_seconds
    if seconds is None or seconds > PAGE_LIFETIME:
        return (Reason(code="page_not_shown", text="sent without a fresh page of ours"),)
    if seconds >= source.minimum_seconds:
        return ()
    least = f"nobody types this in less than {source.minimum_seconds} s"
    return (Reason(code="too_quick", text=f"sent {seconds} s after the page was shown; {least}"),)


def read_captcha_token(document: Mapping[str, object], source: PublicForm) -> CaptchaToken | None:
    """The token of the form's captcha, if it has one."""
    if source.captcha is None:
        return None
    token = document.get(CAPTCHAS[source.captcha.provider].field)
    return CaptchaToken(
        provider=source.captcha.provider,
        token=replace_unstorable(token[:MOST_TOKEN]) if isinstance(token, str) else "",
    )
