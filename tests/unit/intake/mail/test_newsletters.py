"""Mails to many, and forms that nobody filled in: they tell of no person."""

import pytest

from leadloop.intake.mail.blank_forms import drop_blank_form
from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import read_mail_text

QUOTED_HEAD = (
    "    Date:        Mon, 9 Mar 2026 08:10:00 +0100\n"
    "    From:        Rosa Kern <rosa@kern.example>\n"
    "    Message-ID:  <77@kern.example>\n\n  | the pump stops\n\nSee the manual.\n"
)
FORWARDED = (
    "As I said.\n\n-------- Forwarded Message --------\n"
    "From: Rosa Kern <rosa@kern.example>\n\nName: Rosa Kern\nEmail: rosa@kern.example\n"
)
LIST = {"List-Id": "<pumps.lists.example>", "Reply-To": "pumps@lists.example"}


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        (
            "Chère lectrice,\n\nle printemps est là.\n",
            {"From": "Lettre du Jardin <post@jardin.example>", "Reply-To": "post@jardin.example",
             "Subject": "Lettre du Jardin : dix plantes", "List-Unsubscribe": "<https://x.example>"},
        ),
        (
            "Frage: Wer schneidet im März?\n\nAlle.\n",
            {"From": "Obstbrief <brief@obst.example>", "Reply-To": "abmelden-77120@l.obst.example",
             "Subject": "[Obstbrief] Wie man schneidet"},
        ),
        (
            "Pregunta: ¿Quién poda en marzo?\n\nTodos.\n",
            {"From": "Carta Verde <hola@cartaverde.example>", "Subject": "Carta Verde de marzo",
             "Reply-To": "Carta Verde <hola@cartaverde.example>"},
        ),
        (
            "Lees verder op onze site.\n",
            {"From": "Tuinpost <reply-fe9a12_HTML-77@mail.tuinpost.example>",
             "Subject": "Tuinpost: tien planten", "List-Unsubscribe": "<https://x.example>"},
        ),
        (QUOTED_HEAD, {**LIST, "From": "Jo Lind <jo@lind.example>", "Subject": "Re: [pumps]"}),
        (FORWARDED, {**LIST, "From": "Jo Lind <jo@lind.example>", "Subject": "Fwd: new lead"}),
        (
            "Name: Rosa Kern\nEmail: rosa@kern.example\n",
            {**LIST, "From": "jo@lind.example", "Subject": "[pumpen] Anfrage"},
        ),
        (
            "Jo Lind\nLind Media\n\nTel.: +49 30 5550101\nWeb: https://lind.example\n",
            {"Precedence": "bulk", "From": "jo@lind.example", "Subject": "AW: [pumpen] Lärm"},
        ),
    ],
)  # fmt: skip
def test_a_mail_to_many_tells_of_nobody(
    drop: MailSource, text: str, headers: dict[str, str]
) -> None:
    prospect = read_mail_text(drop, text, **headers)
    assert prospect.doubts
    assert prospect.parts.contact.model_dump(exclude_none=True) == {}
    assert "relay_email" not in prospect.parts.fields


def test_a_notice_with_a_line_to_unsubscribe_still_names_its_person(drop: MailSource) -> None:
    text = "Name: Rosa Kern\nEmail: rosa@kern.example\nMessage: Two pumps, please.\n"
    headers = {"List-Unsubscribe": "<https://portal.example/out>", "Subject": "New lead"}
    assert read_mail_text(drop, text, **headers).doubts == ()


def test_a_template_of_the_playbook_reads_a_mail_to_many(drop: MailSource) -> None:
    templates = (
        {
            "id": "t",
            "senders": ("portal.example",),
            "find": ({"field": "contact.email", "label": "Kontakt"},),
        },
    )
    source = MailSource.model_validate({**drop.model_dump(), "templates": templates})
    text = "Name: Rosa Kern\nKontakt: rosa@kern.example\nNachricht: Zwei Pumpen\n"
    assert read_mail_text(source, text, **LIST).parts.contact.email == "rosa@kern.example"


@pytest.mark.parametrize(
    "text",
    [
        "Name:\nIhre Netzadresse\nWohnort:\nRosen oder Äpfel?\nBudget:\nWann rufen wir an?\n",
        "Nom :\nVotre adresse\nVille :\nRoses ou pommes ?\nBudget :\nÀ quelle heure ?\n",
        "Name:\nEmail:\nPhone:\nCity:\nBudget:\n",
        "Nombre:\nSu correo\nCiudad:\n¿Rosas o manzanas?\nPresupuesto:\n¿Cuándo llamamos?\n",
        "Name:\nYour mailbox\nCity:\nCountry of birth\n",
        "Name:\nIhre Anschrift\nTelefon:\nRosen oder Äpfel? R A\nE-Mail:\nWann rufen wir an?\n",
        "Naam:\nUw adres\nTelefoon:\nRozen of appels? R A\nE-mail:\nWanneer bellen we?\n",
        "Full name\nStreet address\nHome phone\nEmail address\n",
        "Heimatort:\nRosen oder Äpfel? R A\nAlter:\n18 oder mehr?\n",
    ],
)
def test_no_line_of_a_blank_form_is_a_value(drop: MailSource, text: str) -> None:
    headers = {"From": "Prize <prize@win.example>", "Reply-To": "prize@win.example"}
    prospect = read_mail_text(drop, text, **headers, Subject="A garden for you")
    assert prospect.doubts
    assert prospect.parts.contact.model_dump(exclude_none=True) == {}
    assert prospect.parts.fields == {}


@pytest.mark.parametrize(
    "values",
    [
        {"contact.name": "Rosa Kern", "contact.email": "rosa@kern.example"},
        {"contact.name": "Rosa Kern", "contact.city": "Ulm", "contact.phone": "030 5550101"},
    ],
)
def test_answers_below_their_labels_stay(values: dict[str, str]) -> None:
    text = "\n".join(f"label:\n{value}" for value in values.values())
    assert drop_blank_form(values, text, has_contact=True) == values


def test_a_short_form_of_a_relay_stays() -> None:
    values = {"contact.name": "Rosa Kern", "interest.message": "Is it free?"}
    assert drop_blank_form(values, "Rosa Kern\nIs it free?", has_contact=True) == values


@pytest.mark.parametrize(
    "line", ["Votre choix : [ ] oui [ ] non", "Wunsch: ☐ Rosen ☐ Äpfel", "Menu: [] meat [] fish"]
)
def test_boxes_that_nobody_ticked_are_no_answer(drop: MailSource, line: str) -> None:
    text = f"Name: Rosa Kern\nEmail: rosa@kern.example\n{line}\nMessage: Two pumps, please.\n"
    prospect = read_mail_text(drop, text, Subject="New lead")
    assert prospect.parts.fields == {}
    assert prospect.ignored == (line.partition(":")[0].strip(),)


@pytest.mark.parametrize("line", ["Menu: [x] meat [ ] fish", "Menu: ☐ meat ☑ fish"])
def test_boxes_of_which_one_is_ticked_are_an_answer(drop: MailSource, line: str) -> None:
    text = f"Name: Rosa Kern\nEmail: rosa@kern.example\n{line}\nMessage: Two pumps, please.\n"
    assert "menu" in read_mail_text(drop, text, Subject="New lead").parts.fields
