"""A form's row of the playbook as a page shows it: what is not said follows from the mapping."""

from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.fields.mapping import CONSENT, LONG, LONGEST, name_of, target
from leadloop.intake.forms.field_defaults import AUTOCOMPLETE, KINDS, LABELS
from leadloop.intake.public_sources import ByLanguage, FieldRow, FormDoor
from leadloop.model.field_kind import FieldKind
from leadloop.model.form import (
    Option,
    ShownCaptcha,
    ShownConsent,
    ShownField,
    ShownForm,
)

LANGUAGE = "contact.language"


def shown(source: FormDoor, language: str | None = None) -> ShownForm:
    """In the language wished for, if the form has it; else in its own."""
    spoken = languages(source)
    chosen = language if language in spoken else source.language
    page = source.page
    rows = page.fields or _usual(source)
    return ShownForm(
        id=source.id,
        language=chosen,
        languages=spoken,
        headline=_said(page.headline, chosen, source),
        intro=_said(page.intro, chosen, source),
        button=_said(page.button, chosen, source),
        thanks=_said(page.thanks, chosen, source),
        fields=tuple(_field(row, source, chosen) for row in rows),
        consent=_consent(source, chosen),
        captcha=_captcha(source),
        device=source.device and source.consent is not None,
        honeypot=source.honeypot,
        thank_you=source.thank_you,
    )


def languages(source: FormDoor) -> tuple[str, ...]:
    """The form's own first. Another one needs a headline, and the wording of what is agreed to."""
    consent = source.consent
    others = (
        language
        for language in source.page.headline
        if language != source.language and (consent is None or language in consent.translations)
    )
    return (source.language, *others)


def _usual(source: FormDoor) -> tuple[FieldRow, ...]:
    """All of the mapping, in its order; what is required and not mapped comes by our own name."""
    names = dict.fromkeys((*source.fields, *source.required))
    asked: dict[str, str] = {}
    for name in names:
        ours = target(name, source.fields)
        if ours and ours != CONSENT:
            asked.setdefault(ours, name_of(ours, source.fields))
    return tuple(FieldRow(name=name) for name in asked.values())


def _field(row: FieldRow, source: FormDoor, language: str) -> ShownField:
    ours = target(row.name, source.fields) or ""
    required = {target(name, source.fields) for name in source.required}
    label = row.labels.get(language) or LABELS.get(ours, {}).get(language)
    return ShownField(
        name=row.name,
        label=label or _said(row.labels, language, source) or _plain(ours, row.name),
        kind=row.kind or _kind(row, ours),
        value=language if ours == LANGUAGE else "",
        required=ours in required,
        hint=_said(row.hints, language, source),
        options=tuple(
            Option(value=each.value, label=_said(each.labels, language, source) or each.value)
            for each in row.options
        ),
        accept=row.accept,
        autocomplete=AUTOCOMPLETE.get(ours, ""),
        longest=LONGEST[ours in LONG],
    )


def _kind(row: FieldRow, ours: str) -> FieldKind:
    return "select" if row.options else KINDS.get(ours, "text")


def _plain(ours: str, name: str) -> str:
    """In a language that we have no words of: English, or the field's name as words."""
    known = LABELS.get(ours, {}).get("en")
    return known or name.replace("_", " ").replace(".", " ").strip().capitalize()


def _consent(source: FormDoor, language: str) -> ShownConsent | None:
    consent = source.consent
    if consent is None:
        return None
    words = consent if language == source.language else consent.translations[language]
    return ShownConsent(
        name=name_of(CONSENT, source.fields),
        version=words.version,
        text=words.text,
        required=consent.required,
    )


def _captcha(source: FormDoor) -> ShownCaptcha | None:
    if source.captcha is None:
        return None
    kind = CAPTCHAS[source.captcha.provider]
    return ShownCaptcha(widget=kind.widget, site_key=source.captcha.site_key, script=kind.script)


def _said(words: ByLanguage, language: str, source: FormDoor) -> str:
    return words.get(language) or words.get(source.language, "")
