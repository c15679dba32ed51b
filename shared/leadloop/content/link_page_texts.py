"""What our few pages say, per language; a language that is not here reads English."""

from typing import NamedTuple


class LinkPageTexts(NamedTuple):
    """One language's words; `{name}` is filled with a person."""

    preferences: str
    preferences_asks: str
    unsubscribe: str
    unsubscribed: str
    unsubscribed_says: str
    unknown_link: str
    unknown_link_says: str
    unknown_form: str
    unknown_form_says: str
    expired_link: str
    expired_link_says: str
    accept: str
    accept_asks: str
    accept_button: str
    accepted: str
    accepted_says: str
    taken: str
    taken_says: str
    facts: tuple[str, str, str, str, str, str, str, str, str]  # as `pages` lists them


DEFAULT_LANGUAGE = "en"
LINK_PAGE_TEXTS = {
    "en": LinkPageTexts(
        preferences="No more offers by e-mail?",
        preferences_asks=(
            "We then send no more offers or tips to your address."
            " You still get answers to what you ask us yourself."
        ),
        unsubscribe="Unsubscribe",
        unsubscribed="You are unsubscribed",
        unsubscribed_says="We send no more offers or tips to your address.",
        unknown_link="This link does not work",
        unknown_link_says=(
            "It is incomplete or was changed on the way. Please open it from the e-mail again."
        ),
        unknown_form="This form is no longer here",
        unknown_form_says="It may have moved. Please look for it on the page that you came from.",
        expired_link="This link has expired",
        expired_link_says="Fill in the form once more and we send you a new one.",
        accept="A lead for you",
        accept_asks="Whoever takes it on works it. Nothing has happened yet.",
        accept_button="Take this lead",
        accepted="It is yours",
        accepted_says="Now get in touch; the sooner, the better.",
        taken="This lead is not open to you",
        taken_says="{name} has it.",
        facts=(
            "Name", "Company", "Country", "Asks for", "Message", "Speaks for it", "Why you",
            "Phone", "E-mail",
        ),
    ),
    "de": LinkPageTexts(
        preferences="Keine Angebote mehr per E-Mail?",
        preferences_asks=(
            "Wir schicken dann keine Angebote und Tipps mehr an Ihre Adresse."
            " Antworten auf Ihre eigenen Fragen erhalten Sie weiterhin."
        ),
        unsubscribe="Abmelden",
        unsubscribed="Sie sind abgemeldet",
        unsubscribed_says="Wir schicken keine Angebote und Tipps mehr an Ihre Adresse.",
        unknown_link="Dieser Link funktioniert nicht",
        unknown_link_says=(
            "Er ist unvollständig oder wurde unterwegs verändert."
            " Bitte öffnen Sie ihn noch einmal aus der E-Mail."
        ),
        unknown_form="Dieses Formular gibt es nicht mehr",
        unknown_form_says=(
            "Vielleicht ist es umgezogen."
            " Bitte suchen Sie es auf der Seite, von der Sie gekommen sind."
        ),
        expired_link="Dieser Link ist abgelaufen",
        expired_link_says=(
            "Füllen Sie das Formular noch einmal aus, dann schicken wir Ihnen einen neuen."
        ),
        accept="Ein Lead für Sie",
        accept_asks="Wer ihn übernimmt, bearbeitet ihn. Noch ist nichts geschehen.",
        accept_button="Lead übernehmen",
        accepted="Der Lead gehört Ihnen",
        accepted_says="Melden Sie sich jetzt; je früher, desto besser.",
        taken="Dieser Lead steht Ihnen nicht offen",
        taken_says="{name} hat ihn.",
        facts=(
            "Name", "Firma", "Land", "Fragt nach", "Nachricht", "Dafür spricht", "Warum Sie",
            "Telefon", "E-Mail",
        ),
    ),
    "pl": LinkPageTexts(
        preferences="Nie chcesz więcej ofert e-mailem?",
        preferences_asks=(
            "Nie będziemy już wysyłać ofert ani porad na Twój adres."
            " Nadal odpowiemy na Twoje własne pytania."
        ),
        unsubscribe="Wypisz mnie",
        unsubscribed="Adres został wypisany",
        unsubscribed_says="Nie wyślemy więcej ofert ani porad na Twój adres.",
        unknown_link="Ten link nie działa",
        unknown_link_says=(
            "Jest niepełny albo został zmieniony po drodze. Otwórz go ponownie z wiadomości."
        ),
        unknown_form="Tego formularza już tu nie ma",
        unknown_form_says=(
            "Być może został przeniesiony. Prosimy poszukać go na stronie, z której prowadził link."
        ),
        expired_link="Ten link stracił ważność",
        expired_link_says="Wypełnij formularz jeszcze raz, a przyślemy nowy.",
        accept="Lead dla Ciebie",
        accept_asks="Prowadzi go ten, kto go przyjmie. Nic się jeszcze nie stało.",
        accept_button="Przyjmij lead",
        accepted="Lead jest Twój",
        accepted_says="Skontaktuj się teraz; im wcześniej, tym lepiej.",
        taken="Ten lead nie jest dla Ciebie dostępny",
        taken_says="Prowadzi go {name}.",
        facts=(
            "Nazwisko", "Firma", "Kraj", "Pyta o", "Wiadomość", "Za tym przemawia",
            "Dlaczego Ty", "Telefon", "E-mail",
        ),
    ),
}  # fmt: skip
