"""Auto-lead Data Format (XML), as vendors really send it: broken markup is repaired.

In ADF the `vendor` is the dealer who receives the lead, the `provider` is the portal that brings
it, and only the `customer` is the person.

Source: ADF 1.0.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import entities
from itertools import islice

from lxml import etree

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.mapping import LONG_FIELDS, build_parts_leniently, value_or_none
from leadloop.intake.fields.prospect import STATUS_FIELD, Prospect
from leadloop.intake.formats.xml_nodes import has_words, node_text, tag_of
from leadloop.intake.text import character_references
from leadloop.intake.text.character_references import replace_unstorable
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

PARSER = "adf/6"  # the next number whenever the same bytes would be read differently
MOST_PROSPECTS = 50
MOST_CHARACTERS = 500_000
DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
INSTRUCTION = re.compile(r"<\?[^<>]{0,500}>")
BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
TAG = re.compile(r"<[A-Za-z][^<>]*>")
START_TAG = re.compile(r"<(?:[\w-]+:)?([A-Za-z][\w.-]*)")
UNQUOTED_ATTRIBUTE = re.compile(r"\"[^\"]*\"|'[^']*'|=\s*([^\s\"'<>=/]+)")
FORBIDDEN_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CDATA = "<![CDATA["
CDATA_SECTION = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
DOCUMENT = re.compile(r"<(?:[\w-]{1,40}:)?adf[\s>].*", re.IGNORECASE | re.DOTALL)
PROSPECT_START = re.compile(r"<(?:[\w-]{1,40}:)?prospect[\s/>]", re.IGNORECASE)
PROSPECT_END = re.compile(r"</(?:[\w-]{1,40}:)?prospect\s*>", re.IGNORECASE)
FIELD_ORIGINS = {
    "contact.name": "ADF customer name", "contact.first_name": "ADF customer name, part first",
    "contact.last_name": "ADF customer name, part last", "contact.email": "ADF customer email",
    "contact.phone": "ADF customer phone", "interest.product": "ADF vehicle",
    "interest.message": "ADF comments", "fields.vendor_lead_id": "ADF id",
}  # fmt: skip
NAME_PART_ALIASES = {
    "given": "first", "family": "last", "surname": "last", "fullname": "full",
    "firstname": "first", "lastname": "last",
}  # fmt: skip
NAME_PARTS = frozenset({*NAME_PART_ALIASES, "first", "middle", "last", "full", "suffix"})
NON_VOICE_PHONES = frozenset({"fax", "pager"})
OTHER_PARTIES = frozenset({"vendor", "provider"})
# As vendors call them; the norm's own name comes first.
PHONE_TAGS = (
    "phone", "cellphone", "mobilephone", "mobile", "cell", "homephone", "workphone", "dayphone",
    "eveningphone", "telephone", "phonenumber", "tel",
)  # fmt: skip
EMAIL_TAGS = ("email", "emailaddress", "e-mail", "mail")
STREET_TAGS = ("street", "streetaddress", "address1", "address2", "apartment", "unit", "suite")
VEHICLE_PARTS = ("year", "make", "model", "trim")
LEAF_TAGS = frozenset({"name", *PHONE_TAGS, *EMAIL_TAGS})  # an unclosed one swallows the next
QUOTE_CHARACTERS = " “”„‟‘’«»'\"`"  # round an attribute that a word processor went over
SELLER_INTERESTS = frozenset({"sell", "trade-in"})
TECHNICAL_TAGS = frozenset({"requestdate", "sequence"})  # of the mail, not of the person
ADF_WORDS = (
    "adf address amount apartment balance bodystyle city colorcombination comments condition "
    "contact country customer description doors earliestdate email exteriorcolor finance id "
    "imagetag interiorcolor latestdate make manufacturercode method model name odometer option "
    "optionname phone postalcode preference price pricecomments prospect provider regioncode "
    "requestdate service stock stocknumber street timeframe transmission trim url vehicle vendor "
    "vendorname vin weighting year"
)
ADF_NAMES = frozenset({*ADF_WORDS.split(), *PHONE_TAGS, *EMAIL_TAGS, *STREET_TAGS})
MOST_FOREIGN, LONGEST_FOREIGN = 50, 80
XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def is_adf(text: str) -> bool:
    """Whether there is an ADF document in a text."""
    return DOCUMENT.search(text) is not None and PROSPECT_START.search(text) is not None


def text_before_adf(text: str) -> str:
    """The text above the document; the whole text if there is none."""
    match = DOCUMENT.search(text)
    return text[: match.start()] if match else text


def foreign_elements(text: str) -> tuple[str, ...]:
    """The names of elements that are not ADF's and that the reader ignores, sorted."""
    names = {tag.lower()[:LONGEST_FOREIGN] for tag in START_TAG.findall(text)}
    return tuple(sorted(names - ADF_NAMES)[:MOST_FOREIGN])


