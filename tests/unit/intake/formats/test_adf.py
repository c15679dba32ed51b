import contextlib
import time
from typing import Any

import pytest

from leadloop.intake.formats.adf import read_adf
from leadloop.model.errors import Unreadable

CUSTOMER = (
    "<customer><contact><name part='first'>Ada</name><name part='last'>Byron</name>"
    "<email>ada@acme.example</email><phone type='voice'>202-555-0146</phone></contact>"
    "<comments>Is it\n   still there?</comments></customer>"
)
DEALER = (
    "<vendor><contact><name part='full'>Dealer</name><email>d@dealer.example</email></contact>"
    "</vendor><provider><name>Portal</name><phone>800-555-0100</phone></provider>"
)


def adf(inner: str) -> str:
    return f"<?xml version='1.0'?><?adf version='1.0'?><adf><prospect>{inner}</prospect></adf>"


def one(text: str) -> Any:
    (prospect,) = read_adf(text)
    return prospect


def codes(prospect: Any) -> list[str]:
    return [doubt.code for doubt in prospect.doubts]


def test_the_customer_is_the_person_and_nobody_else() -> None:
    parts = one(adf(DEALER + CUSTOMER)).parts
    assert (parts.contact.first_name, parts.contact.last_name) == ("Ada", "Byron")
    assert (parts.contact.email, parts.contact.phone) == ("ada@acme.example", "202-555-0146")
    assert parts.interest.message == "Is it\nstill there?"


def test_without_a_customer_nobody_is_taken_for_one() -> None:
    prospect = one(adf(DEALER))
    assert prospect.parts.contact.email is None
    assert codes(prospect) == ["no_customer", "nobody_to_reach"]


def test_a_person_without_name_or_vehicle_is_a_lead_with_gaps() -> None:
    prospect = one(adf("<customer><contact><email>a@b.example</email></contact></customer>"))
    assert (prospect.parts.contact.email, prospect.doubts) == ("a@b.example", ())


def test_details_without_a_contact_element_are_found() -> None:
    prospect = one(adf("<customer><name part='full'>Ada B</name><phone>1</phone></customer>"))
    assert (prospect.parts.contact.name, prospect.parts.contact.phone) == ("Ada B", "1")


def test_placeholders_never_become_a_person() -> None:
    prospect = one(
        adf(
            "<vehicle><make>[make]</make></vehicle><customer><contact>"
            "<name part='full'>[name]</name><email>{{email}}</email>"
            "<phone>%phone%</phone></contact></customer>"
        )
    )
    assert prospect.parts.contact.model_dump(exclude_none=True) == {}
    assert prospect.parts.interest.product is None
    assert codes(prospect) == ["nobody_to_reach"]


def test_the_preferred_voice_number_comes_first_and_fax_never() -> None:
    parts = one(
        adf(
            "<customer><contact><phone type='fax' preferredcontact='1'>1</phone>"
            "<phone>22222</phone><phone preferredcontact='1'>33333</phone>"
            "<phone>22222</phone></contact></customer>"
        )
    ).parts
    assert parts.contact.phone == "33333"
    assert parts.fields["other_phones"] == "22222"


def test_the_vehicle_wanted_is_the_interest_not_the_one_traded_in() -> None:
    parts = one(
        adf(
            "<vehicle interest='trade-in'><year>2009</year><make>Old</make></vehicle>"
            "<vehicle interest='buy'><year>2024</year><make>New</make><model>Car</model></vehicle>"
            + CUSTOMER
        )
    ).parts
    assert parts.interest.product == "2024 New Car"


@pytest.mark.parametrize(
    "broken",
    [
        '<?ADF VERSION "1.0"?>\n<?XML VERSION “1.0”?>\n<adf><prospect>'
        + CUSTOMER
        + "</prospect></adf>",
        adf('<id sequence=1 source="x">7</id>' + CUSTOMER),
        adf("<vendor><vendorname>Bar & Sons</vendorname></vendor>" + CUSTOMER),
        adf("<vehicle><make>Citro&euml;n</make><year>1</vehicle>" + CUSTOMER),
        adf(CUSTOMER).upper().replace("ADA@ACME.EXAMPLE", "ada@acme.example"),
        adf(CUSTOMER).replace("<adf>", "<adf xmlns='http://www.adf.example/1'>"),
        "text before\n" + adf(CUSTOMER),
        adf("<x>\x01\x0b</x>" + CUSTOMER),
    ],
)
def test_sloppy_xml_still_names_the_person(broken: str) -> None:
    prospect = one(broken)
    assert prospect.parts.contact.email == "ada@acme.example"
    assert prospect.doubts == ()


