from email.message import EmailMessage

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.read import Unreadable, read
from leadloop.model.submission import Channel, Submission
from tests.stories.world import World


def mailed(world: World, text: str, source: str = "portals", **headers: str) -> Submission:
    message = EmailMessage()
    named = {"From": "leads@portal.example", "Subject": "New message", **headers}
    for name, value in named.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    body = message.as_bytes()
    envelope = Envelope(
        id=submission_id(source, sha256(body)),
        source=source,
        channel=Channel.MAIL,
        received_at=world.now,
        sha256=sha256(body),
        size=len(body),
        body=body,
        key=sha256(body),
    )
    found = read(envelope, body, world.playbook.playbook.sources[source])
    if isinstance(found, Unreadable):
        return found.submission
    (submission,) = found
    return submission


def relayed(world: World, name: str, local: str) -> Submission:
    address = f"{local}@convo.zillow.com"
    return mailed(
        world,
        f"RENTER'S NAME\n{name}\n\nRENTER'S MESSAGE\nIs it free?\n",
        From=f'"{name}" <{address}>',
        Reply_To=address,
    )


def test_a_person_behind_a_portals_address_is_a_lead_that_a_colleague_answers() -> None:
    world = World()
    made = world.submit(relayed(world, "Devon Pike", "9rtq77xk"))
    assert made.outcome == "lead"
    lead = world.lead(str(made.lead_id))
    assert lead.contact.email is None
    assert lead.fields["relay_email"] == "9rtq77xk@convo.zillow.com"
    assert lead.assignment is not None
    assert [send.delivery.purpose for send in world.said] == ["rep_alert"]


def test_two_persons_behind_one_portal_are_two_leads() -> None:
    world = World()
    one = world.submit(relayed(world, "Devon Pike", "9rtq77xk"))
    other = world.submit(relayed(world, "Ada Byron", "k2fz88qt"))
    assert {one.outcome, other.outcome} == {"lead"}
    assert one.lead_id != other.lead_id


def test_a_machines_answer_is_rejected_and_says_so() -> None:
    world = World()
    made = world.submit(mailed(world, "I am away.", Auto_Submitted="auto-replied"))
    assert (made.outcome, [reason.code for reason in made.reasons]) == ("rejected", ["auto_reply"])
    assert world.said == []


def test_the_reader_of_a_submission_is_kept_with_its_outcome() -> None:
    world = World()
    made = world.submit(mailed(world, "Name: Ada Byron\nEmail: ada@byron.example\n"))
    assert str(world.record(made.submission_id).parser).startswith("labels/")
