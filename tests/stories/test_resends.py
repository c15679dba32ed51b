"""A vendor sends a lead again and says so (ADF status "resend"): a touch, no other inquiry."""

import pytest

from leadloop.model.decision import Verdict
from tests.stories.test_mails import mailed
from tests.stories.world import World

ADF = """<?adf version="1.0"?>
<adf><prospect status="{status}"><id source="finder">{id}</id>
<vehicle><make>Acme</make><model>P20</model></vehicle>
<customer><contact>
<name part="full">Tom Reed</name>{more}<email>tom@reed-mills.example</email>
</contact>
<comments>Two pumps, please call.</comments></customer></prospect></adf>"""


def send(world: World, status: str, id_: str = "7784", more: str = "") -> Verdict:
    """Mail this lead."""
    text = ADF.format(status=status, id=id_, more=more)
    return world.submit(mailed(world, text, "pumpfinder"))


@pytest.fixture
def world() -> World:
    """Tom's lead came by mail, and a rep has it since he filled in a form as well."""
    world = World()
    assert send(world, "new").outcome == "lead"
    strong: dict[str, str | int] = {
        "email": "tom@reed-mills.example",
        "job_title": "Head of Maintenance",
        "employees": 400,
        "budget": 80_000,
    }
    world.submit(world.post_form("machines-quote", strong))
    world.advance(minutes=15)
    return world


def test_a_lead_that_is_sent_again_is_a_touch_and_tells_nobody(world: World) -> None:
    lead_id = world.said[0].delivery.lead_id
    said, before = len(world.said), world.lead(lead_id)
    assert before.assignment is not None
    verdict = send(world, "resend", more="<phone>+1 206 555 0199</phone>")
    assert (verdict.outcome, verdict.reasons[0].code) == ("merged", "resent")
    assert len(world.said) == said
    after = world.lead(lead_id)
    assert (after.assignment, after.stage) == (before.assignment, before.stage)
    assert world.person(lead_id).contact.phone == "+12065550199"  # what was missing is filled in
    assert world.event_names(lead_id)[-1] == "SubmissionMerged"


def test_one_that_says_so_and_never_came_is_a_lead() -> None:
    assert send(World(), "resend").outcome == "lead"


def test_another_inquiry_that_is_sent_again_is_one_of_its_own(world: World) -> None:
    said = len(world.said)
    verdict = send(world, "resend", id_="9001")
    assert (verdict.outcome, verdict.reasons[0].code) == ("merged", "same_person")
    assert len(world.said) == said + 1  # its rep is told
