"""What a person answers to our mail: their own words, however their program quotes ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.mail.replies import read_reply, strip_quoted_text
from leadloop.model.submission import Channel, Submission
from tests.unit.intake.webhooks.posts import AT

OURS = "> Hello Ada,\n> have you seen our guide?\n"
HEAD = "From: ada@mill.example\r\nTo: reply@drop.example\r\nSubject: Re: Guide\r\n"


def read(body: str) -> Submission:
    data = body.encode()
    envelope = Envelope(
        id="X",
        source="replies",
        channel=Channel.MAIL,
        received_at=AT,
        sha256=sha256(data),
        size=len(data),
    )
    return read_reply(envelope, data, "LEAD")


@pytest.mark.parametrize(
    "quoted",
    [
        f"On Mon, Mar 2, 2026 at 9:12 AM Acme <hello@acme.example> wrote:\n\n{OURS}",
        f"On Mon, Mar 2, 2026 at 9:12 AM Acme <\nreply+abc@acme.example> wrote:\n\n{OURS}",
        f"Am Mo., 2. März 2026 um 09:12 Uhr schrieb Acme <hello@acme.example>:\n\n{OURS}",
        f"pon., 2 mar 2026 o 09:12 Acme <hello@acme.example> napisał(a):\n\n{OURS}",
        f"Le lun. 2 mars 2026 à 09:12, Acme <hello@acme.example> a écrit :\n\n{OURS}",
        "From: Acme <hello@acme.example>\nSent: Monday, March 2\nTo: Ada\nSubject: x\n\nHello",
        "Von: Acme <hello@acme.example>\nGesendet: Montag\nAn: Ada\nBetreff: x\n\nHallo",
        "*Von:* Acme <hello@acme.example>\n*Gesendet:* Montag\n*An:* Ada\n\nHallo",
        "-----Original Message-----\nFrom: Acme\n\nHello",
        "________________________________\nFrom: Acme\n\nHello",
        OURS,
        "-- \nAda Lovelace\nMill Lane 1",
    ],
)
def test_what_is_quoted_of_ours_is_no_word_of_theirs(quoted: str) -> None:
    assert strip_quoted_text(f"Please call me.\nTomorrow is fine.\n\n{quoted}") == (
        "Please call me.\nTomorrow is fine."
    )


def test_words_between_quoted_lines_are_theirs() -> None:
    assert strip_quoted_text("> How many?\nTwo.\n> When?\nSoon.") == "Two.\nSoon."


def test_who_writes_below_what_he_quotes_loses_nothing() -> None:
    below = "Acme <hello@acme.example> wrote:\n> How many?\n\nTwo, please."
    assert "Two, please." in strip_quoted_text(below)


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from my Galaxy S21",
        "Sent from Outlook for Android",
        "Get Outlook for iOS",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Enviado do meu telemóvel",
        "Verstuurd vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Odesláno z iPhonu",
        "Отправлено с iPhone",
        "iPhoneから送信",
        "发自我的iPhone",
        "나의 iPhone에서 보냄",
    ],
)
def test_the_line_of_a_telephone_is_no_word_of_theirs(line: str) -> None:
    head = "On Mon, Mar 2, 2026 at 9:12 AM Acme <hello@acme.example> wrote:"
    for below in ("", f"\n\n{head}\n\n{OURS}", f"\n\n{OURS}"):
        assert strip_quoted_text(f"Please call me.\n\n{line}{below}") == "Please call me."


@pytest.mark.parametrize(
    "line",
    [
        "Sent via courier yesterday.",
        "Gesendet von meinem Kollegen am Montag.",
        "Enviado con mi hermano.",
        "I sent it from my phone, did you get it?",
        "Sent from my iPhone, my old number is gone: 030 5550101",
    ],
)
def test_a_sentence_that_begins_so_stays(line: str) -> None:
    said = f"Here it is.\n{line}"
    assert strip_quoted_text(said) == said


@pytest.mark.parametrize(
    "said", ["Just a question: from: where do you ship?", "Write to me at:\nada@mill.example"]
)
def test_words_that_look_like_a_head_stay(said: str) -> None:
    assert strip_quoted_text(said) == said


@given(st.text(max_size=2_000))
def test_something_is_left_of_whatever_says_something(text: str) -> None:
    if text.replace("\0", "x").strip():
        assert strip_quoted_text(text)


def test_it_is_for_the_lead_that_its_address_names() -> None:
    found = read(f"{HEAD}Message-ID: <1@mill.example>\r\n\r\nPlease call me.\r\n\r\n{OURS}")
    assert (found.answers, found.interest.message) == ("LEAD", "Please call me.")
    assert (found.message_id, found.refused, found.unreadable) == ("<1@mill.example>", (), ())
    assert found.contact.email is None  # who wrote may be a colleague


def test_markup_alone_is_read_too() -> None:
    found = read(f"{HEAD}Content-Type: text/html\r\n\r\n<p>Please <b>call</b> me.</p>")
    assert found.interest.message == "Please call me."


def test_a_machine_is_refused_and_a_virus_held() -> None:
    away = read(f"{HEAD.replace('Re: Guide', 'Out of office')}Auto-Submitted: auto-replied\r\n\r\n")
    assert [reason.code for reason in away.refused] == ["auto_reply"]
    assert away.answers is None
    sick = read(f"X-SES-Virus-Verdict: FAIL\r\n{HEAD}\r\nhi")
    assert [reason.code for reason in sick.unreadable] == ["virus"]


def test_what_cannot_be_opened_is_held() -> None:
    assert [reason.code for reason in read("a: b\r\n" * 3_000).unreadable] == ["unreadable"]


@pytest.mark.parametrize(
    "subject",
    [
        "Ferie til 12. april",
        "Urlop do 12 kwietnia",
        "Ada Mill est en congés",
        "出張中",
        "İzindeyim",
    ],
)
def test_an_absence_note_that_no_header_marks_is_no_answer(subject: str) -> None:
    head = HEAD.replace("Re: Guide", subject)
    away = read(f"{head}\r\nName: Eva Roth\r\nEmail: eva@mill.example\r\n")
    assert [reason.code for reason in away.refused] == ["auto_reply"]
    assert (away.answers, away.interest.message) == (None, None)