def test_a_bare_ampersand_is_not_lost() -> None:
    prospect = one(adf(CUSTOMER.replace("Is it", "Salt & Pepper &amp; Jos&eacute;")))
    assert str(prospect.parts.interest.message).startswith("Salt & Pepper & José")


def test_what_is_cut_off_is_in_doubt_with_what_was_understood() -> None:
    prospect = one(adf(CUSTOMER)[:-30])
    assert prospect.parts.contact.email == "ada@acme.example"
    assert "cut_off" in codes(prospect)


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE adf [<!ENTITY a "b">]><adf><prospect>&a;</prospect></adf>',
        '<!doctype adf SYSTEM "file:///etc/passwd"><adf><prospect/></adf>',
        '<adf><! ENTITY x SYSTEM "http://x.example/"><prospect/></adf>',
    ],
)
def test_declarations_are_refused(hostile: str) -> None:
    with pytest.raises(Unreadable, match="DOCTYPE"):
        read_adf(hostile)


@pytest.mark.parametrize("text", ["", "hello", "<adf></adf>", "<adf", "<html><prospect/></html>"])
def test_what_is_no_adf_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Unreadable):
        read_adf(text)


@pytest.mark.parametrize(
    "costly",
    [
        "<adf><prospect>" + "<a>" * 100_000,
        "<adf><prospect " + "a=b " * 100_000 + "></prospect></adf>",
        "<adf><prospect>" + "&" * 500_000 + "</prospect></adf>",
        "<adf><prospect>" + "<" * 200_000 + "</prospect></adf>",
        "<adf><prospect>" + "<?" * 200_000,
        "<adf><prospect>" + "<a " * 100_000,
    ],
)
def test_hostile_xml_costs_little(costly: str) -> None:
    before = time.process_time()
    with contextlib.suppress(Unreadable):
        read_adf(costly)
    assert time.process_time() - before < 5


def test_a_customer_inside_the_dealer_is_not_the_person() -> None:
    assert codes(one(adf(f"<vendor>{CUSTOMER}</vendor>"))) == ["no_customer", "nobody_to_reach"]


PERSON = (
    '<name part="first">Ada</name><name part="last">Byron</name><email>ada@acme.example</email>'
    '<phone type="voice">202-555-0146</phone>'
)


@pytest.mark.parametrize(
    "document",
    [
        "<adf xmlns='u:x'><prospect><customer><contact>{}</contact></customer></prospect></adf>",
        "<ADF><PROSPECT><CUSTOMER><CONTACT>{}</CONTACT></CUSTOMER></PROSPECT></ADF>",
        (
            "<adf><prospect><!-- <customer><contact><name>Nobody</name></contact></customer> -->"
            "<customer><contact>{}</contact></customer></prospect></adf>"
        ),
        (
            '\ufeff<?xml version="1.0" encoding="utf-16"?><adf><prospect><customer><contact>{}'
            "</customer></prospect></adf>"
        ),
        (
            "<adf><prospect><vendor><contact><name>Dan</name><email>d@dealer.example</email></contact>"
            "</vendor><customer><contact>{}</contact><contact><name>Bob</name><email>b@x.example</email>"
            "</contact></customer></prospect></adf>"
        ),
    ],
)
@pytest.mark.parametrize(
    "person",
    [
        PERSON,
        PERSON.replace("part=", "PART=").replace("type=", "Type="),
        PERSON.replace('"first"', '"given"').replace('"last"', '"family"'),
        (
            "<firstname>Ada</firstname><lastname>Byron</lastname><email>mailto:ada@acme.example</email>"
            "<phone>202-555-0146</phone>"
        ),
        PERSON.replace("ada@acme.example", "ada@acme.example; a2@acme.example"),
    ],
)
def test_the_customer_is_found_however_a_maker_writes_it(document: str, person: str) -> None:
    contact = one(document.format(person)).parts.contact
    assert (contact.first_name, contact.last_name) == ("Ada", "Byron")
    assert (contact.email, contact.phone) == ("ada@acme.example", "202-555-0146")


