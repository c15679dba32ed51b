"""What an attachment of no telling type is, as the end of its name says it."""

import base64
from email.header import Header
from urllib.parse import quote

import pytest

from leadloop.intake.mail.message import MailMessage, open_mail

TABLE = "name,email\nEve Mill,eve@mill.example\n"


def opened(header: str, content_type: str = "application/octet-stream") -> MailMessage:
    body = base64.b64encode(TABLE.encode()).decode()
    return open_mail(
        "Subject: New leads\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        f"Content-Type: {content_type}\nContent-Disposition: attachment; {header}\n"
        f"Content-Transfer-Encoding: base64\n\n{body}\n--b--\n".encode()
    )


def encoded(name: str, charset: str) -> str:
    return Header(name, charset, maxlinelen=40).encode(linesep="\n")


@pytest.mark.parametrize(
    "header",
    [
        f'filename="{encoded("Zapytania Łódź.csv", "iso-8859-2")}"',
        f'filename="{encoded("問い合わせ一覧.csv", "iso-2022-jp")}"',
        f'filename="{encoded("Заявки за март и апрель, все отделы.csv", "koi8-r")}"',
        f'filename="{encoded("Demandes d’été.csv", "utf-8")}"',
        f"filename={encoded('Anfragen_März.CSV', 'utf-8')}",
        'filename="=?utf-8?q?Solicitudes_de_Espa=C3=B1a?=.csv"',
        f"filename*=UTF-8''{quote('Förfrågningar.csv')}",
        f"filename*0*=UTF-8''{quote('Förfråg')}; filename*1*={quote('ningar.csv')}",
        'filename="Forespørsler.csv"',
    ],
)
def test_a_table_is_seen_whatever_way_its_name_is_written(header: str) -> None:
    assert opened(header).tables == (TABLE.encode(),)


def test_the_name_at_the_type_counts_too() -> None:
    name = encoded("Anfragen für Mai.csv", "utf-8")
    content_type = f'application/vnd.ms-excel; name="{name}"'
    assert opened("size=1", content_type).tables == (TABLE.encode(),)


@pytest.mark.parametrize(
    "name", ["=?utf-8?b?!!!?=", "=?x-unknown?q?a=FFb?=", "=?utf-8?q?=?=", "=?utf-8?b?YS5leGU=?="]
)
def test_a_hostile_name_is_no_error(name: str) -> None:
    assert opened(f'filename="{name}"').tables == ()