def read_adf(text: str) -> tuple[Prospect, ...]:
    """All prospects of a document.

    Raises:
        Unreadable: no prospect, too many, or a document that is too long or declares entities.

    """
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"the XML has more than {MOST_CHARACTERS} characters")
    if DECLARATION.search(FORBIDDEN_CHARACTER.sub("", text)):  # a NUL inside it would hide one
        raise Unreadable("the XML has a DOCTYPE or entity declaration; send it without")
    match = DOCUMENT.search(
        INSTRUCTION.sub("", FORBIDDEN_CHARACTER.sub("", replace_unstorable(text)))
    )
    if match is None:
        raise Unreadable("there is no <adf> element")
    document = match.group()
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(_repair_document(document).encode("utf-8", "replace"), parser)
    if root is None:
        raise Unreadable("the XML cannot be read")
    prospects = [node for node in root.iter() if tag_of(node) == "prospect"]
    if not prospects:
        raise Unreadable("there is no <prospect> in the ADF")
    if len(prospects) > MOST_PROSPECTS:
        raise Unreadable(f"more than {MOST_PROSPECTS} prospects in one document")
    cut = len(PROSPECT_START.findall(document)) > len(PROSPECT_END.findall(document))
    return tuple(_prospect(node, _trailing_text(document) if cut else None) for node in prospects)


def _trailing_text(document: str) -> str:
    """The text in which a document that is cut off ends; "" if it ends inside a tag."""
    rest = document.rpartition(">")[2]
    return "" if "<" in rest else rest.strip()


def _repair_markup(document: str) -> str:
    """Repair what parsers lose: named characters of HTML, bare ampersands, unquoted attributes."""
    named = NAMED_ENTITY.sub(
        lambda m: m[0] if m[1] in XML_NAMES else entities.html5.get(f"{m[1]};", m[0]), document
    )
    numbered = character_references.REFERENCE.sub(_valid_reference, named)
    escaped = FORBIDDEN_CHARACTER.sub(
        "", BARE_AMPERSAND.sub("&amp;", numbered)
    )  # named ones may be, too
    return TAG.sub(lambda tag: UNQUOTED_ATTRIBUTE.sub(_quote_attribute, tag[0]), escaped)


def _valid_reference(match: re.Match[str]) -> str:
    """The reference, or U+FFFD where it names no character: lxml fails at half of one."""
    return match[0] if character_references.is_valid_character(match) else "\ufffd"


def _repair_document(document: str) -> str:
    """The document, repaired outside of CDATA, where every sign stands for itself."""
    return "".join(
        part if part.startswith(CDATA) else _repair_markup(part)
        for part in CDATA_SECTION.split(document)
    )


def _quote_attribute(match: re.Match[str]) -> str:
    return f'="{match[1]}"' if match[1] else match[0]


def _prospect(node: etree._Element, cut: str | None) -> Prospect:
    """The prospect of an element.

    `cut` is the text with which a document that is cut off ends. A field that is this text is not
    complete and is left out; half a phone number is another person's.
    """
    customer = _customer(node)
    values = {
        **(_contact_values(customer) if customer is not None else {}),
        **_interest_values(node, customer),
        **_ids(node, customer),
    }
    texts = {name: text for name, value in values.items() if (text := value_or_none(value))}
    if cut:
        texts = {name: text for name, text in texts.items() if text != cut or name in LONG_FIELDS}
    parts, faults = build_parts_leniently(texts)
    doubts = list(faults)
    if cut is not None:
        doubts.append(Reason(code="cut_off", text="the XML ends in the middle"))
    if customer is None:
        doubts.append(Reason(code="no_customer", text="there is no <customer>"))
    elif _has_several_contacts(customer):
        text = "there are several contacts, and none of them is said to be the first"
        doubts.append(Reason(code="two_persons", text=text))
    if not parts.contact.email and not parts.contact.phone:
        doubts.append(Reason(code="nobody_to_reach", text="no e-mail and no phone of a customer"))
    by = {name: FIELD_ORIGINS.get(name, f"ADF {name.partition('.')[2]}") for name in texts}
    return Prospect(parts, PARSER, tuple(doubts), by, _unread_names(node, texts))