def test_names_of_a_namespace_are_read_without_it() -> None:
    inside = f"<prospect><customer><contact>{PERSON}</contact></customer></prospect>"
    named = inside.replace("</", "\0").replace("<", "<a:").replace("\0", "</a:")
    contact = one(f'<a:adf xmlns:a="urn:adf">{named}</a:adf>').parts.contact
    assert (contact.first_name, contact.email) == ("Ada", "ada@acme.example")


def test_signs_in_cdata_stand_for_themselves() -> None:
    person = "<name part='full'><![CDATA[Ada & Bob <Byron>]]></name><phone>202-555-0146</phone>"
    document = adf(f"<customer><contact>{person}</contact></customer>")
    assert one(document).parts.contact.name == "Ada & Bob <Byron>"


@pytest.mark.parametrize(
    "contact",
    [
        (
            "<name part='first'>Ada<name part='last'>Byron</name><email>ada@acme.example"
            "<phone>202-555-0146</phone></contact>"
        ),  # makers forget to close one
        (
            "<name><first>Ada</first><last>Byron</last></name><email>ada@acme.example</email>"
            "<phone>202-555-0146</phone></contact>"
        ),
        (
            "<name part=“first”>Ada</name><name part=“last”>Byron</name><phone type=“fax”>1</phone>"
            "<email>ada@acme.example</email><phone type=“voice”>202-555-0146</phone></contact>"
        ),
        (
            "<name part='full'>Bob Byron</name><phone>202-555-0199</phone></contact>"
            "<contact primarycontact='1'><name part='first'>Ada</name>"
            "<name part='last'>Byron</name><email>ada@acme.example</email>"
            "<phone>202-555-0146</phone></contact>"
        ),
    ],
)
def test_the_contact_is_read_as_its_maker_meant_it(contact: str) -> None:
    prospect = one(adf(f"<customer><contact>{contact}</customer>"))
    person = prospect.parts.contact
    assert (person.first_name, person.last_name) == ("Ada", "Byron")
    assert (person.email, person.phone) == ("ada@acme.example", "202-555-0146")
    assert prospect.doubts == ()


def test_a_prefix_that_nobody_declared_is_no_part_of_a_name() -> None:
    prefixed = adf(CUSTOMER).replace("</", "</v:").replace("<", "<v:").replace("<v:/v:", "</v:")
    assert one(prefixed.replace("<v:?", "<?")).parts.contact.last_name == "Byron"


def test_of_several_contacts_none_is_taken_for_the_first() -> None:
    two = "<contact><name>Bob</name><phone>202-555-0199</phone></contact>"
    prospect = one(adf(CUSTOMER.replace("<contact>", f"{two}<contact>")))
    assert codes(prospect) == ["two_persons"]


def test_a_number_in_which_the_document_ends_is_none() -> None:
    prospect = one(adf(CUSTOMER).partition("0146")[0])
    assert (prospect.parts.contact.phone, codes(prospect)) == (None, ["cut_off"])


EVA = "<contact><name part='full'>Eva Lang</name><email>eva@lang.example</email>{}</contact>"


