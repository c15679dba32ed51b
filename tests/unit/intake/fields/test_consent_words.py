"""Yes and no of a consent in the person's words; what is neither is no consent, and is told."""

import pytest

from leadloop.intake.fields.mapping import build_parts, consent_answer

YES = ["ja", "WAHR", "Oui", "sí", "Ich stimme zu.", "accepted", "[x]", "Да", "はい", "igen", "1.0",
       "VRAI", "wyrażam zgodę", "J’accepte", "opt-in", "evet", "동의", "✓"]  # fmt: skip
NO = ["nein", "FALSCH", "no", "", "  ", "0", "Non", "não", "нет", "opt-out", "いいえ", "hayır"]
UNCLEAR = ["vielleicht", "ja, aber nur per Post", "2026-01-05", "nicht mehr", "siehe Akte", "2"]


@pytest.mark.parametrize("text", YES)
def test_a_plain_yes_is_a_consent(text: str) -> None:
    assert consent_answer(text) is True
    assert build_parts({"consent": text})[0].consent


@pytest.mark.parametrize("text", NO)
def test_a_plain_no_is_none(text: str) -> None:
    assert consent_answer(text) is False
    assert build_parts({"consent": text})[0].fields == {}


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_neither_is_no_consent_and_is_told(text: str) -> None:
    parts, _ = build_parts({"consent": text})
    assert (parts.consent, parts.fields) == (False, {"consent": text})
