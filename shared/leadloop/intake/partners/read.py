"""Posts of partners: JSON, name=value pairs, ADF or XML in a shape of their own.

Values go by the source's own names; the playbook says where they are in nested JSON or XML.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.fields.flat_document import (
    HINTS,
    MOST_NAME,
    check_document,
    consent_record,
    unused_names,
)
from leadloop.intake.fields.mapping import (
    CONSENT_FIELD,
    build_submission,
    missing_field_reasons,
    resolve_name,
    storage_fault,
)
from leadloop.intake.fields.prospect import VENDOR_ID_FIELD, Prospect, is_resend
from leadloop.intake.formats import mapped_xml
from leadloop.intake.formats.adf import foreign_elements, is_adf, read_adf
from leadloop.intake.policy import PartnerSource, XmlBody
from leadloop.intake.text import json_paths
from leadloop.intake.text.bodies import (
    MOST_FIELDS,
    check_content_type,
    check_size,
    json_object,
    parse_body,
)
from leadloop.intake.text.character_references import REFERENCE, is_valid_character
from leadloop.intake.text.decoding import text_of_bytes
from leadloop.intake.text.json_paths import DocumentValues
from leadloop.intake.text.media_types import FORM_URLENCODED, XML_TYPES, media_type
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, Unreadable
from leadloop.model.submission import Submission

PARTNER_BYTES = 192 * 1024
GROUPS = ("contact", "interest", "fields")


class PartnerPost:
    """A partner's body, parsed at most once, when its key or its submissions are asked for."""

    def __init__(self, content_type: str | None, body: bytes, source: PartnerSource) -> None:
        self._content_type, self._body, self._source = content_type, body, source

    def key(self) -> str | None:
        """The value of the mapped key field, which serves when the header with the key is missing.

        Raises:
            TooLarge, Unreadable, FieldsInvalid: as `submissions` does.

        """
        check_size(PARTNER_BYTES, self._body)
        value = self._key_value()
        key = (str(value).strip() or None) if isinstance(value, str | int) else None
        if key and (fault := storage_fault(self._source.key_field or "key", key)):
            raise FieldsInvalid((fault,))
        return key

    def submissions(self, envelope: Envelope) -> tuple[Submission, ...]:
        """The leads of the body; several only where it is ADF.

        Raises:
            TooLarge: the body has more than `PARTNER_BYTES`.
            Unreadable: the body is not in the format that its content type names.
            FieldsInvalid: names all faults of the values at once.

        """
        source = self._source
        check_size(PARTNER_BYTES, self._body)
        if not self._is_xml:
            values = _flatten_document(self._document, source)
            return (_build_submission(envelope, values, source),)
        text = _refuse_unstorable(self._text)
        if source.xml is None or is_adf(text):
            ignored = foreign_elements(text)
            return tuple(
                _prospect(envelope, prospect, n, source).but(
                    ignored=(*ignored, *_other_names(prospect.ignored, ignored))
                )
                for n, prospect in enumerate(self._prospects, 1)
            )
        values = _read_mapped_xml(self._xml_root, source.xml)
        submission = _build_submission(envelope, values, _xml_source(source, source.xml))
        return (submission.but(parser=mapped_xml.PARSER),)

    def _key_value(self) -> object:
        field, xml = self._source.key_field, self._source.xml
        if not self._is_xml:
            if field is None:
                return None
            return json_paths.follow_paths(self._document, [field]).values.get(field)
        if xml is None or is_adf(self._text):
            fields = self._prospects[0].parts.fields if field and len(self._prospects) == 1 else {}
            key = fields.get(VENDOR_ID_FIELD)
            # Sent again on purpose, it is no other post under a used key.
            return f"{key} resend {sha256(self._body)}" if key and is_resend(fields) else key
        return xml.key and mapped_xml.read_xpaths(self._xml_root, [xml.key]).values.get(xml.key)

    @property
    def _is_xml(self) -> bool:
        return media_type(self._content_type) in XML_TYPES

    @cached_property
    def _document(self) -> Mapping[str, object]:
        return _document(self._content_type, self._body)

    @cached_property
    def _text(self) -> str:
        return text_of_bytes(self._body, None)

    @cached_property
    def _prospects(self) -> tuple[Prospect, ...]:
        return read_adf(self._text)

    @cached_property
    def _xml_root(self) -> mapped_xml.Element:
        return mapped_xml.parse_xml(self._text)


