import contextlib
import time
from email.message import EmailMessage

import pytest

from leadloop.intake.mail.message import open_mail
from leadloop.model.errors import LeadloopError, Unreadable

HEAD = b"From: Portal <leads@portal.example>\nTo: leads@in.example\nSubject: New lead\n"


def mail(*headers: str, body: bytes = b"Name: Ada\n") -> bytes:
    return "".join(f"{line}\n" for line in headers).encode() + b"\n" + body


def test_names_in_headers_are_decoded() -> None:
    raw = mail(
        "From: =?utf-8?q?J=C3=B6rg?= =?iso-8859-2?q?_=AFak?= <j@x.example>",
        "Subject: =?utf-8?b?xYHDs2TFug==?=",
    )
    opened = open_mail(raw)
    assert (opened.sender_name, opened.sender, opened.subject) == (
        "Jörg Żak",
        "j@x.example",
        "Łódź",
    )


def test_a_wrongly_declared_charset_loses_no_letter() -> None:
    raw = mail('Content-Type: text/plain; charset="us-ascii"', body="Name: Jörg Żółć".encode())
    assert open_mail(raw).plain == "Name: Jörg Żółć"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-2", "Name: Łukasz Żółć"),
        ("windows-1251", "Name: Пётр Чайковский"),
        ("iso-2022-jp", "Name: 山田太郎"),
        ("tis-620", "Name: สมชาย"),
        ("windows-1258", "Name: Đăng"),
        ("utf-16", "Name: Zoë"),
    ],
)
def test_a_declared_charset_is_read(charset: str, text: str) -> None:
    raw = mail(f"Content-Type: text/plain; charset={charset}", body=text.encode(charset))
    assert open_mail(raw).plain == text


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb18030", "姓名：刘建国\n联系电话：13900550122\n"),
        ("big5", "姓名：陳怡君\n聯絡電話：02-2555-0133\n"),
        ("shift_jis", "お名前：高橋 健太\n電話番号：03-5550-0122\n"),
        ("euc-jp", "お名前：高橋 健太\n電話番号：03-5550-0122\n"),
        ("euc-kr", "성명: 박준호\n연락처: 010-5555-0133\n"),
        ("windows-1251", "Имя: Глеб\nТелефон: +7 903 555 01 44\n"),
        ("koi8-r", "<b>Имя</b> Глеб<br><b>Телефон</b> +7 903 555 01 44\n"),
        ("iso-8859-2", "Jméno a příjmení: Václav Říha\n"),
        ("iso-8859-7", "Ονοματεπώνυμο: Ελένη Παππά\n"),
        ("windows-1252", "Prénom: Maël\nTéléphone: 01 99 00 55 66\n"),
    ],
)
@pytest.mark.parametrize("declared", ["", "; charset=us-ascii", "; charset=iso-8859-1"])
def test_a_charset_that_nobody_declared_is_told_by_the_labels(
    charset: str, text: str, declared: str
) -> None:
    raw = mail(f"Content-Type: text/plain{declared}", body=text.encode(charset))
    assert open_mail(raw).plain == text


def test_an_unknown_charset_is_guessed_not_fatal() -> None:
    raw = mail("Content-Type: text/plain; charset=klingon", body="Name: Müller".encode("cp1252"))
    assert open_mail(raw).plain == "Name: Müller"


def test_text_that_was_decoded_wrongly_before_us_is_mended() -> None:
    body = "Name: JÃ¶rg".encode()
    assert (
        open_mail(mail("Content-Type: text/plain; charset=utf-8", body=body)).plain == "Name: Jörg"
    )


def test_portuguese_capitals_are_no_mojibake() -> None:
    body = "Name: JOÃO SIMÕES".encode()
    raw = mail("Content-Type: text/plain; charset=utf-8", body=body)
    assert open_mail(raw).plain == "Name: JOÃO SIMÕES"


def test_plain_html_and_xml_parts_are_told_apart() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("Name: Plain")
    message.add_alternative("<p>Name: Html</p>", subtype="html")
    message.add_attachment(
        b"<adf/>", maintype="application", subtype="octet-stream", filename="l.ADF"
    )
    message.add_attachment(b"Name: not me", maintype="text", subtype="plain", filename="a.txt")
    opened = open_mail(message.as_bytes())
    assert opened.plain.strip() == "Name: Plain"
    assert opened.markup.strip() == "<p>Name: Html</p>"
    assert opened.documents == ("<adf/>",)


def test_a_forwarded_mail_inside_is_not_read_as_the_mail() -> None:
    outer, inner = EmailMessage(), EmailMessage()
    inner.set_content("Name: Inner")
    outer.set_content("Name: Outer")
    outer.add_attachment(inner)
    assert open_mail(outer.as_bytes()).plain.strip() == "Name: Outer"


