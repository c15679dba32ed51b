from email import message_from_string

import pytest

from leadloop.intake.mail.bounces import BOUNCE_SIGNS, classify_mail
from leadloop.intake.mail.evidence import MailClassification, MailEvidence
from leadloop.intake.mail.message import open_mail


def mail(*headers: str) -> bytes:
    return "".join(f"{line}\n" for line in headers).encode() + b"\nName: Ada\n"


def classified(header: str, text: str) -> MailClassification:
    raw = f"{header}\n\n{text}"
    message = message_from_string(raw)
    types = frozenset({message.get_content_type()})
    return classify_mail(MailEvidence(message, types, str(message["Subject"] or ""), text, raw))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], "lead"),
        (["Auto-Submitted: auto-generated"], "lead"),  # as form plugins mark their notices
        (["Precedence: bulk", "X-Auto-Response-Suppress: All"], "lead"),
        (["Auto-Submitted: auto-replied"], "auto_reply"),
        (["Auto-Submitted: auto-replied (vacation)"], "auto_reply"),
        (["Subject: Automatic reply: your offer"], "auto_reply"),
        (["Subject: =?utf-8?q?R=C3=A9ponse_automatique=3A?= x"], "auto_reply"),
        (["Subject: Abwesenheitsnotiz"], "auto_reply"),
        (["Subject: [EXTERNAL] Fuori ufficio: offerta"], "auto_reply"),
        (["Subject: Ich bin derzeit nicht im Büro: Re: Angebot"], "auto_reply"),
        (["Subject: Absent(e) : Re: votre offre"], "auto_reply"),
        (["Subject: Αυτόματη απάντηση: προσφορά"], "auto_reply"),
        (["Subject: 부재중: 문의"], "auto_reply"),
        (["Subject: Gelesen: Angebot"], "auto_reply"),
        (["Subject: Urlaub bis Montag"], "auto_reply"),
        (["Subject: Urlaub auf dem Hof: neue Anfrage"], "lead"),
        (["Subject: Reading lamp"], "lead"),
        (["Auto-Submitted: auto-generated", "In-Reply-To: <1@x.example>"], "auto_reply"),
        (["X-Autoreply: yes"], "auto_reply"),
        (["Content-Type: multipart/report; report-type=delivery-status; boundary=b"], "bounce"),
        (["From: MAILER-DAEMON@x.example", "Subject: Undelivered Mail Returned"], "bounce"),
        (["Return-Path: <>", "Subject: failure notice"], "bounce"),
        (["Return-Path: <>", "Subject: 您的邮件被退回"], "bounce"),
        (["Subject: RE: offer", "In-Reply-To: <1@x.example>"], "reply"),
        (["Subject: AW: offer", "References: <1@x.example>"], "reply"),
        (["Subject: Re: my new car"], "lead"),
        (["Subject: New lead", "References: <1@x.example>"], "lead"),
    ],
)
def test_the_nature_of_a_mail_is_seen(headers: list[str], expected: str) -> None:
    assert open_mail(mail(*headers)).nature == expected


def test_a_bounce_without_a_standard_names_the_signs_it_rests_on() -> None:
    returned = classified(
        "From: Postmaster <postmaster@mx.example>\nSubject: Your mail",
        "It could not be delivered to <eve@acme.example>\n550 5.1.1 no such user\n",
    )
    assert returned == MailClassification(
        "bounce",
        ("eve@acme.example",),
        lasting=True,
        signs=(
            "a mail server sends it",
            "the text says it was not delivered",
            "the text quotes a server's refusal",
        ),
    )


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("From: eve@acme.example\nSubject: undelivered", "The pump was not delivered"),
        ("From: postmaster@mx.example\nSubject: hello", "We moved."),
        ("From: postmaster@mx.example\nSubject: hello", "The mail was not delivered"),
        ("Return-Path: <>\nFrom: leads@portal.example\nSubject: New lead", "Name: Ada"),
    ],
)
def test_neither_form_nor_words_alone_make_a_bounce(header: str, text: str) -> None:
    assert classified(header, text).nature == "lead"


def test_words_and_an_enclosed_mail_make_a_bounce_whoever_sends_it() -> None:
    returned = classified(
        "From: it@acme.example\nSubject: failure notice",
        "Not delivered: eve@acme.example\n\n--- Below this line is a copy of the message.\n",
    )
    assert returned.nature == "bounce"
    assert returned.signs[-1] == "the text encloses a mail"


def test_each_sign_of_a_bounce_has_a_name_of_its_own_and_a_weight() -> None:
    assert len({sign.name for sign in BOUNCE_SIGNS}) == len(BOUNCE_SIGNS)
    assert all(sign.weight > 0 for sign in BOUNCE_SIGNS)


def test_a_server_that_reports_a_forged_mail_is_no_person_who_complains() -> None:
    header = "Content-Type: multipart/report; report-type=feedback-report; boundary=b"
    person = classified(header, "Feedback-Type: abuse\n")
    server = classified(header, "Feedback-Type: auth-failure\n")
    assert (person.nature, person.lasting) == ("complaint", True)
    assert (server.nature, server.lasting) == ("complaint", False)


def transcript(*lines: str, to: str = "eve@acme.example") -> tuple[str, ...]:
    text = "\n".join((" ----- Transcript of session follows -----", *lines, ""))
    enclosed = f" ----- Unsent message follows -----\nFrom: ada@ours.example\nTo: {to}\n\nhi\n"
    header = "From: MAILER-DAEMON@mx.example\nSubject: Returned mail\nTo: ada@ours.example"
    return classified(header, f"{text}\n{enclosed}").recipients


@pytest.mark.parametrize(
    "lines",
    [
        (
            "554 <eve@acme.example>... 550 Host unknown (Name server: no data)",
            "While talking to mx.mill.example:", ">>> RCPT To:<otto@mill.example>",
            "<<< 550 <otto@mill.example>... User unknown",
            "550 <otto@mill.example>... User unknown",
        ),
        (
            ">>> RCPT To:<otto@mill.example>", "<<< 554 kein solcher Benutzer",
            "550 <otto@mill.example>... Benutzer unbekannt",
            "554 5.4.6 <eve@acme.example>... Too many hops",
        ),
        (
            "501 <ada@ours.example>... no access from an open relay",
            "553 <otto@mill.example>... Hôte inconnu", "550 <eve@acme.example>... Hôte inconnu",
        ),
    ],
)  # fmt: skip
def test_all_whom_an_old_sendmail_refused_are_named_those_of_the_mail_first(
    lines: tuple[str, ...],
) -> None:
    assert transcript(*lines) == ("eve@acme.example", "otto@mill.example")
