"""What a colleague passed on is read as it came, and nobody else is taken for the person."""

import pytest

from leadloop.intake.policy import MailSource
from tests.unit.intake.vendor_mails import ADA, TEXT, mail, read_prospect, who

PASSED_ON = {
    "Gmail": "Please call.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Portal"
    " <leads@portal.example>\r\nDate: Mon, 2 Mar 2026\r\nSubject: New lead\r\nTo: <us@us.example>"
    "\r\n\r\n" + TEXT,
    "Gmail, German": "---------- Weitergeleitete Nachricht ---------\r\nVon: Portal <leads@portal."
    "example>\r\nDate: Mo., 2. März 2026\r\nSubject: Anfrage\r\n\r\n" + TEXT,
    "Outlook": "-----Ursprüngliche Nachricht-----\r\nVon: Portal <leads@portal.example>\r\n"
    "Gesendet: Montag, 2. März 2026\r\nAn: us@us.example\r\nBetreff: Anfrage\r\n\r\n" + TEXT,
    "Apple": "Begin forwarded message:\r\n\r\n> From: Portal <leads@portal.example>\r\n> Subject:"
    " New lead\r\n> To: us@us.example\r\n> \r\n"
    + "".join(f"> {line}\r\n" for line in TEXT.splitlines()),
    "Apple, German": "> Anfang der weitergeleiteten Nachricht:\r\n> \r\n> Von: Portal <leads@portal"
    ".example>\r\n> Betreff: Anfrage\r\n> \r\n"
    + "".join(f"> {line}\r\n" for line in TEXT.splitlines()),
}


@pytest.mark.parametrize("program", PASSED_ON)
def test_what_a_colleague_passed_on_is_read_as_it_came(drop: MailSource, program: str) -> None:
    raw = mail(PASSED_ON[program], subject="WG: Anfrage", sender="Boss <boss@us.example>")
    prospect = read_prospect(drop, b"Reply-To: boss@home.example\r\n" + raw)
    assert who(prospect) == ADA
    assert prospect.doubts == ()


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_mail_attached_to_a_colleagues_is_read_as_passed_on(drop: MailSource, kind: str) -> None:
    text = TEXT if kind == "plain" else TEXT.replace("\r\n", "<br>")
    head = "From: Boss <boss@us.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    said = "--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n"
    attached = f"--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/{kind}\r\n\r\n{text}"
    prospect = read_prospect(drop, f"{head}{said}{attached}\r\n--b--\r\n".encode())
    assert who(prospect) == ADA
    assert prospect.doubts == ()


def test_a_colleagues_signature_above_is_a_doubt_and_never_the_person(
    drop: MailSource,
) -> None:
    signed = "FYI\r\n\r\nBob Boss\r\nPhone: 800-555-0100\r\nEmail: boss@us.example\r\n\r\n"
    prospect = read_prospect(drop, mail(signed + PASSED_ON["Gmail"], subject="Fwd: New lead"))
    assert who(prospect) == ADA
    assert [doubt.code for doubt in prospect.doubts] == ["two_persons"]


def test_a_forward_pasted_into_ones_own_words_names_nobody(drop: MailSource) -> None:
    """Whoever fills in a form may write anything in it, also another's name and number."""
    planted = "---------- Forwarded message ---------\r\nName: Boss\r\nPhone: 800-555-0100\r\n"
    prospect = read_prospect(
        drop, mail(f"Name: Ada Byron\r\nEmail: {ADA[1]}\r\nMessage: See\r\n{planted}")
    )
    assert who(prospect) == ("Ada Byron", ADA[1], None)
