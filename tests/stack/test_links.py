"""Mail scanners open every link they find: nothing may come of it."""

import time
from collections.abc import Callable
from urllib.request import urlopen

import pytest

from infra.local.client import Client
from infra.local.story_runner import mail_links
from infra.local.travel import fire_timers
from leadloop.cli.sent_mails import SentMail
from leadloop.model.due import Due
from leadloop.store.items import Item, text_attribute
from tests.stack.conftest import RunningSystem
from tests.stack.people import callback_person, cold_person, post_form


@pytest.fixture(scope="module")
def mails(running: RunningSystem, client: Client) -> tuple[SentMail, ...]:
    """To a rep, of a sequence and with an offer: between them they have every kind of link."""
    leads = [
        founded(client, "homecare-callback", callback_person(9_001)),
        founded(client, "machines-quote", cold_person("Scanned")),
        founded(client, "machines-guide", {"email": "reader@hydro.example", "consent": True}),
        founded(client, "homecare-newsletter", {"email": "asked@hydro.example", "consent": True}),
    ]

    def step_of_the_cold_one(due: Due) -> bool:
        return due.lead_id == leads[1] and due.timer == "step"

    machine = running.stack.state_machines["journey"]
    eventually(
        lambda: fire_timers(
            running.table, running.aws.stepfunctions, machine, step_of_the_cold_one
        ),
        "the cold lead is enrolled",
    )

    def theirs() -> tuple[SentMail, ...]:
        return tuple(m for m in client.mails() if m.message["X-Leadloop-Lead"] in leads)

    eventually(lambda: {m.message["X-Leadloop-Lead"] for m in theirs()} == set(leads), "mailed")
    assert running.wait_until_idle() == {}
    return theirs()


def test_between_them_the_mails_have_every_kind_of_link(mails: tuple[SentMail, ...]) -> None:
    kinds = {path[:3] for mail in mails for path in mail_links(mail)}
    assert kinds == {"/a/", "/t/", "/o/", "/u/", "/c/", "/d/"}


def test_the_link_of_an_offer_brings_its_file(
    client: Client, running: RunningSystem, mails: tuple[SentMail, ...]
) -> None:
    (path,) = (path for mail in mails for path in mail_links(mail) if path.startswith("/d/"))
    target = client.call("GET", path).headers["location"]
    assert target.startswith("http://127.0.0.1:")
    with urlopen(target) as file:
        assert file.read().startswith(b"How to choose a pump")
        assert "how-to-choose-a-pump.txt" in file.headers["content-disposition"]


def test_opening_every_link_of_every_mail_changes_nothing(
    running: RunningSystem, client: Client, mails: tuple[SentMail, ...]
) -> None:
    leads = {str(mail.message["X-Leadloop-Lead"]) for mail in mails}
    before = of(leads, running)
    answers = [client.call("GET", path) for mail in mails for path in mail_links(mail)]
    assert {answer.status for answer in answers} == {200, 302}
    assert running.wait_until_idle() == {}
    assert of(leads, running) == before


def test_a_link_altered_in_one_sign_is_refused(client: Client, mails: tuple[SentMail, ...]) -> None:
    for path in {path for mail in mails for path in mail_links(mail)} - {""}:
        if path.startswith("/o/"):
            continue  # answers with its picture whatever it is worth
        altered = path[:-2] + ("A" if path[-2] != "A" else "B") + path[-1]
        assert client.call("GET", altered).status == 400


def of(leads: set[str], running: RunningSystem) -> list[Item]:
    """Everything the table holds about these leads, and every stop."""
    mine = {f"S#{lead}" for lead in leads}
    found = [
        item
        for item in running.items()
        if text_attribute(item, "pk") in mine or text_attribute(item, "pk").startswith("CONSENT#")
    ]
    return sorted(found, key=lambda item: (text_attribute(item, "pk"), text_attribute(item, "sk")))


def founded(client: Client, form: str, fields: dict[str, object]) -> str:
    submission = str(post_form(client, form, fields).json()["submission_id"])
    eventually(lambda: client.submission(submission) is not None, "it has its outcome")
    return submission


def eventually(holds: Callable[[], object], what: str, *, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.25)
