from email.message import EmailMessage

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.read import UnreadableEnvelope, read_envelope
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
    found = read_envelope(envelope, body, world.playbook.playbook.sources[source])
    if isinstance(found, UnreadableEnvelope):
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
    assert world.person(str(made.lead_id)).contact.email is None
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


def test_who_writes_again_in_a_portals_conversation_is_the_same_person() -> None:
    world = World()
    first = world.submit(relayed(world, "Devon Pike", "9rtq77xk"))
    again = mailed(
        world,
        "RENTER'S NAME\nDevon Pike\n\nRENTER'S MESSAGE\nStill there? Call 202-555-0146.\n",
        From='"Devon Pike" <9RTQ77XK@convo.zillow.com>',
        Reply_To="9RTQ77XK@convo.zillow.com",
    )
    second = world.submit(again)
    assert (second.outcome, second.lead_id) == ("merged", first.lead_id)
    assert world.person(str(first.lead_id)).contact.email is None


def test_another_name_in_a_portals_conversation_is_only_a_possible_match() -> None:
    """As where a portal has one address for all who ask by it."""
    world = World()
    first = world.submit(relayed(world, "Devon Pike", "9rtq77xk"))
    other = world.submit(relayed(world, "Ada Byron", "9rtq77xk"))
    assert other.outcome == "lead"
    assert world.person(str(other.lead_id)).possible_matches == (first.lead_id,)


def test_a_portals_one_address_for_all_is_nobodys_conversation() -> None:
    world = World()
    name, address = "RENTER'S NAME\nDevon Pike\n\nRENTER'S MESSAGE\n", "replies@convo.zillow.com"
    made = [
        world.submit(
            mailed(world, name + asked, From=f'"Devon Pike" <{address}>', Reply_To=address)
        )
        for asked in ("Is it free?", "Is it loud?")
    ]
    assert [verdict.outcome for verdict in made] == ["lead", "lead"]
