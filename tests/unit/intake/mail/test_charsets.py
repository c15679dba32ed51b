"""Letters come through, whatever charset a mail is in or says that it is in."""

import base64
import quopri

import pytest

from leadloop.intake.policy import MailSource
from tests.unit.intake.vendor_mails import PEOPLE, each, mail, read_prospect, wanted, who

LEGACY = {"de": "windows-1252", "fr": "windows-1252", "pl": "iso-8859-2", "ja": "iso-2022-jp"}


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("language", LEGACY)
def test_letters_come_through_older_charsets(
    drop: MailSource, language: str, encoding: str
) -> None:
    labels, values = PEOPLE[language]
    text = each("{}: {}\r\n")(list(zip(labels, values, strict=True))).encode(LEGACY[language])
    body = base64.encodebytes(text) if encoding == "base64" else quopri.encodestring(text)
    head = (
        f"From: a@portal.example\r\nContent-Type: text/plain; charset={LEGACY[language]}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    assert who(read_prospect(drop, head.encode() + body)) == wanted(values)


@pytest.mark.parametrize(
    ("said", "really"), [("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("gb18030", "gb18030")]
)
def test_letters_come_through_though_the_header_lies(
    drop: MailSource, said: str, really: str
) -> None:
    name = "王小明" if really == "gb18030" else "Zoë Größer"
    text = f"Name: {name}\r\nEmail: z@g.example\r\n"
    assert who(read_prospect(drop, mail(text, charset=said, really=really)))[0] == name
