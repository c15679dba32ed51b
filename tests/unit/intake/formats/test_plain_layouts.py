"""The whole person, and no doubt, in each way to lay fields out in plain text."""

from collections.abc import Callable

import pytest

from leadloop.intake.policy import MailSource
from tests.unit.intake.vendor_mails import PEOPLE, Pairs, each, mail, read_prospect, wanted, who

LAYOUTS: dict[str, Callable[[Pairs], str]] = {
    "colons": each("{}: {}\r\n"),
    "label above value": each("{}\r\n{}\r\n\r\n"),
    "stars": each("*{}*: {}\r\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", PEOPLE)
def test_the_whole_person_is_found(drop: MailSource, language: str, layout: str) -> None:
    labels, values = PEOPLE[language]
    prospect = read_prospect(drop, mail(LAYOUTS[layout](list(zip(labels, values, strict=True)))))
    assert who(prospect) == wanted(values)
    assert prospect.doubts == ()
