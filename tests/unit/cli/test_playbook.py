import json
import shutil
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from leadloop.cli.check_pages import check_pages
from leadloop.cli.main import main
from leadloop.cli.playbook import publish
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.intake.policy import FormSource
from leadloop.playbook.load import load_playbook

ACME = Path(__file__).parents[3] / "shared/playbooks/acme"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ACME, tmp_path / "acme"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_samples_examples_become_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["playbook", "check", str(ACME)])
    said = capsys.readouterr().out
    assert code == 0, said
    cases = len(list((ACME / "examples").glob("*.yaml")))
    assert f"{cases} of {cases} examples as expected" in said
    head, *rows = said.splitlines()[: cases + 1]
    owner = head.index("owner")
    assert all(len(row) <= owner or row[owner - 2 : owner] == "  " for row in rows), "aligned"


def test_an_example_that_becomes_something_else_is_told_with_its_reasons(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (folder / "examples").glob("*.yaml"):
        if path.stem not in {"warm-poland", "cold-nurtured"}:
            path.unlink()
    replace(folder / "scores/machines.yaml", "qualify: 50", "qualify: 90")
    assert main(["playbook", "check", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "✗  warm-poland" in said
    assert "✓  cold-nurtured" in said
    assert "stage: expected qualified, became nurturing" in said
    assert "owner: expected katarzyna, became nothing" in said
    assert "· +10 Asks for a price or an offer (asks_price)" in said
    assert "1 of 2 examples as expected" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("company.yaml", "name: Acme Flow", "nmae: Acme", "company.yaml:1: nmae: is no field here"),
        (
            "examples/student.yaml",
            "rating: cold",
            "ratnig: cold",
            "examples/student.yaml:14: expect.ratnig: is no field here",
        ),
        (
            "examples/colleague.yaml",
            "after: warm-germany",
            "after: warm-gremany",
            "examples/colleague.yaml:3: after: there is no case warm-gremany",
        ),
        (
            "examples/student.yaml",
            "source: machines-quote",
            "source: machines-quote\nmail: x",
            "examples/student.yaml:1: is either `fields` or a `mail`",
        ),
    ],
)
def test_what_cannot_be_read_is_told_by_file_and_line(
    folder: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, fault: str
) -> None:
    replace(folder / file, old, new)
    assert main(["playbook", "check", str(folder)]) == 1
    assert fault in capsys.readouterr().err


def test_cases_that_wait_for_each_other_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(folder / "examples/student.yaml", "source:", "after: elsewhere\nsource:")
    replace(folder / "examples/elsewhere.yaml", "source:", "after: student\nsource:")
    assert main(["playbook", "check", str(folder)]) == 1
    assert "examples/elsewhere.yaml:2: after: waits for itself" in capsys.readouterr().err


def test_the_schema_is_one_of_json_for_each_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["playbook", "schema"]) == 0
    assert {"company", "sources", "routing"} <= set(json.loads(capsys.readouterr().out))


def test_the_difference_of_two_folders_is_said_value_by_value(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(folder / "pools/senior.yaml", "weight: 2", "weight: 3")
    assert main(["playbook", "diff", str(ACME), str(folder)]) == 0
    assert capsys.readouterr().out == "pools.senior.reps.greta.weight: 2 → 3\n"


def test_publishing_says_what_changes_and_goes_over_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = load_playbook(folder)
    replace(folder / "pools/senior.yaml", "weight: 2", "weight: 3")
    second = load_playbook(folder)
    with mock_aws():
        s3 = boto3.client("s3", "us-east-1")
        s3.create_bucket(Bucket="playbooks")
        assert publish(first, PlaybookStore(s3, "playbooks")) == 0
        assert publish(second, PlaybookStore(s3, "playbooks"), instead_of=first.version) == 0
        assert capsys.readouterr().out == (
            f"{first.version} is live instead of none\n"
            "pools.senior.reps.greta.weight: 2 → 3\n"
            f"{second.version} is live instead of {first.version}\n"
        )
        assert publish(first, PlaybookStore(s3, "playbooks"), instead_of=first.version) == 1
        assert second.version in capsys.readouterr().err
        assert PlaybookStore(s3, "playbooks").live().playbook == second


LOOPS = "{% for i in (1..lead.score) %}{% for j in (1..9999) %}{{ j }}{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    ("language", "old", "new", "told"),
    [
        ("en", "Hello {{ rep.name }},", "{{ 7 | divided_by: lead.fields.none }}", "divided_by"),
        ("de", "Hallo {{ rep.name }},", "{{ lead.company | link: 'Firma' }}", "http"),
        ("pl", "Cześć {{ rep.name }},", LOOPS, "limit"),
    ],
)
def test_s23_every_text_is_rendered_at_check_for_the_sample_leads(
    folder: Path, capsys: pytest.CaptureFixture[str], language: str, old: str, new: str, told: str
) -> None:
    replace(folder / "templates/rep_alert.yaml", old, new)
    assert main(["playbook", "check", str(folder)]) == 1
    said = capsys.readouterr().out
    (line,) = [each for each in said.splitlines() if each.startswith("template rep_alert")]
    assert line.startswith(f"template rep_alert, {language}: ")
    assert told in line
    assert "(rendered for " in line


def test_s23_without_examples_a_bare_lead_is_the_sample(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder / "examples")
    assert main(["playbook", "check", str(folder)]) == 0
    replace(folder / "templates/rep_alert.yaml", "Hello {{", "{{ 1 | modulo: lead.score }} {{")
    assert main(["playbook", "check", str(folder)]) == 1
    assert "rep_alert, en" in capsys.readouterr().out


def test_s23_every_form_is_rendered_at_check_with_what_its_examples_post(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(
        folder / "sources/machines-quote.yaml",
        "    en: Tell us what",
        f"    en: {'Please write. ' * 20_000} Tell us what",
    )
    assert main(["playbook", "check", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "sources/machines-quote: its page (en) has 28" in said
    assert "bytes; 200000 are the most (rendered for cold-nurtured)" in said


def test_s23_a_letter_that_no_page_can_show_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    playbook = load_playbook(folder)
    source = playbook.sources["machines-quote"]
    assert isinstance(source, FormSource)
    broken = source.but(page=source.page.but(thanks={"en": "Thank you \ud83d"}))
    sources = {**playbook.sources, broken.id: broken}
    faults = list(check_pages(playbook.but(sources=sources), {}))
    assert faults[0].startswith("sources/machines-quote: its page (en) cannot be written as UTF-8")
