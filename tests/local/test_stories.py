from pathlib import Path

import pytest

from infra.local.expectations import ExpectationInvalid, Observation
from infra.local.ministack import ROOT
from infra.local.stories import (
    MailStep,
    StepExpectation,
    StepObservation,
    StoryStep,
    TravelStep,
    compare_step,
    read_stories,
    read_story,
)

STOOD = StepObservation(
    actual=Observation(status=200, stage="accepted", mails=("one", "two")),
    cycle=2,
    enrolled=False,
    opportunities=("lost", "open"),
    owner_changed=True,
    happened=("LeadCreated", "LeadScored", "LeadAccepted"),
    content_type="application/problem+json",
)


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        ({"status": 409}, "status is 200, expected 409"),
        ({"stage": "qualified"}, "stage is accepted, expected qualified"),
        ({"cycle": 1}, "cycle is 2, expected 1"),
        ({"enrolled": True}, "enrolled is False, expected True"),
        ({"opportunities": ("lost",)}, "opportunities is ('lost', 'open'), expected ('lost',)"),
        ({"owner_changed": False}, "owner_changed is True, expected False"),
        ({"content_type": "text/html"}, "content_type is application/problem+json, expected"),
        ({"happened": ("LeadAccepted", "LeadCreated")}, "in that order"),
        ({"happened": ("LeadCreated", "LeadConverted")}, "in that order"),
        ({"mail_to": "a@b.example", "mails": 1}, "2 mails to a@b.example, expected 1"),
        ({"raw_kept": True}, "the raw bytes are not those that were sent"),
    ],
)
def test_each_difference_is_told(expected: dict[str, object], fault: str) -> None:
    (said,) = compare_step(StepExpectation.model_validate(expected), STOOD)
    assert fault in said


def test_what_is_as_expected_is_not_told() -> None:
    then = StepExpectation(
        status=200,
        stage="accepted",
        cycle=2,
        enrolled=False,
        owner_changed=True,
        happened=("LeadCreated", "LeadAccepted"),
        mail_to="a@b.example",
        mails=2,
    )
    assert compare_step(then, STOOD) == ()


def test_every_story_is_one_that_can_be_told() -> None:
    assert {each.name for each in read_stories(ROOT / "events")} >= {
        "stories/nurtured-to-hot",
        "stories/lost-and-recycled",
        "stories/accepted-too-late",
        "stories/customer-returns",
        "stories/unsubscribed",
        "stories/over-its-limit",
        "stories/unreadable-mail",
    }


def test_an_act_nobody_knows_is_refused_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("about: odd\nsteps:\n  - teleport: mars\n")
    with pytest.raises(ExpectationInvalid, match=r"odd\.yaml"):
        read_story(path)


def test_a_step_is_known_by_its_act(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text("about: two\nsteps:\n  - travel: recycle\n  - expect: {stage: new}\n")
    assert [type(step) for step in read_story(path).steps] == [TravelStep, StoryStep]


def test_the_bytes_of_a_mail_are_those_written_with_the_line_ends_of_smtp() -> None:
    mail = MailStep(mail="a@b.example", sender="c@d.example", raw="Subject: x\n\n\xff\x85\n.\n")
    assert mail.content == b"Subject: x\r\n\r\n\xff\x85\r\n.\r\n"
