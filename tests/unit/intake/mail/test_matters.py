"""Mails in the form of an inquiry that are none: trials, comments, offers, our own business."""

import pytest

from leadloop.intake.fields.mapping import SubmissionParts
from leadloop.intake.formats.labelled_values import LabelledValues
from leadloop.intake.mail.doubts import prospect_doubts
from leadloop.intake.mail.matters import is_offer, is_trial
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.prospect_case import ProspectCase
from leadloop.intake.policy import MailSource
from leadloop.model.contact import Contact, Interest
from tests.unit.intake.mail.prospects import mail_bytes, read_mail_text

PERSON = "Name: Rosa Kern\nEmail: rosa@kern.example\nPhone: 030 5550101\n"


def codes(drop: MailSource, text: str, **headers: str) -> list[str]:
    return [doubt.code for doubt in read_mail_text(drop, text, **headers).doubts]


@pytest.mark.parametrize(
    "message",
    [
        "I noticed 40 errors on your site. Our SEO agency gets you on the first page of Google.",
        "Wir bieten Suchmaschinenoptimierung und Backlink-Aufbau zum Festpreis.",
        "Notre agence améliore votre référencement : première page de Google garantie.",
        "Ofrecemos diseño web y posicionamiento SEO.",
        "Oferujemy pozycjonowanie i tworzenie stron.",
        "Наше агентство: продвижение сайта и создание сайтов.",
        "Casino ve bahis siteleri burada",
        "Free spins! https://spin.example",
        "弊社サービスのご案内です。SEO対策と被リンクなら。",
    ],
)
def test_what_form_spam_sells_is_held(drop: MailSource, message: str) -> None:
    assert "offer" in codes(drop, f"{PERSON}Message: {message}\n", Subject="Contact form")


@pytest.mark.parametrize(
    "message",
    [
        "We need SEO and backlinks for our shop, what does it cost?",
        "Our site https://kern.example needs a redesign. Can you help?",
        "Do you cater for a casino night?",
        "Wir bauen ein Haus und brauchen Webdesign.",
        "Please quote 40 pumps. Our website is kern.example.",
    ],
)
def test_who_asks_for_the_same_is_a_lead(drop: MailSource, message: str) -> None:
    assert not is_offer(message)
    assert codes(drop, f"{PERSON}Message: {message}\n", Subject="Contact form") == []


@pytest.mark.parametrize(
    ("subject", "text", "answers"),
    [
        ("Test-Mail", "", ()),
        ("Message de test", "", ()),
        ("New lead", "full_name: <test lead: dummy data for full_name>", ()),
        ("New lead", "", ("Test Test",)),
        ("New lead", "", ("Rosa Kern", "test 123 test")),
        ("テスト送信", "", ()),
    ],
)
def test_a_trial_is_known_by_its_words(subject: str, text: str, answers: tuple[str, ...]) -> None:
    assert is_trial(subject, text, answers)


@pytest.mark.parametrize("subject", ["Test drive on Monday", "Wassertest", "Latest enquiry"])
def test_a_test_that_somebody_wants_is_no_trial(subject: str) -> None:
    assert not is_trial(subject, "I want a test of my water", ("Rosa Test-Kern", "A test, please"))


def test_a_ticket_of_our_own_names_our_mailbox(drop: MailSource) -> None:
    text = "Navn: Rosa Kern\nE-post: inquiries@mill.example\nMelding: Hvor er pakken?\n"
    headers = {"To": "Mill <Sales@mill.example>", "Subject": "Vi har mottatt henvendelsen din"}
    assert "addressee" in codes(drop, text, **headers)
    assert "addressee" not in codes(drop, PERSON, **headers)


@pytest.mark.parametrize(
    ("sender", "email"),
    [
        ("Garden Post <reports@gardenpost.example>", "ida@gardenpost.example"),
        ("Garden Pro <pro@garden.example>", "ida@gardenpro.example"),
    ],
)
@pytest.mark.parametrize("subject", ["You have 3 unread leads", "Tu informe: 2 solicitudes"])
def test_whom_to_call_at_the_senders_is_no_lead(
    drop: MailSource, sender: str, email: str, subject: str
) -> None:
    text = f"Unread leads: 3\n\nYour contact\nName: Ida Mill\nEmail: {email}\n"
    assert "staff_of_sender" in codes(drop, text, From=sender, Subject=subject)


