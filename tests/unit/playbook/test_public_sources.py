from pathlib import Path

from leadloop.intake.policy import FormSource
from leadloop.intake.public_sources import PublicForm, PublicSource, PublicWebhook
from leadloop.playbook.load import load_playbook
from leadloop.playbook.public_sources import PublicSources
from leadloop.playbook.versions import dump


def test_a_door_is_told_of_its_source_what_who_decides_is_told(acme: Path) -> None:
    playbook = load_playbook(acme)
    found = PublicSources.parse(dump(playbook))
    assert found.version == playbook.version
    assert found.sources.keys() == playbook.sources.keys()
    for name, door in found.sources.items():
        fields = type(door).model_fields
        source = playbook.sources[name].model_dump(include=set(fields))
        assert door.model_dump() == source
    assert {type(door) for door in found.sources.values()} == {
        PublicSource,
        PublicForm,
        PublicWebhook,
    }


def test_a_form_is_found_by_its_name_and_no_other_source_is_one(acme: Path) -> None:
    playbook = load_playbook(acme)
    found = PublicSources.parse(dump(playbook))
    forms = {name for name, source in playbook.sources.items() if isinstance(source, FormSource)}
    assert {name for name in playbook.sources if found.form(name)} == forms != set()
    assert found.form("no-such-form") is None