def _customer(prospect: etree._Element) -> etree._Element | None:
    """The customer, also inside an unclosed element, but never inside the dealer or the portal."""
    for node in prospect.iter():
        if tag_of(node) == "customer" and not any(
            tag_of(ancestor) in OTHER_PARTIES for ancestor in node.iterancestors()
        ):
            return node
    return None


def _contact_values(customer: etree._Element) -> dict[str, str | None]:
    """The contact by full names, also where a vendor forgot the `<contact>` around it."""
    contact = next(iter(_contacts(customer)), customer)
    name_nodes = list(_fields(contact, "name"))
    names = {
        NAME_PART_ALIASES.get(part, part): value_or_none(text)
        for name in reversed(name_nodes)
        if _attribute(name, "type").lower() != "business"
        for part, text in _parts(name)
    }
    companies = [name for name in name_nodes if _attribute(name, "type").lower() == "business"]
    addresses = _in_place((contact, customer), "address")
    address = next((each for each in addresses if node_text(each)), contact)
    phones = _phones(contact)
    emails = (email for tag in EMAIL_TAGS for email in _fields(contact, tag))
    first = " ".join(n for n in (names.get("first"), names.get("middle")) if n)
    streets = (
        value_or_none(node_text(child)) for tag in STREET_TAGS for child in _children(address, tag)
    )
    return {
        "contact.name": names.get("full"),
        "contact.first_name": first or _child_text(contact, "firstname"),
        "contact.last_name": names.get("last") or _child_text(contact, "lastname"),
        "contact.email": _extract_email(next(map(_direct_text, emails), None)),
        "contact.phone": phones[0] if phones else None,
        "fields.other_phones": ", ".join(phones[1:]) or None,
        "contact.company": _direct_text(companies[0]) if companies else None,
        "contact.street": ", ".join(street for street in streets if street),
        "contact.city": _child_text(address, "city"),
        "contact.region": _child_text(address, "regioncode"),
        "contact.postcode": _child_text(address, "postalcode"),
        "contact.country": _child_text(address, "country"),
    }


def _contacts(customer: etree._Element) -> list[etree._Element]:
    """The contacts, the primary one first."""
    return sorted(
        _children(customer, "contact"), key=lambda each: _attribute(each, "primarycontact") != "1"
    )


def _has_several_contacts(customer: etree._Element) -> bool:
    first, *others = [*_contacts(customer), customer]
    return len(others) > 1 and _attribute(first, "primarycontact") != "1"


def _parts(name: etree._Element) -> Iterator[tuple[str, str]]:
    """Part and text of a name; some vendors write the parts as elements inside it."""
    inside = [child for child in name if tag_of(child) in NAME_PARTS]
    for child in inside:
        yield tag_of(child), _direct_text(child)
    if not inside:
        yield (_attribute(name, "part") or "full").lower(), _direct_text(name)


def _extract_email(text: str | None) -> str | None:
    """The first address in a text, without `mailto:`; without one, the text as it stands."""
    match = EMAIL_PATTERN.search(text or "")
    return match[0] if match else text


def _phones(contact: etree._Element) -> list[str]:
    """Each number once, the preferred one first, without fax and pager."""
    phones = [phone for tag in PHONE_TAGS for phone in _fields(contact, tag)]
    voices = [
        phone for phone in phones if _attribute(phone, "type").lower() not in NON_VOICE_PHONES
    ]
    voices.sort(key=lambda phone: _attribute(phone, "preferredcontact") != "1")
    return list(
        dict.fromkeys(text for phone in voices if (text := value_or_none(_direct_text(phone))))
    )


def _interest_values(
    prospect: etree._Element, customer: etree._Element | None
) -> dict[str, str | None]:
    """What is asked for: the first vehicle, the others beside it, and every comment."""
    vehicles = sorted(_children(prospect, "vehicle"), key=_is_seller_vehicle)
    wanted = [each for each in vehicles[1:] if not _is_seller_vehicle(each)]
    offered = [each for each in vehicles[1:] if _is_seller_vehicle(each)]
    vehicle = vehicles[0] if vehicles else None
    vehicle_comments = _joined_texts(vehicles, "comments")
    customers = [] if customer is None else [customer]
    comments = _joined_texts([*customers, *_in_place(customers, "contact")], "comments")
    comments = comments or _joined_texts([prospect], "comments")
    values: dict[str, str | None] = {
        "fields.other_vehicles": "; ".join(map(_vehicle_words, wanted)),
        "fields.trade_in": "; ".join(map(_vehicle_words, offered)),
        "fields.vehicle_comments": vehicle_comments if comments else None,
        "interest.message": comments or vehicle_comments,
    }
    if vehicle is not None:
        words = (value_or_none(_child_text(vehicle, part)) for part in VEHICLE_PARTS)
        values |= {
            "interest.product": " ".join(word for word in words if word),
            "fields.stock": _child_text(vehicle, "stock") or _child_text(vehicle, "stocknumber"),
            "fields.vin": _child_text(vehicle, "vin"),
        }
    timeframe = next(_in_place(customers, "timeframe"), None)
    if timeframe is not None:
        values["interest.timeframe"] = _child_text(timeframe, "description") or node_text(timeframe)
    return values


