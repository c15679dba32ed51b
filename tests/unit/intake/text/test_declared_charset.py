"""A label of a charset means the wider set; every mail program reads it so."""

import pytest

from leadloop.intake.text.declared_charset import decode_iso_2022_jp
from leadloop.intake.text.decoding import text_of_bytes


@pytest.mark.parametrize(
    ("label", "charset", "text"),
    [
        ("gb2312", "gbk", "喆镕堃瑄"),
        ("x-gbk", "gbk", "李喆"),
        ("GB_2312-80", "gb18030", "㐀"),
        ("euc-kr", "cp949", "뷁샾"),
        ("ks_c_5601-1987", "cp949", "홍길똥 펲시"),
        ("big5", "big5hkscs", "邨埗"),
        ("shift_jis", "cp932", "髙島﨑①㈱"),
        ("x-sjis", "cp932", "№㈲"),
        ("windows-31j", "cp932", "髙"),
        ("cp943c", "cp932", "﨑"),
        ("iso-8859-1", "cp1252", "L’été “à” 5 €"),
        ("ISO_8859-1", "cp1252", "Ž š œ"),
        ("latin1", "cp1252", "3 – 4 €"),
        ("iso-8859-9", "cp1254", "Şişli “5 €”"),
        ("iso-8859-11", "cp874", "สมชาย “ใจดี”"),
        ("x-windows-874", "cp874", "สมชาย"),
        ("iso-8859-8-i", "iso8859_8", "רות לוי"),
        ("iso-8859-8-e", "iso8859_8", "לוי"),
        ("iso-8859-6-i", "iso8859_6", "محمد"),
        ("x-cp1250", "cp1250", "Łódź žluť"),
        ("x-cp1251", "cp1251", "Пётр"),
        ("koi8-ru", "koi8_u", "Київ"),
        ("x-mac-cyrillic", "mac_cyrillic", "Пётр"),
        ("utf8mb4", "utf-8", "Zoë"),
    ],
)
def test_the_wider_set_is_meant(label: str, charset: str, text: str) -> None:
    assert text_of_bytes(text.encode(charset), label) == text


def japanese(text: str) -> bytes:
    """ISO-2022-JP as Outlook writes it: rows of Windows' set behind the escape of JIS X 0208."""
    signs = bytearray()
    for lead, trail in zip(*[iter(text.encode("cp932"))] * 2, strict=True):
        row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + (trail >= 0x9F)
        cell = trail - (0x9F if trail >= 0x9F else 0x41 if trail >= 0x80 else 0x40)
        signs += bytes((row + 0x21, cell + 0x21))
    return b"\x1b$B" + bytes(signs) + b"\x1b(B"


@pytest.mark.parametrize("text", ["㈱青空", "①②③", "№㈲", "山田太郎", "纊", "お問い合わせ"])
def test_signs_of_windows_in_iso_2022_jp_are_read(text: str) -> None:
    assert text_of_bytes(b"Name: " + japanese(text) + b"\r\n", "iso-2022-jp") == f"Name: {text}\r\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("山田 taro".encode("iso2022_jp"), "山田 taro"),
        (b"\x1b(I6@\x1b(B!", "ｶﾀ!"),
        ("丂".encode("iso2022_jp_2"), "丂"),
        (b"\x1b$B;3\nED\x1b(B", "山\n田"),
        (b"plain", "plain"),
    ],
)
def test_iso_2022_jp_is_read_as_before(data: bytes, text: str) -> None:
    assert decode_iso_2022_jp(data) == text


def test_one_sign_that_is_in_no_set_costs_no_other_letter() -> None:
    text = "이름: 박준호\n" * 60
    assert text_of_bytes(text.encode("cp949") + b"\xc9", "euc-kr").startswith("이름: 박준호\n")


@pytest.mark.parametrize("data", [b"\x1b$B", b"\x1b$B\x7f\x7f", b"\x1b$Ba", b"\xff\x1b(I\xff"])
def test_broken_escapes_raise_nothing(data: bytes) -> None:
    assert isinstance(text_of_bytes(data, "iso-2022-jp"), str)
