"""What in a form's row can never be shown, or never be sent."""

from collections import Counter
from collections.abc import Iterator

from leadloop.intake.fields.mapping import CONSENT_FIELD, resolve_name
from leadloop.intake.forms.redirect import WEB_ADDRESS
from leadloop.intake.policy import FormSource
from leadloop.intake.public_sources import FieldRow
from leadloop.playbook.checks.mappings import LocatedFault


def form_faults(source: FormSource) -> Iterator[LocatedFault]:
    """Where in the row, and what is wrong there."""
    if source.thank_you is not None and not WEB_ADDRESS.fullmatch(source.thank_you):
        yield ("thank_you",), "is a whole address, as in https://www.example.com/thanks"
    for n, row in enumerate(source.page.fields):
        for what in _field_faults(row, source):
            yield ("page", "fields", n), what
    names = Counter(row.name for row in source.page.fields)
    for name in (name for name, count in names.items() if count > 1):
        yield ("page", "fields"), f"{name} is there twice"
    yield from _required_field_faults(source)
    yield from _consent_wording_faults(source)


def _field_faults(row: FieldRow, source: FormSource) -> Iterator[str]:
    ours = resolve_name(row.name, source.fields)
    if ours is None:
        yield f"nothing is done with {row.name}: it is not among the source's `fields`"
    elif ours == CONSENT_FIELD:
        yield "consent has a box of its own, with the wording of `consent`"
    elif row.kind == "file" and not ours.startswith("fields."):
        yield f"a file is a field of your own (`fields.…`), not {ours}"
    if row.kind == "select" and not row.options:
        yield f"{row.name} has nothing to choose from"
    if row.options and row.kind not in {None, "select"}:
        yield f"only a select has options, not a {row.kind}"


def _required_field_faults(source: FormSource) -> Iterator[LocatedFault]:
    """What nobody can fill in is asked of nobody."""
    asked = {resolve_name(row.name, source.fields) for row in source.page.fields}
    for n, name in enumerate(source.required):
        if asked and resolve_name(name, source.fields) not in {*asked, CONSENT_FIELD}:
            yield ("required", n), f"{name} is not on the page, so nobody could send the form"


def _consent_wording_faults(source: FormSource) -> Iterator[LocatedFault]:
    consent = source.consent
    if consent is None:
        return
    if len(consent.versions) <= len(consent.translations):
        yield ("consent", "translations"), "each wording has a version of its own"
    known = source.page.headline if source.language in source.page.headline else ()
    for language in known:
        if language not in {source.language, *consent.translations}:
            what = "is never shown: there is no wording of the consent in this language"
            yield ("page", "headline", language), what