@pytest.mark.parametrize(
    ("customer", "vendor_id", "street", "city"),
    [
        (
            "<id>K-4</id><address><street line='1'>Gasse 5</street><street line='2'>Hof</street>"
            "<suite>Top 9</suite><city>Wien</city></address>" + EVA.format(""),
            "K-4", "Gasse 5, Hof, Top 9", "Wien",
        ),
        (
            EVA.format("<id source='x'>77</id><address/>")
            + "<address><streetaddress>3 rue B</streetaddress><city>Lyon</city></address>",
            "77", "3 rue B", "Lyon",
        ),
        (EVA.format("<street>Calle 1</street><unit>2B</unit>"), None, "Calle 1, 2B", None),
    ],
)  # fmt: skip
def test_id_and_address_may_stand_at_the_customer_or_the_contact(
    customer: str, vendor_id: str | None, street: str, city: str | None
) -> None:
    prospect = one(adf(f"{DEALER}<customer>{customer}</customer>"))
    contact = prospect.parts.contact
    assert prospect.parts.fields.get("vendor_lead_id") == vendor_id
    assert (contact.email, contact.street, contact.city) == ("eva@lang.example", street, city)
    assert (prospect.doubts, prospect.ignored) == ((), ())


@pytest.mark.parametrize("tag", ["cellphone", "mobile", "HomePhone", "telephone", "workphone"])
def test_a_phone_may_have_its_kind_as_its_tag(tag: str) -> None:
    person = EVA.format(f"<{tag}>0171 5550177</{tag}><phone type='fax'>030 1</phone>")
    prospect = one(adf(f"<customer>{person}</customer>"))
    assert prospect.parts.contact.phone == "0171 5550177"
    assert prospect.ignored == ("customer.contact.phone",)


def test_every_vehicle_and_comment_is_kept() -> None:
    car = "<vehicle interest='{}'><make>{}</make><model>{}</model>{}</vehicle>"
    vehicles = (
        car.format("trade-in", "Dacia", "Logan", "<odometer units='mi'>81000</odometer>")
        + car.format("buy", "Skoda", "Fabia", "<comments>En rouge</comments>")
        + car.format("lease", "Seat", "Leon", "<comments>ou celle-ci</comments><doors>5</doors>")
    )
    said = "<comments>Reprise possible ?</comments><comments>Je passe lundi.</comments>"
    prospect = one(adf(f"{vehicles}<customer>{EVA.format('')}{said}</customer>"))
    parts = prospect.parts
    assert parts.interest.product == "Skoda Fabia"
    assert parts.interest.message == "Reprise possible ?\nJe passe lundi."
    assert parts.fields == {
        "other_vehicles": "Seat Leon",
        "trade_in": "Dacia Logan, 81000 mi",
        "vehicle_comments": "En rouge ou celle-ci",
    }
    assert prospect.ignored == ("vehicle.doors",)


@pytest.mark.parametrize(
    ("status", "kept"), [("resend", "resend"), ("Update", "update"), ("new", None), ("", None)]
)
def test_a_prospect_that_is_sent_again_says_so(status: str, kept: str | None) -> None:
    text = adf(CUSTOMER).replace("<prospect>", f"<prospect status='{status}'>")
    assert one(text).parts.fields.get("prospect_status") == kept


def test_every_id_of_a_lead_is_kept() -> None:
    ids = "<id sequence='1' source='Portal'>7</id><id sequence='2' source='Börse'>2</id>"
    customer = CUSTOMER.replace("<contact>", "<id source='CRM'>20</id><contact>")
    prospect = one(adf(ids + customer))
    assert prospect.parts.fields["vendor_lead_id"] == "7"
    assert prospect.parts.fields["other_ids"] == "Börse 2, CRM 20"
    assert prospect.ignored == ()


def test_a_short_text_that_stands_in_another_by_chance_is_not_taken_for_read() -> None:
    prospect = one(adf(f"<floor>2</floor><wish>Ada</wish>{CUSTOMER}"))
    assert prospect.ignored == ("floor",)


@pytest.mark.parametrize(
    ("text", "phone", "fields"),
    [
        ("202-555-0146 (after 5)", "202-555-0146", {"phone_remark": "after 5"}),
        ("202-555-0146 x 44", "202-555-0146", {"phone_remark": "x 44"}),
        ("202-555-0146 310-555-0147", "202-555-0146", {"other_phones": "310-555-0147"}),
    ],
)
def test_what_stands_beside_the_phone_is_kept(
    text: str, phone: str, fields: dict[str, str]
) -> None:
    parts = one(adf(CUSTOMER.replace("202-555-0146", text))).parts
    assert (parts.contact.phone, parts.fields) == (phone, fields)
