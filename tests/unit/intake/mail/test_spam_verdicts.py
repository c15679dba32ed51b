"""A vendor says that it takes a message for spam; a person may write of spam, too."""

import pytest

from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.mail.spam_verdicts import has_spam_verdict

PERSON = "Name: Eva Lang\nEmail: eva@lang.example\nMessage: Buy followers, cheap.\n"


def is_flagged(text: str) -> bool:
    return has_spam_verdict(text, read_labels(text, {}).values.get("interest.message"))


@pytest.mark.parametrize(
    "verdict",
    [
        "\n--\nSpam-Verdacht: 7 Punkte\n",
        "\nScore de spam : 8/10\nCe message est-il légitime ? http://portal.example/ok\n",
        "\n-----\nThis message scored 8.5 on our spam filter\n",
        "\n[ Posible correo basura ]\nhttp://portal.example/a\n",
        "\nSpam-Bewertung\nErgebnis: 92 %, Stufe hoch\n",
        "\nDas ist kein Spam? Hier freigeben:\nhttp://portal.example/frei?id=1\n",
        "\n¿No es spam? http://portal.example/ok\n",
        "\nPunteggio spam: 9,5\n",
        "\n=== Probably junk ===\n",
        "\n\nВероятно, спам: 9 баллов\n",
        "\nSpam probability: 0.93\n",
        "\nMark as not spam: http://portal.example/ok\n",
        "\n---\nLikely spam (score 6.2)\nLinks: 3\n",
    ],
)
def test_a_verdict_below_the_message_is_seen_in_any_wording(verdict: str) -> None:
    assert is_flagged(PERSON + verdict)


def test_a_verdict_above_the_details_is_seen() -> None:
    assert is_flagged(f"*** Suspected spam, 6 points ***\n\n{PERSON}")


@pytest.mark.parametrize(
    "words",
    [
        "Your mail went to my spam folder, score 9 it said.",
        "Ich bekam keine Antwort.\n\nVielleicht landete sie im Spam, bitte rufen Sie an.",
        "We need a pump.\n\nMy last mail was probably marked as spam, please answer by phone.",
        "Bonjour,\n\nmon mail précédent a été noté spam avec un score de 8. Pourquoi ?",
        "Hello,\n\nThe page said: spam, 5 points. Is that so?",
        "Hallo,\n\nIhre Seite nannte mich Spam, 7 Punkte. Warum?",
        "J'ai 3 filtres sur 4.\n\nVotre réponse n'est pas arrivée, même dans les spams.",
    ],
)
def test_a_person_may_write_of_spam(words: str) -> None:
    assert not is_flagged(f"Name: Eva Lang\nEmail: eva@lang.example\nMessage: {words}\n")


@pytest.mark.parametrize(
    "footer",
    [
        "\n---\nSpam score: 0.1\n",
        "\nSpam score: 1 of 10\n",
        "\n---\nWe never send spam. Not interested? http://portal.example/out\n",
        "\nAdd us to your contacts, so that our mails are not in the spam folder.\n",
        "\nReport spam: http://portal.example/report\n",
        "\nService: Junk removal, 2 of 3 rooms\n",
        "\nSpam: no\n",
    ],
)
def test_a_low_score_and_a_footer_are_no_verdict(footer: str) -> None:
    assert not is_flagged(PERSON + footer)
