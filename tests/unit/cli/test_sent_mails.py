import json
import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from leadloop.cli.main import main
from leadloop.cli.sent_mails import read_sent_mails

LINK = "http://127.0.0.1:4566/_aws/execute-api/a1b2c3/live/t/" + "Zk9" * 50
SENT_AT = 1_796_115_272  # 2026-12-01 08:54:32 UTC


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    mail = tmp_path / "mail"
    mail.mkdir()
    stack = {
        "endpoint": "http://127.0.0.1:1",
        "mail": str(mail),
        "table": "",
        "buckets": {},
        "usage_plan": "",
    }
    tmp_path.joinpath("stack.json").write_text(json.dumps(stack))
    write_mail(mail / "1.eml", "ada@mill.example", "Zażółć gęślą jaźń", f"Kliknij:\n{LINK}\n")
    html = f'<p>Hello</p><a href="{LINK}?a=1&amp;b=2">here</a>'
    write_mail(mail / "2.eml", "somchai@mill.example", "ใบเสนอราคา", html, subtype="html")
    return tmp_path


def write_mail(path: Path, to: str, subject: str, text: str, *, subtype: str = "plain") -> None:
    mail = EmailMessage()
    mail["Delivered-To"] = to
    mail["To"] = to
    mail["Subject"] = subject
    mail.set_content(text, subtype=subtype, cte="quoted-printable")
    path.write_bytes(bytes(mail))
    os.utime(path, (SENT_AT, SENT_AT))


def test_the_list_has_a_row_for_each_mail_with_its_number(
    run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mail", "list", "--stack", str(run_folder)]) == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["N", "sent", "(UTC)", "to", "subject"]
    assert first.endswith("ada@mill.example      Zażółć gęślą jaźń")
    assert first.startswith("1  2026-12-01 08:54:32  ")
    assert second.endswith("somchai@mill.example  ใบเสนอราคา")


@pytest.mark.parametrize(("number", "link"), [("1", LINK), ("2", f"{LINK}?a=1&b=2")])
def test_a_mail_is_shown_decoded_and_its_links_are_whole(
    run_folder: Path, capsys: pytest.CaptureFixture[str], number: str, link: str
) -> None:
    assert len(LINK) > 150, "quoted-printable folds it"
    assert main(["mail", "show", number, "--stack", str(run_folder)]) == 0
    assert f"\n  {link}\n" in capsys.readouterr().out


def test_a_number_that_is_not_there_is_refused(
    run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in ("0", "3"):
        assert main(["mail", "show", number, "--stack", str(run_folder)]) == 1
        assert "there are 2" in capsys.readouterr().err


def test_the_newest_mail_is_the_last(run_folder: Path) -> None:
    mails = [*read_sent_mails(run_folder / "mail")]
    assert [mail.recipient for mail in mails] == ["ada@mill.example", "somchai@mill.example"]
    assert mails[1].readable_text.strip().startswith("Hello")