def test_a_mailbox_of_the_same_provider_is_no_staff(drop: MailSource) -> None:
    text = "Name: Rosa Kern\nEmail: rosa@bigmail.example\n"
    assert codes(drop, text, From="Kern Pumps <kern.pumps@bigmail.example>") == []


@pytest.mark.parametrize(
    ("subject", "labels"),
    [
        ("Kupiłeś: Pompa", "Numer zamówienia: 77\nDo zapłaty: 20 zł\n"),
        ("Neue Bestellung", "Zwischensumme: 20\nGesamt: 24\n"),
        ("Your booking", "Order number: 77\nTotal: 20\n"),
        ("Nouvelle réservation", "Numéro de commande : 77\nMontant : 20\n"),
        ("A message: Fitter", "Cover letter: enclosed\n"),
        ("Neue Nachricht", "Lebenslauf: anbei\n"),
    ],
)
def test_a_bill_or_an_applicant_is_no_inquiry_with_a_message_either(
    drop: MailSource, subject: str, labels: str
) -> None:
    text = f"{PERSON}{labels}Message: Please ring twice.\n"
    assert "no_inquiry" in codes(drop, text, Subject=subject)
    assert codes(drop, text, Subject=f"Inquiry: {subject}") == []


def test_a_portals_own_business_is_none_and_our_form_may_ask_about_a_bill(drop: MailSource) -> None:
    text = f"{PERSON}Message: It is ready.\n"
    headers = {"To": "inbox@mill.example", "Subject": "Invoice 77"}
    assert "no_inquiry" in codes(drop, text, **headers)
    assert codes(drop, text, **headers, From="site@www.mill.example") == []


def test_an_answer_in_a_conversation_is_no_inquiry(drop: MailSource) -> None:
    text = "Our price is below.\n\nName: Otto Mill\nEmail: otto@mill.example\n"
    headers = {"Subject": "Re: Quote request", "From": "otto@mill.example"}
    assert "conversation" in codes(drop, text, **headers, References="<1@ours.example>")
    assert "conversation" not in codes(drop, text, **headers)
    told = f"{PERSON}Message: Two pumps\n"
    assert codes(drop, told, Subject="Re: Quote request", References="<1@ours.example>") == []


@pytest.mark.parametrize("subject", ["New event: Rosa Kern", "Novo evento: Rosa Kern"])
def test_who_books_an_hour_with_us_wants_something(drop: MailSource, subject: str) -> None:
    assert codes(drop, PERSON, Subject=subject) == []


def case_of(drop: MailSource, subject: str, labels: dict[str, str], **headers: str) -> ProspectCase:
    """A prospect with a message and a product; `labels` are its values that labels gave."""
    headers = {"From": "Mill <news@mill.example>", "Subject": subject, **headers}
    opened = OpenedMail(open_mail(mail_bytes("x", **headers)), drop)
    parts = SubmissionParts(
        contact=Contact(name="Rosa Kern", email="rosa@kern.example"),
        interest=Interest(message="It is ready.", product="pump"),
    )
    return ProspectCase(opened, "x", LabelledValues(labels, frozenset()), parts, False)


def test_words_without_a_label_are_no_wish(drop: MailSource) -> None:
    """Any mail has some; who asks has a form, a portal's sentence, or a subject that says so."""
    for subject, labels, wishes in (
        ("Your tasks for today", {}, False),
        ("Your tasks for today", {"interest.message": "It is ready."}, True),
        ("New conversation from Rosa", {}, True),
        ("Bericht over je advertentie", {}, True),
        ("Rosa Kern pyta o ogłoszenie", {}, True),
        ("Your message to inquiries@mill.example", {}, False),
    ):
        found = {doubt.code for doubt in prospect_doubts(case_of(drop, subject, labels))}
        assert ("no_wish" not in found) is wishes, subject
    found = {doubt.code for doubt in prospect_doubts(case_of(drop, "Your invoice", {}))}
    assert "no_inquiry" in found


def test_our_own_form_that_a_stranger_filled_in_asks(drop: MailSource) -> None:
    own = {"From": "Mill <site@mill.example>", "To": "sales@mill.example"}
    asked = case_of(drop, "Mill: kitchen", {}, **own, **{"Reply-To": "rosa@kern.example"})
    assert list(prospect_doubts(asked)) == []
    told = case_of(drop, "Mill: kitchen", {}, **own, **{"Reply-To": "jo@mill.example"})
    assert "no_wish" in {doubt.code for doubt in prospect_doubts(told)}


