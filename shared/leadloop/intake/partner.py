"""What partners post with their key: JSON, urlencoded or ADF, by the source's own names."""

from collections.abc import Mapping
from functools import lru_cache

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from leadloop.intake.adf import XML_TYPES, Prospect, read_adf
from leadloop.intake.charset import text_of_bytes
from leadloop.intake.envelope import Envelope
from leadloop.intake.form import checked, document_of, media_type, proof, refuse_beyond
from leadloop.intake.mapping import missing, submission_of
from leadloop.intake.policy import PartnerSource
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, Unreadable
from leadloop.model.submission import Submission

PARTNER_BYTES = 192 * 1024
GROUPS = ("contact", "interest", "fields")


def check_partner(envelope: Envelope, body: bytes, source: PartnerSource) -> tuple[Submission, ...]:
    """Raises `TooLarge`, `Unreadable` or `FieldsInvalid`, which says all there is to mend."""
    refuse_beyond(PARTNER_BYTES, body)
    if media_type(envelope.content_type) in XML_TYPES:
        prospects = read_adf(text_of_bytes(body, None))
        return tuple(
            _prospect(envelope, prospect, n, source) for n, prospect in enumerate(prospects, 1)
        )
    document = document_of(envelope.content_type, body)
    return (checked(envelope, _flat(document, source.fields), source, source.consent),)


def key_of(content_type: str | None, body: bytes, source: PartnerSource) -> str | None:
    """The mapped field that serves as the key when the header is missing.

    Raises as `check_partner` does, since who cannot be read has no key.
    """
    if source.key_field is None or media_type(content_type) in XML_TYPES:
        return None
    refuse_beyond(PARTNER_BYTES, body)
    found = _search(source.key_field, document_of(content_type, body))
    return str(found) if isinstance(found, str | int) and str(found).strip() else None


def _prospect(envelope: Envelope, prospect: Prospect, n: int, source: PartnerSource) -> Submission:
    reasons = [*prospect.doubts, *missing(source.required, prospect.parts, source.fields)]
    if source.consent and source.consent.required and not prospect.parts.consent:
        reasons.append(Reason(code="consent_required", text="consent: has to be given"))
    if reasons:
        raise FieldsInvalid(tuple(reasons))
    return submission_of(
        envelope,
        prospect.parts,
        prospect.parser,
        n=n,
        consent=proof(envelope, prospect.parts, source.consent),
    )


def _flat(document: Mapping[str, object], mapped: Mapping[str, str]) -> dict[str, object]:
    """Our groups opened up, the partner's paths followed; a path's value goes by its own name.

    Only what the playbook maps comes in under `fields`.
    """
    flat = {name: value for name, value in document.items() if name not in GROUPS}
    for group in GROUPS[:2]:
        inner = document.get(group)
        if isinstance(inner, dict):
            flat.update({f"{group}.{name}": value for name, value in inner.items()})
    for path in mapped:
        if path not in flat:
            flat[path] = _search(path, document)
    return flat


def _search(path: str, document: Mapping[str, object]) -> object:
    if path in document:
        return document[path]
    try:
        return _compiled(path).search(document)
    except JMESPathError as error:
        raise Unreadable(f"the path “{path}” does not fit the body") from error


@lru_cache(maxsize=512)
def _compiled(path: str) -> ParsedResult:
    return jmespath.compile(path)
