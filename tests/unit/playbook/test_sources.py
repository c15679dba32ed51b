from pathlib import Path

from leadloop.intake.policy import FormSource
from leadloop.playbook.load import load
from leadloop.playbook.sources import Sources
from leadloop.playbook.versions import dump


def test_a_door_reads_the_same_sources_as_who_decides(acme: Path) -> None:
    playbook = load(acme)
    found = Sources.parse(dump(playbook))
    assert found.sources == playbook.sources
    assert found.version == playbook.version


def test_a_form_is_found_by_its_name_and_no_other_source_is_one(acme: Path) -> None:
    playbook = load(acme)
    found = Sources.parse(dump(playbook))
    forms = {name for name, source in playbook.sources.items() if isinstance(source, FormSource)}
    assert {name for name in playbook.sources if found.form(name)} == forms != set()
    assert found.form("no-such-form") is None
