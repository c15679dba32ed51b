"""What the pages and scripts of forms say, per language; one that is not here reads English."""

from typing import NamedTuple


class FormTexts(NamedTuple):
    """One language's words. Those from `required` on are named for the fault they tell of."""

    language: str
    send: str
    optional: str
    empty: str
    other_languages: str
    thanks: str
    thanks_says: str
    mend: str
    wrong: str
    sending: str
    kept: str
    refused: str
    by_hand: str
    email: str
    required: str
    consent_required: str
    consent_changed: str
    file_refused: str
    not_a_number: str
    too_long: str
    too_large: str
    nul: str
    choose: str


DEFAULT_LANGUAGE = "en"
FORM_TEXTS = {
    "en": FormTexts(
        language="English",
        send="Send",
        optional="optional",
        empty="Leave this field empty",
        other_languages="Other languages",
        thanks="Thank you",
        thanks_says="We have received your request and will be in touch.",
        mend="Please look at this again:",
        wrong="This entry cannot be taken as it is.",
        sending="Sending …",
        kept=(
            "This could not be sent yet. Nothing is lost: it stays on this page and is sent as soon"
            " as there is a connection."
        ),
        refused="This cannot be taken here.",
        by_hand="Without JavaScript we cannot tell you from a machine, so a colleague looks"
        " first. That takes a little longer.",
        email="Please write a whole e-mail address, such as name@example.com.",
        required="Please fill this in.",
        consent_required="Please tick this box; without it we may not answer you.",
        consent_changed="This text has changed. Please read it and agree again.",
        file_refused="This file cannot be taken here.",
        not_a_number="Please write a whole number, such as 250.",
        too_long="This is too long.",
        too_large="This is too large to send. Please go back and shorten it or choose a smaller"
        " file.",
        nul="This holds a sign that cannot be stored. Please type it anew.",
        choose="Please choose",
    ),
    "de": FormTexts(
        language="Deutsch",
        send="Absenden",
        optional="freiwillig",
        empty="Dieses Feld bitte leer lassen",
        other_languages="Andere Sprachen",
        thanks="Vielen Dank",
        thanks_says="Ihre Anfrage ist bei uns angekommen. Wir melden uns.",
        mend="Bitte sehen Sie sich das noch einmal an:",
        wrong="Dieser Eintrag kann so nicht angenommen werden.",
        sending="Wird gesendet …",
        kept=(
            "Das konnte noch nicht gesendet werden. Es geht nichts verloren: Ihre Angaben bleiben"
            " auf dieser Seite und werden gesendet, sobald wieder eine Verbindung besteht."
        ),
        refused="Das kann hier nicht angenommen werden.",
        by_hand="Ohne JavaScript können wir Sie nicht von einer Maschine unterscheiden. Darum"
        " sieht zuerst jemand nach; das dauert etwas länger.",
        email="Bitte schreiben Sie eine ganze E-Mail-Adresse, etwa name@example.com.",
        required="Bitte füllen Sie dieses Feld aus.",
        consent_required="Bitte setzen Sie hier ein Häkchen; ohne dürfen wir nicht antworten.",
        consent_changed="Dieser Text wurde geändert. Bitte lesen Sie ihn und stimmen Sie neu zu.",
        file_refused="Diese Datei kann hier nicht angenommen werden.",
        not_a_number="Bitte schreiben Sie eine ganze Zahl, etwa 250.",
        too_long="Das ist zu lang.",
        too_large="Das ist zu groß. Bitte gehen Sie zurück und kürzen Sie es oder wählen Sie eine"
        " kleinere Datei.",
        nul="Hier steht ein Zeichen, das sich nicht speichern lässt. Bitte neu eintippen.",
        choose="Bitte wählen",
    ),
    "pl": FormTexts(
        language="Polski",
        send="Wyślij",
        optional="opcjonalnie",
        empty="Zostaw to pole puste",
        other_languages="Inne języki",
        thanks="Dziękujemy",
        thanks_says="Otrzymaliśmy zapytanie i odezwiemy się.",
        mend="Prosimy sprawdzić jeszcze raz:",
        wrong="Tego wpisu nie możemy przyjąć w tej postaci.",
        sending="Wysyłanie …",
        kept=(
            "Nie udało się jeszcze wysłać. Nic nie zginie: dane zostają na tej stronie i zostaną"
            " wysłane, gdy tylko wróci połączenie."
        ),
        refused="Tego nie możemy tutaj przyjąć.",
        by_hand="Bez JavaScriptu nie odróżnimy Cię od automatu, więc najpierw zajrzy tu"
        " człowiek. To potrwa trochę dłużej.",
        email="Prosimy wpisać pełny adres e-mail, na przykład name@example.com.",
        required="Prosimy wypełnić to pole.",
        consent_required="Prosimy zaznaczyć to pole; bez tego nie możemy odpowiedzieć.",
        consent_changed="Ten tekst się zmienił. Prosimy go przeczytać i wyrazić zgodę ponownie.",
        file_refused="Tego pliku nie możemy tutaj przyjąć.",
        not_a_number="Prosimy wpisać liczbę całkowitą, na przykład 250.",
        too_long="To jest za długie.",
        too_large="To jest za duże. Prosimy wrócić i skrócić tekst lub wybrać mniejszy plik.",
        nul="Jest tu znak, którego nie można zapisać. Prosimy wpisać to od nowa.",
        choose="Prosimy wybrać",
    ),
}


def form_texts(language: str) -> FormTexts:
    """The language's words, or the default's."""
    return FORM_TEXTS.get(language, FORM_TEXTS[DEFAULT_LANGUAGE])


def describe_form_fault(fault: str, language: str) -> str:
    """What to mend, by the code of a fault."""
    known = form_texts(language)._asdict()
    return str(known.get(fault, known["wrong"]))
