"""Faults in a form: what its page can never show, and what nobody could send."""

from collections import Counter
from collections.abc import Iterator

from leadloop.intake.fields.mapping import CONSENT_FIELD, resolve_name
from leadloop.intake.forms.redirect import WEB_ADDRESS
from leadloop.intake.policy import FormSource
from leadloop.intake.public_sources import FieldRow
from leadloop.playbook.checks.mappings import LocatedFault


def form_faults(source: FormSource) -> Iterator[LocatedFault]:
    """The faults of a form's row: each place in it, and what is wrong there."""
    if source.thank_you is not None and not WEB_ADDRESS.fullmatch(source.thank_you):
        yield ("thank_you",), "is a whole address, as in https://www.example.com/thanks"
    for n, row in enumerate(source.page.fields):
        for text in _field_faults(row, source):
            yield ("page", "fields", n), text
    names = Counter(row.name for row in source.page.fields)
    for name in (name for name, count in names.items() if count > 1):
        yield ("page", "fields"), f"{name} is there twice"
    yield from _required_field_faults(source)
    yield from _consent_wording_faults(source)


def _field_faults(row: FieldRow, source: FormSource) -> Iterator[str]:
    field_name = resolve_name(row.name, source.fields)
    if field_name is None:
        yield f"nothing is done with {row.name}: it is not among the source's `fields`"
    elif field_name == CONSENT_FIELD:
        yield "consent has a box of its own, with the wording of `consent`"
    elif row.kind == "file" and not field_name.startswith("fields."):
        yield f"a file is a field of your own (`fields.…`), not {field_name}"
    if row.kind == "select" and not row.options:
        yield f"{row.name} has nothing to choose from"
    if row.options and row.kind not in {None, "select"}:
        yield f"only a select has options, not a {row.kind}"


def _required_field_faults(source: FormSource) -> Iterator[LocatedFault]:
    """Required fields that the page does not show, so that nobody could send the form."""
    page_fields = {resolve_name(row.name, source.fields) for row in source.page.fields}
    for n, name in enumerate(source.required):
        if page_fields and resolve_name(name, source.fields) not in {*page_fields, CONSENT_FIELD}:
            yield ("required", n), f"{name} is not on the page, so nobody could send the form"


def _consent_wording_faults(source: FormSource) -> Iterator[LocatedFault]:
    consent = source.consent
    if consent is None:
        return
    if len(consent.versions) <= len(consent.translations):
        yield ("consent", "translations"), "each wording has a version of its own"
    languages = source.page.headline if source.language in source.page.headline else ()
    for language in languages:
        if language not in {source.language, *consent.translations}:
            text = "is never shown: there is no wording of the consent in this language"
            yield ("page", "headline", language), text
