"""An alarm tells a tired person how urgent it is, what it means, and what to do first."""

import re

import pytest

from infra.bundling.bundles import list_functions

from .conftest import Assembly

MOST_WORDS = 20  # in a sentence
MOST_CHARACTERS = 1_024  # of a description, as CloudWatch takes it
PARTS = re.compile(r"Severity: (page|ticket)\nConsequence: (.+)\nFirst step: (.+)")


def descriptions(assembly: Assembly) -> dict[str, str]:
    return {
        place: alarm["Properties"]["AlarmDescription"]
        for place, alarm in assembly.of_type("AWS::CloudWatch::Alarm").items()
    }


def test_every_alarm_has_severity_consequence_and_first_step(prod: Assembly) -> None:
    alarms = descriptions(prod)
    assert len(alarms) > 20
    assert [place for place, text in alarms.items() if not PARTS.fullmatch(text)] == []
    assert [place for place, text in alarms.items() if len(text) > MOST_CHARACTERS] == []


def test_sentences_of_an_alarm_are_short_and_whole(prod: Assembly) -> None:
    for place, text in descriptions(prod).items():
        parts = PARTS.fullmatch(text)
        assert parts, place
        for part in parts.groups()[1:]:
            assert part.endswith("."), (place, part)
            for sentence in re.split(r"[.;] ", part):
                assert len(sentence.split()) <= MOST_WORDS, (place, sentence)


def test_lost_leads_wake_somebody_and_late_ones_wait(prod: Assembly) -> None:
    pages = {
        place.partition("/")[2]
        for place, text in descriptions(prod).items()
        if text.startswith("Severity: page")
    }
    names = ("Dead", "DoorsCapture", "DoorsPartners", "PeopleAdmin", "KeepingUnaccounted")
    strangers = [place for place in pages if not any(name in place for name in names)]
    assert strangers == []
    assert len(pages) == 5 + 3 + 1  # dead-letter queues, doors, the hourly balance


@pytest.mark.parametrize("function", list_functions())
def test_an_alarm_names_the_function_that_failed(prod: Assembly, function: str) -> None:
    text = f"Consequence: The function {function} failed"
    assert len([each for each in descriptions(prod).values() if text in each]) == 1
