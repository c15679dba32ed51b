"""What in a form's row can never be shown, or never be sent."""

from collections import Counter
from collections.abc import Iterator

from leadloop.intake.fields.mapping import CONSENT, target
from leadloop.intake.forms.redirect import ADDRESS
from leadloop.intake.policy import FormSource
from leadloop.intake.public_sources import FieldRow
from leadloop.playbook.checks.mappings import Found


def form_faults(source: FormSource) -> Iterator[Found]:
    """Where in the row, and what is wrong there."""
    if source.thank_you is not None and not ADDRESS.fullmatch(source.thank_you):
        yield ("thank_you",), "is a whole address, as in https://www.example.com/thanks"
    for n, row in enumerate(source.page.fields):
        for what in _field(row, source):
            yield ("page", "fields", n), what
    names = Counter(row.name for row in source.page.fields)
    for name in (name for name, count in names.items() if count > 1):
        yield ("page", "fields"), f"{name} is there twice"
    yield from _unshown(source)
    yield from _wordings(source)


def _field(row: FieldRow, source: FormSource) -> Iterator[str]:
    ours = target(row.name, source.fields)
    if ours is None:
        yield f"nothing is done with {row.name}: it is not among the source's `fields`"
    elif ours == CONSENT:
        yield "consent has a box of its own, with the wording of `consent`"
    elif row.kind == "file" and not ours.startswith("fields."):
        yield f"a file is a field of your own (`fields.…`), not {ours}"
    if row.kind == "select" and not row.options:
        yield f"{row.name} has nothing to choose from"
    if row.options and row.kind not in {None, "select"}:
        yield f"only a select has options, not a {row.kind}"


def _unshown(source: FormSource) -> Iterator[Found]:
    """What nobody can fill in is asked of nobody."""
    asked = {target(row.name, source.fields) for row in source.page.fields}
    for n, name in enumerate(source.required):
        if asked and target(name, source.fields) not in {*asked, CONSENT}:
            yield ("required", n), f"{name} is not on the page, so nobody could send the form"


def _wordings(source: FormSource) -> Iterator[Found]:
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
