from email.message import EmailMessage

import pytest

from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.mail.forwarded import names_party, split_forward
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource

SIGNED = "Bitte anlegen.\nOle Krug\nTelefon: 040 5550900\nE-Mail: ole.krug@werft.example\n\n"
LEAD = "Name: Rosa Lind\nE-Mail: rosa@lind.example\nTelefon: 0171 5550311\nNachricht: Zwei Boote.\n"
HEADS = {
    "de": "Von: Bootsportal <noreply@boote.example>\nGesendet: Montag\nAn: Werft\nBetreff: Anfrage",
    "bold, colon inside": "*From:* Boats <noreply@boats.example>\n*Sent:* Monday, 9:12\n"
    "*To:* Yard <yard@werft.example>\n*Subject:* New lead",
    "date and copy": "From: Boats <noreply@boats.example>\nDate: Monday\nTo: Yard\nCc: Ann\n"
    "Subject: New lead",
    "paragraphs": "From: Boats\n\nSent: Monday\n\nTo: Yard\n\nSubject: New lead",
    "nl": "Van: Boten\nVerzonden: maandag\nAan: Werf\nOnderwerp: Aanvraag",
    "it": "Da: Barche\nInviato: lunedì\nA: Cantiere\nOggetto: Richiesta",
    "pl": "Od: Łodzie\nWysłano: poniedziałek\nDo: Stocznia\nTemat: Zapytanie",
    "es": "De: Barcos\nEnviado el: lunes\nPara: Astillero\nAsunto: Consulta",
    "cs": "Od: Lodě\nOdesláno: pondělí\nKomu: Loděnice\nPředmět: Dotaz",
    "ru": "От: Лодки\nОтправлено: понедельник\nКому: Верфь\nТема: Заявка",
    "ja": "差出人: ボート\n送信日時: 月曜日\n宛先: 造船所\n件名: お問い合わせ",
    "zh": "发件人：船\n发送时间：星期一\n收件人：船厂\n主题：询盘",
    "recipients in two lines": "From: Boats\nSent: Monday\nTo: a@werft.example;\n b@werft.example\n"
    "Subject: New lead",
}


def prospect(drop: MailSource, text: str, **headers: str) -> Prospect:
    message = EmailMessage()
    known = {"From": "Ole Krug <ole.krug@werft.example>", "Subject": "WG: Anfrage", **headers}
    for name, value in known.items():
        message[name] = value
    message.set_content(text)
    (found,) = read_prospects(open_mail(message.as_bytes()), drop)
    return found


def person(found: Prospect) -> tuple[str | None, str | None, str | None]:
    contact = found.parts.contact
    return contact.name, contact.email, contact.phone


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_a_head_alone_tells_where_the_older_mail_begins(drop: MailSource, head: str) -> None:
    found = prospect(drop, f"{SIGNED}{head}\n\n{LEAD}")
    assert person(found) == ("Rosa Lind", "rosa@lind.example", "0171 5550311")
    assert found.parts.interest.message == "Zwei Boote."
    assert found.doubts == ()


def test_a_head_and_all_below_it_may_be_quoted(drop: MailSource) -> None:
    below = "\n".join(f"> {line}" for line in f"{HEADS['de']}\n\n{LEAD}".splitlines())
    assert person(prospect(drop, SIGNED + below))[2] == "0171 5550311"


def test_a_mail_passed_on_twice_names_neither_colleague(drop: MailSource) -> None:
    second = (
        "From: Uwe Bock <uwe.bock@werft.example>\nSent: Monday\nTo: Ole\nSubject: FW: x\n\n"
        "Uwe Bock\nPhone: 040 5550901\n\n"
    )
    found = prospect(drop, f"{SIGNED}{second}{HEADS['de']}\n\n{LEAD}")
    assert person(found) == ("Rosa Lind", "rosa@lind.example", "0171 5550311")
    assert found.doubts == ()


def test_a_colleague_without_a_forward_prefix_is_known_by_the_signature(drop: MailSource) -> None:
    found = prospect(drop, f"{SIGNED}{HEADS['de']}\n\n{LEAD}", Subject="Neue Anfrage")
    assert person(found)[2] == "0171 5550311"


def test_the_signature_counts_without_an_address(drop: MailSource) -> None:
    text = f"Ole Krug\nTel.: 040 5550900\n\n{HEADS['de']}\n\n{LEAD}"
    assert prospect(drop, text).doubts == ()


def test_a_strangers_number_above_is_a_doubt(drop: MailSource) -> None:
    text = f"Call Eve:\nPhone: 040 5550902\n\n{HEADS['de']}\n\n{LEAD}"
    assert "two_persons" in {doubt.code for doubt in prospect(drop, text).doubts}


def test_a_persons_own_mail_is_never_the_colleagues_number(drop: MailSource) -> None:
    head = HEADS["de"].replace("Bootsportal <noreply@boote.example>", "Rosa <rosa@lind.example>")
    found = prospect(drop, f"{SIGNED}{head}\n\nWas kostet das? 0171 5550311\nRosa Lind\n")
    assert person(found) == ("Rosa", "rosa@lind.example", None)
    assert [doubt.code for doubt in found.doubts] == ["passed_on"]


def test_an_answer_quotes_what_it_answers() -> None:
    text = f"Danke!\n\n{HEADS['de']}\n\n{LEAD}"
    assert split_forward(text, "AW: Anfrage") is None
    assert split_forward(text, "FW: Anfrage") is not None


def test_a_form_with_a_sender_and_a_subject_has_no_head() -> None:
    assert split_forward("From: Ann <a@b.example>\nSubject: Hi\n\nMessage: x", "Lead") is None


def test_a_party_is_named_by_its_house_or_its_whole_name() -> None:
    assert names_party("Krug, Ole\n040 1", "Ole Krug", "ok@werft.example")
    assert names_party("Mail: x@werft.example", "", "ok@werft.example")
    assert not names_party("Ole Krug, o@other.example", "Ole Krug", "ok@werft.example")
    assert names_party("Danke\nOle,\n040 1", "Ole Krug", "ok@werft.example")
    assert not names_party("Ole ist krank\n040 1", "Ole Krug", "ok@werft.example")
    assert not names_party("040 1", "", "ok@werft.example")


def test_the_address_of_whoever_passed_it_on_is_a_doubt(drop: MailSource) -> None:
    found = prospect(drop, f"{SIGNED}Name: Rosa Lind\nNachricht: Zwei Boote.\n")
    assert "two_persons" in {doubt.code for doubt in found.doubts}
