"""An event's list comes in pieces: invited, registered, came or did not; follow-up goes by it."""

from itertools import permutations

import pytest

from leadloop.model.lead import SubmissionOutcome
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Attendance, Channel, Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.model import Playbook
from tests.stories.people import INES, KUBA
from tests.stories.world import World, compile_acme

FAIR, EVENT = "pump-days", "pump-days"


def told(world: World, person: dict[str, str | int], status: Attendance) -> Submission:
    entry = world.post_form(FAIR, person, consent=False)
    return entry.but(channel=Channel.DESK, attendance=status)


def following_up() -> CompiledPlaybook:
    """Who came to the fair gets the story at once, who did not the guide."""
    known = compile_acme().playbook.model_dump(mode="json", by_alias=True)
    for step in known["sequences"]["machines"]["steps"]:
        if step["id"] == "curious":
            step["when"] = {"field": f"attendance.{EVENT}", "is": "attended"}
    return CompiledPlaybook(Playbook.model_validate(known | {"version": "following up"}))


@pytest.mark.parametrize(
    ("came", "mails"),
    [
        (Attendance.ATTENDED, ["welcome", "story"]),
        (Attendance.NO_SHOW, ["welcome", "guide", "story"]),
    ],
)
def test_attendance_told_later_is_of_the_same_contact_and_follow_up_goes_by_it(
    came: Attendance, mails: list[str]
) -> None:
    world = World(playbook=following_up())
    kuba = world.submit(world.post_form("machines-quote", KUBA)).submission_id
    world.submit(told(world, KUBA, Attendance.INVITED))
    world.advance(hours=2)
    later = world.submit(told(world, KUBA, came))
    assert (later.outcome, later.lead_id) == (SubmissionOutcome.MERGED, kuba)
    assert world.person(kuba).attendance[EVENT].status is came
    world.advance(days=12)
    assert world.mailed_steps(kuba) == mails
    assert world.event_names(kuba).count("AttendanceChanged") == 2


def test_whatever_order_the_lists_come_in_the_latest_word_stands() -> None:
    for order in permutations(Attendance):
        world = World()
        entries = []
        for status in Attendance:
            entries.append(told(world, KUBA, status))
            world.advance(hours=1)
        by_status = dict(zip(Attendance, entries, strict=True))
        ids = {world.submit(by_status[status]).lead_id for status in order}
        (lead,) = ids
        assert world.person(str(lead)).attendance[EVENT].status is Attendance.ATTENDED, order


def test_a_list_of_who_was_invited_that_comes_late_undoes_nothing() -> None:
    world = World()
    first = world.submit(told(world, KUBA, Attendance.ATTENDED)).submission_id
    for late in (Attendance.REGISTERED, Attendance.INVITED):
        world.advance(hours=1)
        world.submit(told(world, KUBA, late))
    assert world.person(first).attendance[EVENT].status is Attendance.ATTENDED
    world.advance(hours=1)
    world.submit(told(world, KUBA, Attendance.NO_SHOW))  # mended by who stood at the door
    assert world.person(first).attendance[EVENT].status is Attendance.NO_SHOW


def test_to_be_on_a_list_is_no_inquiry_and_wakes_nobody() -> None:
    world = World()
    ines = world.submit(world.post_form("machines-quote", INES)).submission_id
    said, before = len(world.said), world.lead(ines)
    world.submit(told(world, INES, Attendance.ATTENDED))
    after = world.lead(ines)
    assert len(world.said) == said
    assert (after.stage, after.assignment) == (before.stage, before.assignment)


def test_who_is_only_on_the_list_is_a_lead_of_its_own() -> None:
    world = World()
    kuba = world.submit(told(world, KUBA, Attendance.REGISTERED))
    assert kuba.outcome is SubmissionOutcome.LEAD
    assert world.lead(kuba.submission_id).stage is Stage.NURTURING
    assert world.event_names(kuba.submission_id)[:2] == ["LeadCreated", "AttendanceChanged"]
