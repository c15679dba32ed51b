from pathlib import Path

import pytest

from leadloop.cli.main import main

ACME = Path(__file__).parents[3] / "shared" / "playbooks" / "acme"
HEAD = "From: Fixit <no-reply@fixit.example>\nSubject: {subject}\n\n"


def tried(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, *more: str, subject: str = "Lead"
) -> tuple[int, list[str]]:
    file = folder / "mail.eml"
    file.write_text(HEAD.format(subject=subject) + text, "utf-8")
    code = main(["mail", "try", str(file), "--playbook", str(ACME), *more])
    return code, capsys.readouterr().out.splitlines()


def cells(lines: list[str], start: str) -> list[str]:
    (line,) = [line for line in lines if line.strip().startswith(start)]
    return [cell.strip() for cell in line.strip().split("  ") if cell.strip()]


def test_each_field_is_told_with_what_gave_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = tried(tmp_path, capsys, "Name: Ada Byron\nEmail: ada@byron.example\nPet: cat\n")
    assert code == 0
    assert cells(lines, "contact.email") == [
        "contact.email",
        "ada@byron.example",
        "label “Email”, line 2",
    ]
    assert "   Pet" in lines  # a label nobody knows is where a row is missing


def test_the_columns_are_aligned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = tried(tmp_path, capsys, "Name: Ada Byron\nEmail: ada@byron.example\n")
    rows = [line for line in lines if line.startswith("   contact.")]
    assert len({line.index("label “") for line in rows}) == 1


def test_a_sources_own_row_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "You've received a new message from Ada B. in Dayton, OH:\n\nMessage: Hi\n"
    code, lines = tried(tmp_path, capsys, text, "--source", "portals")
    assert code == 1
    assert cells(lines, "contact.name") == ["contact.name", "Ada B.", "written-to-you, row 1: text"]
    assert cells(lines, "! nobody_to_reach")[0] == "! nobody_to_reach"


def test_what_is_refused_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = tried(tmp_path, capsys, "", subject="Automatic reply: x")
    assert code == 1
    assert lines[-1].split()[:2] == ["rejected", "auto_reply"]
    code, lines = tried(tmp_path, capsys, "<adf><prospect>", subject="x")
    assert cells(lines, "! cut_off")[0] == "! cut_off"


def test_the_text_is_shown_with_the_numbers_that_rows_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, lines = tried(tmp_path, capsys, "Hello\nName: Ada\n", "--text")
    assert "   2  Name: Ada" in lines


@pytest.mark.parametrize("more", [("--source", "nobody"), ("--source", "leadhaus")])
def test_a_source_that_takes_no_mail_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    assert tried(tmp_path, capsys, "", *more) == (2, [])


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", "try", "/nowhere/at/all.eml"]) == 2
    assert "/nowhere/at/all.eml" in capsys.readouterr().err
