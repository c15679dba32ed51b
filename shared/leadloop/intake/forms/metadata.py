"""What a form's post carries beside the person's words: consent version, time, captcha token.

In doubt whether a bot sent the post, a person looks at it: a person who types fast is not lost.
"""

from collections.abc import Mapping

from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.flat_document import CONSENT_VERSION_FIELD
from leadloop.intake.fields.mapping import CONSENT_FIELD, source_name
from leadloop.intake.public_sources import PublicForm
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.model.base import Reason
from leadloop.model.submission import CaptchaToken, ConsentRecord

PAGE_LIFETIME = 24 * 3600  # seconds for which a page's signature counts
MOST_TOKEN = 4_000  # characters; the longest token of a provider has half of them
MOST_VERSION = 100  # characters


def apply_consent_version(
    consent: ConsentRecord | None, document: Mapping[str, object], source: PublicForm
) -> ConsentRecord | None:
    """The consent with the version that the person saw; an unknown version has no purposes."""
    version = document.get(CONSENT_VERSION_FIELD)
    if consent is None or source.consent is None or not isinstance(version, str):
        return consent
    is_known = version in source.consent.versions
    return consent.but(
        text_version=replace_unstorable(version[:MOST_VERSION]),
        purposes=consent.purposes if is_known else (),
    )


def consent_version_faults(
    document: Mapping[str, object], source: PublicForm
) -> tuple[Reason, ...]:
    """A fault if the person saw another wording than today's, and must agree again."""
    version = document.get(CONSENT_VERSION_FIELD)
    if source.consent is None or version is None or version in source.consent.versions:
        return ()
    name = source_name(CONSENT_FIELD, source.fields)
    text = f"{name}: the text has changed; it is to be read and agreed to again"
    return (Reason(code="consent_changed", text=text, field=name),)


def bot_suspicions(envelope: Envelope, source: PublicForm) -> tuple[Reason, ...]:
    """Reasons to suspect a bot; empty if none.

    They are: sent faster than `minimum_seconds`, or without a page of ours signed in the last
    `PAGE_LIFETIME`.
    """
    if not source.minimum_seconds:
        return ()
    seconds = envelope.touch.shown_seconds
    if seconds is None or seconds > PAGE_LIFETIME:
        return (Reason(code="page_not_shown", text="sent without a fresh page of ours"),)
    if seconds >= source.minimum_seconds:
        return ()
    rule = f"nobody types this in less than {source.minimum_seconds} s"
    return (Reason(code="too_quick", text=f"sent {seconds} s after the page was shown; {rule}"),)


def read_captcha_token(document: Mapping[str, object], source: PublicForm) -> CaptchaToken | None:
    """The captcha token of a post, empty if it sent none; None if the form has no captcha."""
    if source.captcha is None:
        return None
    token = document.get(CAPTCHAS[source.captcha.provider].field)
    return CaptchaToken(
        provider=source.captcha.provider,
        token=replace_unstorable(token[:MOST_TOKEN]) if isinstance(token, str) else "",
    )
