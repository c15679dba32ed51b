"""A form's row of the playbook as a page shows it: what is not said follows from the mapping."""

from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.fields.mapping import (
    CONSENT_FIELD,
    LONG_FIELDS,
    LONGEST,
    resolve_name,
    source_name,
)
from leadloop.intake.forms.field_defaults import AUTOCOMPLETE, KINDS, LABELS
from leadloop.intake.public_sources import FieldRow, PublicForm, TextByLanguage
from leadloop.model.field_kind import FieldKind
from leadloop.model.form import FormCaptcha, FormConsent, FormField, FormPage, Option

LANGUAGE_FIELD = "contact.language"


def build_form_page(source: PublicForm, language: str | None = None) -> FormPage:
    """In the language wished for, if the form has it; else in its own."""
    spoken = form_languages(source)
    chosen = language if language in spoken else source.language
    page = source.page
    rows = page.fields or _default_rows(source)
    return FormPage(
        id=source.id,
        language=chosen,
        languages=spoken,
        headline=_text_in(page.headline, chosen, source),
        intro=_text_in(page.intro, chosen, source),
        button=_text_in(page.button, chosen, source),
        thanks=_text_in(page.thanks, chosen, source),
        fields=tuple(_field(row, source, chosen) for row in rows),
        consent=_consent(source, chosen),
        captcha=_captcha(source),
        device=source.device and source.consent is not None,
        honeypot=source.honeypot,
        thank_you=source.thank_you,
    )


def form_languages(source: PublicForm) -> tuple[str, ...]:
    """The form's own first. Another one needs a headline, and the wording of what is agreed to."""
    consent = source.consent
    others = (
        language
        for language in source.page.headline
        if language != source.language and (consent is None or language in consent.translations)
    )
    return (source.language, *others)


def _default_rows(source: PublicForm) -> tuple[FieldRow, ...]:
    """All of the mapping, in its order; what is required and not mapped comes by our own name."""
    names = dict.fromkeys((*source.fields, *source.required))
    asked: dict[str, str] = {}
    for name in names:
        ours = resolve_name(name, source.fields)
        if ours and ours != CONSENT_FIELD:
            asked.setdefault(ours, source_name(ours, source.fields))
    return tuple(FieldRow(name=name) for name in asked.values())


def _field(row: FieldRow, source: PublicForm, language: str) -> FormField:
    ours = resolve_name(row.name, source.fields) or ""
    required = {resolve_name(name, source.fields) for name in source.required}
    label = row.labels.get(language) or LABELS.get(ours, {}).get(language)
    return FormField(
        name=row.name,
        label=label or _text_in(row.labels, language, source) or _default_label(ours, row.name),
        kind=row.kind or _kind(row, ours),
        value=language if ours == LANGUAGE_FIELD else "",
        required=ours in required,
        hint=_text_in(row.hints, language, source),
        options=tuple(
            Option(value=each.value, label=_text_in(each.labels, language, source) or each.value)
            for each in row.options
        ),
        accept=row.accept,
        autocomplete=AUTOCOMPLETE.get(ours, ""),
        longest=LONGEST[ours in LONG_FIELDS],
    )


def _kind(row: FieldRow, ours: str) -> FieldKind:
    return "select" if row.options else KINDS.get(ours, "text")


def _default_label(ours: str, name: str) -> str:
    """In a language that we have no words of: English, or the field's name as words."""
    known = LABELS.get(ours, {}).get("en")
    return known or name.replace("_", " ").replace(".", " ").strip().capitalize()


def _consent(source: PublicForm, language: str) -> FormConsent | None:
    consent = source.consent
    if consent is None:
        return None
    words = consent if language == source.language else consent.translations[language]
    return FormConsent(
        name=source_name(CONSENT_FIELD, source.fields),
        version=words.version,
        text=words.text,
        required=consent.required,
    )


def _captcha(source: PublicForm) -> FormCaptcha | None:
    if source.captcha is None:
        return None
    kind = CAPTCHAS[source.captcha.provider]
    return FormCaptcha(widget=kind.widget, site_key=source.captcha.site_key, script=kind.script)


def _text_in(words: TextByLanguage, language: str, source: PublicForm) -> str:
    return words.get(language) or words.get(source.language, "")
