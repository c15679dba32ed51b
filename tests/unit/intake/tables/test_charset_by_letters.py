"""A list of people in an old charset: few letters are not ASCII, and each of them is a name's."""

import pytest

from leadloop.intake.tables.open import open_table
from leadloop.model.errors import Unreadable

NAMES = {
    "German": ["Jürgen Weiß", "Änne Groß", "Götz Kühn", "Jörg Müßig", "Bärbel Höß"],
    "French": ["Élodie Lefèvre", "Zoé Dœuff", "Maël Garçon", "Anaïs Forêt", "Léa Noël"],
    "Spanish": ["José Núñez", "Begoña Ibáñez", "Íñigo Peña", "Inés Gómez", "Óscar Güell"],
    "Portuguese": ["João Gonçalves", "Inês Conceição", "Luís Simões", "Antónia Peçanha"],
    "Nordic": ["Åsa Öberg", "Göran Sjö", "Märta Åkesson", "Björn Högström", "Örjan Ålund"],
    "Polish": ["Łukasz Żółć", "Grażyna Śliwa", "Paweł Gąsior", "Małgorzata Źrebiec"],
    "Czech": ["Ondřej Dvořák", "Kateřina Šťastná", "Jiří Kříž", "Růžena Novotná"],
    "Hungarian": ["Győző Szűcs", "Ödön Kővári", "Tünde Fűzfa", "Erzsébet Erdős"],
    "Turkish": ["Çağrı Şahin", "Gülşen Yıldız", "Işıl Öğüt", "İbrahim Çelik"],
    "Latvian": ["Jānis Bērziņš", "Līga Kalniņa", "Ģirts Šķēle", "Žanete Ķēniņa"],
    "Russian": ["Иван Щукин", "Пётр Чехов", "Юлия Соловьёва", "Алексей Подъячев"],
    "Greek": ["Γιώργος Παπαδόπουλος", "Μαρία Αλεξίου", "Νίκος Ψαρράς", "Ελένη Ξενάκη"],
}
WRITTEN = [
    *[(charset, name) for charset in ("cp1252", "mac_roman", "cp850")
      for name in ("German", "Spanish", "Nordic")],
    *[(charset, name) for charset in ("cp1252", "mac_roman") for name in ("French", "Portuguese")],
    *[(charset, name) for charset in ("cp1250", "iso8859_2", "cp852")
      for name in ("Polish", "Czech", "Hungarian")],
    ("cp1254", "Turkish"),
    ("cp1257", "Latvian"),
    *[(charset, "Russian") for charset in ("cp1251", "koi8_r", "iso8859_5", "cp866",
                                           "mac_cyrillic")],
    ("cp1253", "Greek"),
    ("iso8859_7", "Greek"),
]  # fmt: skip


def listed(names: list[str], end: str = "\r\n") -> str:
    return end.join(["name;mail", *(f"{name};{n}@l.example" for n, name in enumerate(names))])


def read(data: bytes) -> list[str]:
    return [row.cells[0] for row in open_table([data]).rows]


@pytest.mark.parametrize(("charset", "language"), WRITTEN)
def test_a_short_list_of_names_keeps_its_letters(charset: str, language: str) -> None:
    names = NAMES[language]
    end = "\r" if charset.startswith("mac") else "\r\n"
    assert read(listed(names, end).encode(charset)) == names


@pytest.mark.parametrize(
    ("charset", "names"),
    [
        ("gbk", ["张伟", "王芳", "李娜", "刘洋", "陈静"]),
        ("big5", ["陳美玲", "林志豪", "黃淑芬", "張家豪"]),
        ("cp932", ["一郎", "渡辺直美", "佐藤", "大阪"]),
        ("euc_jp", ["山田太郎", "さとう花子", "スズキ", "渡辺"]),
        ("euc_kr", ["김민수", "이영희", "박지훈"]),
        ("cp1255", ["משה כהן", "רחל לוי", "דוד מזרחי", "שרה פרץ"]),
        ("cp874", ["สมชาย ใจดี", "สุดา รักเรียน", "วิไล สุขใจ"]),
    ],
)
def test_a_list_from_the_east_keeps_its_signs(charset: str, names: list[str]) -> None:
    assert read(listed(names).encode(charset)) == names


def test_names_of_the_whole_west_are_not_taken_for_the_easts() -> None:
    names = ["Jürgen Weiß", "Søren Kjær", "Élodie Lefèvre", "Íñigo Peña", "João Conceição"]
    assert read(listed(names).encode("cp1252")) == names


@pytest.mark.parametrize(
    "charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp932", "iso2022_jp"]
)
def test_a_list_from_japan_is_read_whatever_it_does_not_say(charset: str) -> None:
    names = ["山田太郎", "佐藤花子", "鈴木一郎", "高橋健", "渡辺直美"]
    text = listed(names).replace("name;mail", "氏名;メールアドレス")
    assert read(text.encode(charset)) == names


def test_one_line_that_is_no_utf8_is_none_though_it_is_the_last() -> None:
    assert read("name;mail\rJörg;j@l.example".encode("cp1252")) == ["Jörg"]


def test_files_put_together_are_one_table_their_marks_in_the_midst() -> None:
    one, other = (listed([name]).encode("utf-8-sig") for name in ("Ada", "Zoë"))
    assert read(one + b"\r\n" + other) == ["Ada", "Zoë"]


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x1d"])
def test_what_parts_lines_in_some_program_is_a_sign_in_a_cell(sign: str) -> None:
    assert read(f"name,mail\nAda{sign}Byron,a@l.example\n".encode()) == [f"Ada{sign}Byron"]


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body><table><tr><td>a</td></tr></table></body></html>",
        b'\xef\xbb\xbf<?xml version="1.0"?><Workbook></Workbook>',
        b"BEGIN:VCARD\nEMAIL:ada@l.example\nEND:VCARD\n",
        b"name\x03\x04,\x05\x06\n",
    ],
)
def test_a_page_a_card_and_an_xml_are_no_tables(data: bytes) -> None:
    with pytest.raises(Unreadable, match="no table"):
        open_table([data])