@pytest.mark.parametrize(
    "subject",
    [
        "Gewijzigd: talk with Rosa",
        "Rescheduled: viewing",
        "Verschoben: Besichtigung",
        "Fax received",
    ],
)
def test_a_moved_hour_or_a_fax_is_no_inquiry(drop: MailSource, subject: str) -> None:
    assert "no_inquiry" in codes(drop, f"{PERSON}Product: pump\n", Subject=subject)


@pytest.mark.parametrize(
    "subject",
    ["Payment of £5 from Rosa", "Zahlungseingang von Rosa", "Paiement reçu", "Otrzymana wpłata"],
)
def test_a_payment_is_no_inquiry(drop: MailSource, subject: str) -> None:
    text = f"{PERSON}Message: Final balance\n"
    assert "no_inquiry" in codes(drop, text, To="inbox@mill.example", Subject=subject)


@pytest.mark.parametrize(
    ("subject", "label"),
    [
        ("Vi har mottatt henvendelsen din", "Saksnummer"),
        ("Wij hebben uw aanvraag ontvangen", "Ticketnummer"),
        ("Nous avons bien reçu votre demande", "Numéro de dossier"),
        ("Otrzymaliśmy Twoje zapytanie", "Numer sprawy"),
        ("We have received your inquiry", "Case number"),
    ],
)
def test_who_has_received_our_inquiry_asks_nothing(
    drop: MailSource, subject: str, label: str
) -> None:
    text = f"{label}: 77\n{PERSON}Message: Where is our parcel?\n"
    assert "no_inquiry" in codes(drop, text, Subject=subject)


@pytest.mark.parametrize(
    "message",
    [
        "I am writing to apply for the fitter position. My CV is attached.",
        "Hiermit bewerbe ich mich als Monteur.",
        "Je vous adresse ma candidature.",
        "Adjunto mi currículum.",
        "Ik solliciteer naar de functie van monteur.",
        "Proszę o kontakt, moje CV w załączniku.",
    ],
)
def test_who_looks_for_work_by_our_own_form_is_held(drop: MailSource, message: str) -> None:
    text = f"{PERSON}Message: {message}\n"
    assert "no_inquiry" in codes(drop, text, Subject="Contact form")


@pytest.mark.parametrize(
    "message",
    [
        "We are a leading web design and development company and can redesign your website.",
        "Wir sind eine Agentur für Suchmaschinenoptimierung: bei Google auf die erste Seite.",
        "Nous sommes une agence de référencement : votre site en première page de Google.",
        "I would like to publish a guest post with a dofollow link on your blog.",
        "We generate exclusive leads in your area. Are you open to a quick call? Pay per lead.",
        "Earn $5000 per day with bitcoin https://t.example/bot",
    ],
)
def test_an_agency_is_no_customer(drop: MailSource, message: str) -> None:
    assert "offer" in codes(drop, f"{PERSON}Message: {message}\n", Subject="Contact form")


@pytest.mark.parametrize(
    "subject",
    [
        "Rosa requested access to “Prices”",
        "Rosa sent you a document: request for a quote",
        "Your lead credit request was approved",
        "New ticket: inquiry about a broken pump",
        "Kontaktformular: Reklamation",
        "Demande de remboursement",
    ],
)
def test_files_tickets_and_refunds_are_no_inquiries(drop: MailSource, subject: str) -> None:
    assert "no_inquiry" in codes(drop, f"{PERSON}Message: Hello\n", Subject=subject)


def test_somebody_of_our_own_house_is_no_lead(drop: MailSource) -> None:
    text = "Name: Ida Mill\nEmail: ida@mill.example\nMessage: It is paid.\n"
    headers = {"To": "leads@drop.mill.example", "Subject": "Inquiry"}
    assert "addressee" in codes(drop, text, **headers)
    text = "Name: Ida Mill\nEmail: ida@gmail.com\nMessage: Two pumps.\n"
    assert codes(drop, text, To="mill@gmail.com", Subject="Inquiry") == []


def test_who_signs_an_own_mail_asks_nothing_by_it(drop: MailSource) -> None:
    text = "Our offer is below.\n\nName: Otto Mill\nEmail: otto@mill.example\n"
    headers = {"From": "Otto <otto@mill.example>", "Subject": "Your quote request"}
    assert "signature" in codes(drop, text, **headers)
    assert "signature" not in codes(drop, f"{text}Message: Two pumps\n", **headers)
