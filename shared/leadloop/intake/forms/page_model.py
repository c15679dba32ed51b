"""The page of a form, from its row of the playbook; the mapping gives the defaults."""

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
    """The page in the requested language if the form has it, else in the form's own language."""
    available = form_languages(source)
    page_language = language if language in available else source.language
    page = source.page
    rows = page.fields or _default_rows(source)
    return FormPage(
        id=source.id,
        language=page_language,
        languages=available,
        headline=_text_in(page.headline, page_language, source),
        intro=_text_in(page.intro, page_language, source),
        button=_text_in(page.button, page_language, source),
        thanks=_text_in(page.thanks, page_language, source),
        fields=tuple(_field(row, source, page_language) for row in rows),
        consent=_consent(source, page_language),
        captcha=_captcha(source),
        device=source.device and source.consent is not None,
        honeypot=source.honeypot,
        thank_you=source.thank_you,
    )


def form_languages(source: PublicForm) -> tuple[str, ...]:
    """The languages of a form, its own first. Others need a headline and the consent's wording."""
    consent = source.consent
    others = (
        language
        for language in source.page.headline
        if language != source.language and (consent is None or language in consent.translations)
    )
    return (source.language, *others)


def _default_rows(source: PublicForm) -> tuple[FieldRow, ...]:
    """A row for each mapped field, in order, then for each required field that is not mapped."""
    names = dict.fromkeys((*source.fields, *source.required))
    sent_names: dict[str, str] = {}
    for name in names:
        field_name = resolve_name(name, source.fields)
        if field_name and field_name != CONSENT_FIELD:
            sent_names.setdefault(field_name, source_name(field_name, source.fields))
    return tuple(FieldRow(name=name) for name in sent_names.values())


def _field(row: FieldRow, source: PublicForm, language: str) -> FormField:
    field_name = resolve_name(row.name, source.fields) or ""
    required = {resolve_name(name, source.fields) for name in source.required}
    label = row.labels.get(language) or LABELS.get(field_name, {}).get(language)
    return FormField(
        name=row.name,
        label=label
        or _text_in(row.labels, language, source)
        or _default_label(field_name, row.name),
        kind=row.kind or _kind(row, field_name),
        value=language if field_name == LANGUAGE_FIELD else "",
        required=field_name in required,
        hint=_text_in(row.hints, language, source),
        options=tuple(
            Option(
                value=option.value, label=_text_in(option.labels, language, source) or option.value
            )
            for option in row.options
        ),
        accept=row.accept,
        autocomplete=AUTOCOMPLETE.get(field_name, ""),
        longest=LONGEST[field_name in LONG_FIELDS],
    )


def _kind(row: FieldRow, field_name: str) -> FieldKind:
    return "select" if row.options else KINDS.get(field_name, "text")


def _default_label(field_name: str, name: str) -> str:
    """The English label, or the sent name as words: for a language without labels of ours."""
    label = LABELS.get(field_name, {}).get("en")
    return label or name.replace("_", " ").replace(".", " ").strip().capitalize()


def _consent(source: PublicForm, language: str) -> FormConsent | None:
    consent = source.consent
    if consent is None:
        return None
    wording = consent if language == source.language else consent.translations[language]
    return FormConsent(
        name=source_name(CONSENT_FIELD, source.fields),
        version=wording.version,
        text=wording.text,
        required=consent.required,
    )


def _captcha(source: PublicForm) -> FormCaptcha | None:
    if source.captcha is None:
        return None
    kind = CAPTCHAS[source.captcha.provider]
    return FormCaptcha(widget=kind.widget, site_key=source.captcha.site_key, script=kind.script)


def _text_in(texts: TextByLanguage, language: str, source: PublicForm) -> str:
    return texts.get(language) or texts.get(source.language, "")