def read_partner_post(
    envelope: Envelope, body: bytes, source: PartnerSource
) -> tuple[Submission, ...]:
    """The leads of a partner's body. Raises as `PartnerPost.submissions`."""
    return PartnerPost(envelope.content_type, body, source).submissions(envelope)


def _document(content_type: str | None, body: bytes) -> Mapping[str, object]:
    """The body as named values; those of JSON may be nested."""
    match media_type(content_type):
        case "application/json" | "text/json":
            return json_object(body)
        case "text/plain":
            return _lines(body)
        case media if media == FORM_URLENCODED:
            return parse_body(content_type, body)
        case unknown:
            raise Unreadable(
                f"cannot read “{unknown}”; send application/json, {FORM_URLENCODED}, text/plain "
                "(lines of name=value) or application/xml"
            )


def _lines(body: bytes) -> dict[str, object]:
    """The values of a text with `name=value` on each line."""
    check_content_type(body, "text/plain")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"the text is not UTF-8 (byte {error.start})") from error
    values: dict[str, object] = {}
    for number, line in enumerate(text.split("\n"), 1):
        name, sign, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not name or not sign:
            raise Unreadable(f"line {number} is not name=value")
        if name in values:
            raise Unreadable(
                f"line {number}: {name[: json_paths.LONGEST_REPORTED]} stands there a second time"
            )
        if len(values) == MOST_FIELDS:
            raise Unreadable(f"the text has more than {MOST_FIELDS} lines")
        values[name] = value
    return values


def _refuse_unstorable(text: str) -> str:
    """The text itself. A partner can correct its post, so nothing in it is replaced silently."""
    if (position := text.find("\0")) >= 0:
        raise Unreadable(f"remove the NUL character, character {position + 1} of the XML")
    for reference in REFERENCE.finditer(text):
        if not is_valid_character(reference):
            raise Unreadable(f"{reference[0]} is no character; leave it out")
    return text


def _build_submission(
    envelope: Envelope, values: DocumentValues, source: PartnerSource
) -> Submission:
    submission = check_document(envelope, values.values, source, source.consent, values.misfits)
    unused = (name[:MOST_NAME] for name in unused_names(values.values, source, source.consent))
    return submission.but(ignored=tuple(dict.fromkeys((*values.ignored, *unused))))


def _read_mapped_xml(root: mapped_xml.Element, xml: XmlBody) -> DocumentValues:
    key = () if xml.key is None else (xml.key,)
    return mapped_xml.read_xpaths(root, (*xml.fields, *key))


def _xml_source(source: PartnerSource, xml: XmlBody) -> PartnerSource:
    """The source with the paths of its XML as names, also of what is required."""
    required_fields = {resolve_name(name, source.fields) for name in source.required}
    required = tuple(
        path for path in xml.fields if resolve_name(path, xml.fields) in required_fields
    )
    return source.but(fields=xml.fields, required=required)


def _prospect(
    envelope: Envelope, prospect: Prospect, number: int, source: PartnerSource
) -> Submission:
    reasons = [
        *prospect.doubts,
        *missing_field_reasons(source.required, prospect.parts, source.fields),
    ]
    if source.consent and source.consent.required and not prospect.parts.consent:
        reasons.append(Reason(code="consent_required", text="consent: has to be given"))
    if reasons:
        raise FieldsInvalid(tuple(reasons))
    return build_submission(
        envelope,
        prospect.parts,
        prospect.parser,
        n=number,
        consent=consent_record(envelope, prospect.parts, source.consent),
    )


def _other_names(dotted: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """Those of the dotted names whose last name is not known."""
    return (name for name in dotted if name.rpartition(".")[2] not in known)


def _flatten_document(document: Mapping[str, Any], source: PartnerSource) -> DocumentValues:
    """The values of a document by flat names: `contact.email`, or a path of the playbook.

    The groups `contact` and `interest` are opened. In the group `fields`, only what the playbook
    maps is read.
    """
    flat = {name: value for name, value in document.items() if name not in GROUPS}
    for group in GROUPS[:2]:
        inner = document.get(group)
        if isinstance(inner, dict):
            flat.update({f"{group}.{name}": value for name, value in inner.items()})
    paths = [path for path in source.fields if path not in flat]
    mapped = json_paths.follow_paths(document, paths)
    key = () if source.key_field is None else (source.key_field,)
    our_names = (name for name in flat if resolve_name(name, source.fields) is not None)
    mapped_names = {*source.fields, *key, *our_names, *HINTS, CONSENT_FIELD}
    return DocumentValues(
        {**flat, **mapped.values}, mapped.misfits, json_paths.ignored_names(document, mapped_names)
    )
