"""What a rep reads: who it is, whatever of them is known."""

import pytest

from leadloop.content.template_context import CompanyContext, build_template_context
from leadloop.content.templates import RenderedMessage, render_template
from tests.stories.people import INES
from tests.stories.world import World

NAMES = ("first_name", "last_name")


def letter(world: World, language: str) -> RenderedMessage:
    send = world.said[-1]
    company = world.playbook.playbook.company
    said = build_template_context(
        send.person,
        send.lead,
        send.delivery,
        company=CompanyContext(name=company.name, postal_address=company.postal_address),
        rep="Greta",
        accept_url="https://x.example/a/1",
        unsubscribe_url=None,
    )
    template = world.playbook.playbook.templates["rep_alert"]
    return render_template(template, language, said, default=company.language)


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_who_gave_no_name_is_called_by_the_address(language: str) -> None:
    world = World()
    nameless = {field: value for field, value in INES.items() if field not in NAMES}
    world.submit(world.post_form("machines-quote", nameless))
    message = letter(world, language)
    assert "ines@vogelpumpen.de, Vogel Pumpen AG" in message.subject
    assert "\n, " not in message.text


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_who_gave_a_name_is_called_by_it(language: str) -> None:
    world = World()
    world.submit(world.post_form("machines-quote", INES))
    assert "Ines Vogel, Vogel Pumpen AG" in letter(world, language).subject
