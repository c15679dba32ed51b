"""A partner's instructions from the playbook: its fields, and an example in each format.

An example is listed only if our own reader accepts it, so that no instructions are wrong. A format
that cannot hold a required value (ADF has no consent) has no example.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from lxml import etree

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.mapping import (
    CONSENT_FIELD,
    LONG_FIELDS,
    LONGEST,
    NUMBER_FIELDS,
    qualified_name,
    resolve_name,
)
from leadloop.intake.partners.read import read_partner_post
from leadloop.intake.policy import PartnerSource
from leadloop.intake.text.json_paths import DOTTED_NAME, PLAIN_NAME
from leadloop.intake.text.media_types import FORM_URLENCODED
from leadloop.model.contact import Contact, Interest
from leadloop.model.errors import Unreadable
from leadloop.model.submission import Channel

SAMPLES = {
    "contact.email": "rosa.marin@example.com",
    "contact.phone": "+49 30 23125 014",
    "contact.name": "Rosa Marín",
    "contact.first_name": "Rosa",
    "contact.last_name": "Marín",
    "contact.company": "Marín Pumpen GmbH",
    "contact.job_title": "Plant manager",
    "contact.country": "DE",
    "contact.region": "Berlin",
    "contact.city": "Berlin",
    "contact.street": "Am Brunnen 1",
    "contact.postcode": "10115",
    "contact.language": "de",
    "contact.website": "https://www.example.com",
    "interest.message": "Two of them by May, please. Call in the morning.",
    "interest.budget": "20000",
    "interest.employees": "120",
    "interest.timeframe": "within three months",
    "interest.product": "What the person asked for",
    CONSENT_FIELD: "true",
}
SAMPLE_TEXT, SAMPLE_ID = "as agreed", "A-1001"
SIMPLE_PATH = re.compile(r"(?:/[A-Za-z_][\w.-]*)+(?:/@[A-Za-z_][\w.-]*)?")
PREDICATE = re.compile(r"\[[^\]]*+(?:\]|\Z)")


class FieldInstruction(NamedTuple):
    """A name or path that the partner may use, for our field `field`, and its value's format."""

    name: str
    field: str
    required: bool
    format: str


class PostExample(NamedTuple):
    """A body that the reader accepts; `fields` are the names of its format, if it has its own."""

    title: str
    content_type: str
    body: str
    fields: tuple[FieldInstruction, ...] = ()


def field_instructions(source: PartnerSource) -> tuple[FieldInstruction, ...]:
    """The partner's own names in the playbook's order, then what else it must send."""
    fields = [_field_instruction(name, source.fields, source) for name in source.fields]
    mapped_fields = {each.field for each in fields}
    required = [name for name in source.required if name not in source.fields]
    consent = [CONSENT_FIELD] if source.consent is not None else []
    fields += [
        _field_instruction(name, source.fields, source)
        for name in (*required, *consent)
        if resolve_name(name, source.fields) not in mapped_fields
    ]
    return tuple(fields)


def common_names(source: PartnerSource) -> tuple[str, ...]:
    """Our own names that the partner may use for fields that its own names do not map."""
    mapped_fields = {each.field for each in field_instructions(source)}
    our_names = (*Contact.model_fields, *Interest.model_fields)
    return tuple(
        name
        for name in our_names
        if name not in source.fields
        and (field := resolve_name(name, source.fields)) is not None
        and field not in mapped_fields
    )


def build_examples(source: PartnerSource, now: datetime) -> tuple[PostExample, ...]:
    """An example in each format that the reader accepts from this partner."""
    candidates = (_json(source), _pairs(source), _lines(source), _adf(source), *_xml(source))
    return tuple(example for example in candidates if _is_accepted(example, source, now))


def _field_instruction(
    name: str, mapped: Mapping[str, str], source: PartnerSource
) -> FieldInstruction:
    field = resolve_name(name, mapped) or qualified_name(name)
    required_fields = {resolve_name(each, source.fields) for each in source.required}
    if source.consent is not None and source.consent.required:
        required_fields.add(CONSENT_FIELD)
    return FieldInstruction(name, field, field in required_fields, _describe_format(field))


def _describe_format(field: str) -> str:
    if field == CONSENT_FIELD:
        return "true or false"
    if field in NUMBER_FIELDS:
        return "a whole number"
    return f"text, at most {LONGEST[field in LONG_FIELDS]:,} characters"