def test_what_it_answers_and_which_delivery_came_back_is_known() -> None:
    body = (
        b"--b\nContent-Type: message/rfc822\n\nX-Leadloop-Delivery: T1#2\nSubject: x\n\nhi\n--b--\n"
    )
    opened = open_mail(
        mail(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            "In-Reply-To: <1@x.example>",
            "References: <0@x.example>\n <1@x.example>",
            body=body,
        )
    )
    assert (opened.nature, opened.delivery) == ("bounce", "T1#2")
    assert opened.answers == ("<1@x.example>", "<0@x.example>")


@pytest.mark.parametrize(
    "line",
    [
        '"a@trusted.example" <b@evil.example>, c@x.example',
        "a@trusted.example@evil.example",
        "a@trusted.example <b@evil.example> <c@x.example>",
        "alice@trusted.example)@evil.example",
        "a b@x.example",
        "<>",
        "",
    ],
)
def test_a_from_line_with_two_meanings_names_no_sender(line: str) -> None:
    assert open_mail(mail(f"From: {line}")).sender in {None, "b@evil.example"}


def nested(depth: int) -> bytes:
    parts = [
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    ]
    return HEAD + b"".join(parts) + b"\n\nhi"


@pytest.mark.parametrize(
    "hostile",
    [
        nested(60),
        nested(1_900),
        nested(5_000),
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1_200,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
        HEAD + b"X: y\n" * 10_000,
        b"From: " + b"<" * 300_000,
    ],
)
def test_a_mail_that_costs_too_much_is_refused(hostile: bytes) -> None:
    before = time.process_time()
    with pytest.raises(Unreadable):
        open_mail(hostile)
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    "header",
    [
        "From: " + "(" * 9000,
        "From: " + "a@b.example, " * 700,
        "From: " + '"' * 9000,
        "Subject: " + "=?utf-8?q?" * 900,
        "Subject: =?utf-8?b?A?=",
        "Subject: =?x\x00y?q?a?=",
        "Content-Type: text/plain; charset*=x'y'%FF; name*0*=a",
        "Content-Type: ; boundary",
        'Content-Type: text/plain; charset="\x00"',
        "Content-Transfer-Encoding: x\nContent-Type: /",
        "Content-Type: text/plain; charset=idna",
        "Content-Type: text/plain; charset=punycode",
        "Content-Type: text/plain; charset=zlib_codec",
        "Content-Type: text/plain; charset=undefined",
        "Content-Disposition: attachment; filename*0*=%FF; filename*1*=''x",
        "Authentication-Results: " + "(" * 9000,
    ],
)
def test_hostile_headers_cost_little_and_break_nothing(header: str) -> None:
    before = time.process_time()
    with contextlib.suppress(LeadloopError):
        open_mail(mail(header, body=b"\xff\xfehi"))
    assert time.process_time() - before < 2


@pytest.mark.parametrize(("depth", "lines"), [(300, 300_000), (100, 2_000_000), (0, 4_000_000)])
def test_many_lines_deep_inside_a_mail_cost_little(depth: int, lines: int) -> None:
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)
    )
    body = f"From: a@b.example\n{head}Content-Type: text/plain\n\n".encode() + b"\n" * lines
    before = time.process_time()
    with pytest.raises(Unreadable):
        open_mail(body)
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("=?shift_jis?B?h0CTYw==?=", "①田"),
        ("=?x-sjis?B?+/yLtA==?=", "髙橋"),
        ("=?gb2312?B?wO6GtA==?=", "李喆"),
        ("=?iso-8859-1?Q?L=92=E9t=E9?=", "L’été"),
        ("=?iso-8859-8-i?B?+OX6?=", "רות"),
    ],
)
def test_a_short_header_in_the_wider_set_is_read(line: str, text: str) -> None:
    assert open_mail(mail(f"Subject: {line}")).subject == text


@pytest.mark.parametrize(
    "written",
    [
        "bo@lake.example <bo@lake.example>",
        "Bo@Lake.example <bo@lake.example>",
        "'bo@lake.example' <bo@lake.example>",
        "bo@lake.example<bo@lake.example>",
        '"bo@lake.example" <bo@lake.example>',
        "bo@lake.example",
    ],
)
@pytest.mark.parametrize("header", ["From", "Reply-To"])
def test_an_address_before_itself_is_one_address(header: str, written: str) -> None:
    mail = open_mail(f"{header}: {written}\n\nx".encode())
    found = mail.sender if header == "From" else mail.reply_to
    assert found is not None
    assert found.casefold() == "bo@lake.example"


@pytest.mark.parametrize(
    "written",
    ["bo@lake.example <al@lake.example>", "bo@lake.example, bo@lake.example <al@sea.example>"],
)
def test_two_different_addresses_stay_in_doubt(written: str) -> None:
    assert open_mail(f"Reply-To: {written}\n\nx".encode()).reply_to is None


def test_a_long_subject_is_kept_whole() -> None:
    subject = " ".join(f"word{number}" for number in range(400))
    assert open_mail(mail(f"Subject: {subject}")).subject == subject