def _is_seller_vehicle(vehicle: etree._Element) -> bool:
    return _attribute(vehicle, "interest").lower() in SELLER_INTERESTS


def _vehicle_words(vehicle: etree._Element) -> str:
    """Year, make, model and trim, then how far it has run."""
    words = (value_or_none(_child_text(vehicle, part)) for part in VEHICLE_PARTS)
    odometer = next(_children(vehicle, "odometer"), None)
    run = (
        "" if odometer is None else f"{node_text(odometer)} {_attribute(odometer, 'units')}".strip()
    )
    return ", ".join(filter(None, (" ".join(filter(None, words)), run)))


def _joined_texts(nodes: Iterable[etree._Element], tag: str) -> str | None:
    """The texts of all children of this tag, each once."""
    texts = (value_or_none(node_text(child)) for child in _in_place(nodes, tag))
    return "\n".join(dict.fromkeys(filter(None, texts))) or None


def _in_place(nodes: Iterable[etree._Element], tag: str) -> Iterator[etree._Element]:
    return (child for node in nodes for child in _children(node, tag))


def _ids(prospect: etree._Element, customer: etree._Element | None) -> dict[str, str | None]:
    """The vendor's id of the lead, and a status that says more than that it is new."""
    contacts = [] if customer is None else _contacts(customer)
    places = [prospect, *([] if customer is None else [customer]), *contacts]
    ids = dict.fromkeys(text for place in places for text in _id_texts(place))
    status = _attribute(prospect, "status").lower()
    return {
        "fields.vendor_lead_id": next((own for own, _ in ids), None),
        "fields.other_ids": ", ".join(f"{whose} {own}".strip() for own, whose in [*ids][1:]),
        f"fields.{STATUS_FIELD}": status if status != "new" else None,
    }


def _id_texts(place: etree._Element) -> Iterator[tuple[str, str]]:
    """Each id that stands there, with the name of the system that gave it."""
    nodes = ((node, value_or_none(node_text(node))) for node in _children(place, "id"))
    return ((text, _attribute(node, "source")) for node, text in nodes if text)


def _unread_names(prospect: etree._Element, texts: Mapping[str, str]) -> tuple[str, ...]:
    """The dotted names of elements whose text stands in no value, without the other parties'."""
    taken = " ".join(" ".join(texts.values()).split())
    names: dict[str, None] = {}
    for node in prospect.iter(etree.Element):
        pieces = (node.text, *(child.tail for child in node))
        own_texts = [value_or_none(" ".join((piece or "").split())) for piece in pieces]
        path = [tag_of(node), *map(tag_of, node.iterancestors())]
        path = path[: path.index("prospect")][::-1] or ["prospect"]
        if (
            tag_of(node) not in TECHNICAL_TAGS
            and any(text and not has_words(taken, text) for text in own_texts)
            and not OTHER_PARTIES.intersection(path)
        ):
            names[".".join(path)[:LONGEST_FOREIGN]] = None
    return tuple(islice(names, MOST_FOREIGN))


def _children(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    return (child for child in node if tag_of(child) == tag)


def _fields(contact: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The fields of a tag, also those that an unclosed field swallowed."""
    for child in contact:
        if tag_of(child) == tag:
            yield child
        if tag_of(child) in LEAF_TAGS:
            yield from _fields(child, tag)


def _direct_text(field: etree._Element) -> str:
    """The text of a field, without the text of fields it swallowed."""
    texts = [field.text or ""]
    for child in field:
        texts += [
            "" if tag_of(child) in LEAF_TAGS | {""} else _direct_text(child),
            child.tail or "",
        ]
    return " ".join("".join(texts).split())


def _child_text(node: etree._Element, tag: str) -> str | None:
    return next((node_text(child) for child in _children(node, tag)), None)


def _attribute(node: etree._Element, name: str) -> str:
    """The value of an attribute, whatever its case; "" if it is not there."""
    values = (value for key, value in node.attrib.items() if str(key).lower() == name)
    return str(next(values, "")).strip(QUOTE_CHARACTERS)