def _is_accepted(example: PostExample, source: PartnerSource, now: datetime) -> bool:
    body = example.body.encode()
    envelope = Envelope.of(
        source.id,
        Channel.PARTNER,
        body,
        "example",
        now,
        content_type=example.content_type,
        test=True,
    )
    try:
        (submission,) = read_partner_post(envelope, body, source)
    except Unreadable:
        return False
    return bool(submission.contact.email or submission.contact.phone)


def _values(source: PartnerSource) -> dict[str, str]:
    """A sample for each of the partner's names; an expression only if it is required.

    There is always a way to reach the person, and the partner's own id of the lead.
    """
    fields = [
        each for each in field_instructions(source) if each.required or is_plain_name(each.name)
    ]
    values = {each.name: _sample(each.field, source) for each in fields}
    if not {each.field for each in fields} & {"contact.email", "contact.phone"}:
        values["email"] = SAMPLES["contact.email"]
    if source.key_field is not None and is_plain_name(source.key_field):
        values.setdefault(source.key_field, SAMPLE_ID)
    return values


def is_plain_name(path: str) -> bool:
    """Whether a path is a name or dotted names, which an example can hold as they are."""
    return PLAIN_NAME.fullmatch(path) is not None or DOTTED_NAME.fullmatch(path) is not None


def _sample(field: str, source: PartnerSource) -> str:
    if field == "contact.country":
        return source.country
    return source.language if field == "contact.language" else SAMPLES.get(field, SAMPLE_TEXT)


def _json(source: PartnerSource) -> PostExample:
    document: dict[str, Any] = {}
    for name, text in _values(source).items():
        value = int(text) if resolve_name(name, source.fields) in NUMBER_FIELDS else text
        steps = name.split(".") if DOTTED_NAME.fullmatch(name) else [name]
        _set_nested(document, steps, True if value == "true" else value)
    body = json.dumps(document, indent=2, ensure_ascii=False)
    return PostExample("JSON", "application/json", body)


def _set_nested(document: dict[str, Any], steps: list[str], value: object) -> None:
    *groups, last = steps
    for group in groups:
        document = document.setdefault(group, {})
        if not isinstance(document, dict):
            return
    document.setdefault(last, value)


def _pairs(source: PartnerSource) -> PostExample:
    return PostExample("Name-value pairs", FORM_URLENCODED, urlencode(_values(source)))


def _lines(source: PartnerSource) -> PostExample:
    body = "\n".join(f"{name}={value}" for name, value in _values(source).items())
    return PostExample("Lines of name=value", "text/plain", body)


def _adf(source: PartnerSource) -> PostExample:
    company = f"""
        <name part="full" type="business">{SAMPLES["contact.company"]}</name>"""
    required = {resolve_name(name, source.fields) for name in source.required}
    body = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<?adf version="1.0"?>
<adf>
  <prospect status="new">
    <id source="{source.id}">{SAMPLE_ID}</id>
    <customer>
      <contact>
        <name part="first">{SAMPLES["contact.first_name"]}</name>
        <name part="last">{SAMPLES["contact.last_name"]}</name>{
        company if "contact.company" in required else ""
    }
        <email>{SAMPLES["contact.email"]}</email>
        <phone type="voice">{SAMPLES["contact.phone"]}</phone>
      </contact>
      <comments>{SAMPLES["interest.message"]}</comments>
    </customer>
  </prospect>
</adf>"""
    return PostExample("ADF 1.0", "application/xml", body)


def _xml(source: PartnerSource) -> Iterator[PostExample]:
    """A document built from the paths without their predicates; the reader decides if it fits."""
    if source.xml is None:
        return
    root: etree._Element | None = None
    key = {source.xml.key: ""} if source.xml.key else {}
    for path, name in {**source.xml.fields, **key}.items():
        plain = PREDICATE.sub("", path)
        if not SIMPLE_PATH.fullmatch(plain):
            continue
        top, *steps = plain.strip("/").split("/")
        if root is None:
            root = etree.Element(top)
        if root.tag == top:
            value = _sample(qualified_name(name), source) if name else SAMPLE_ID
            _set_element(root, steps, value)
    if root is None:
        return
    etree.indent(root)
    fields = tuple(
        _field_instruction(path, source.xml.fields, source) for path in source.xml.fields
    )
    body = etree.tostring(root, encoding="unicode")
    yield PostExample("XML of your own", "application/xml", body, fields)


def _set_element(element: etree._Element, steps: list[str], value: str) -> None:
    for step in steps:
        if step.startswith("@"):
            element.set(step[1:], value)
            return
        inner = element.find(step)
        element = etree.SubElement(element, step) if inner is None else inner
    element.text = value
