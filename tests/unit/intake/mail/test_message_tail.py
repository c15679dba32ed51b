"""Where the person's words end, and the vendor's begin."""

import pytest

from leadloop.intake.mail.message_tail import split_tail

WORDS = "Is the tent still there?\nI could come on Friday."


@pytest.mark.parametrize(
    "tail",
    [
        "*Your listing*\nA tent",
        "A tent for two\n€ 120\nRef: T-17",
        "Time: 10:20 am\nIP Address: 192.0.2.7",
        "Budget\nabout 200",
    ],
)
def test_the_vendors_paragraph_is_cut_off(tail: str) -> None:
    assert split_tail(f"{WORDS}\n\n{tail}") == (WORDS, tail)


@pytest.mark.parametrize(
    "more",
    ["I can pay € 120 in cash.\nIs that enough?", "Best regards,\nAda", "Ada Byron\nEngines"],
)
def test_the_persons_paragraph_stays(more: str) -> None:
    assert split_tail(f"{WORDS}\n\n{more}") == (f"{WORDS}\n\n{more}", "")
