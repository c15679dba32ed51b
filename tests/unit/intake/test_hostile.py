"""What is made to break readers: RELIABILITY's rows S9, S11, S13 and S16, by number.

Costs are counted in CPU seconds with a wide margin: what is caught here grows with the square.
"""

import contextlib
import json
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.feeds.read import ENTRY_TYPE
from leadloop.intake.formats.adf import read_adf
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import FeedSource, MailSource, PartnerSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope, read_or_raise
from leadloop.intake.text.decoding import text_of_bytes
from leadloop.model import errors
from leadloop.model.submission import Channel, Submission

PERSON = "<customer><contact><name part='full'>Ada</name><email>{}</email></contact></customer>"
TARGETS = (
    "file:///etc/passwd", "file:///proc/self/environ", "http://169.254.169.254/latest/meta-data/",
    "https://evil.example/x", "ftp://evil.example/x", "gopher://evil.example/x",
    "php://filter/read=convert.base64-encode/resource=/etc/passwd", "expect://id",
    "jar:http://evil.example/a.jar!/b", "netdoc:///etc/passwd", r"\\evil.example\share",
    "data:text/plain,root:x:0:0",
)  # fmt: skip
WAYS = (
    '<!DOCTYPE adf [<!ENTITY x SYSTEM "{}">]><adf><prospect>' + PERSON.format("&x;"),
    '<!DOCTYPE adf [<!ENTITY % x SYSTEM "{}"> %x;]><adf><prospect>' + PERSON.format("a@b.example"),
    '<!DOCTYPE adf SYSTEM "{}"><adf><prospect>' + PERSON.format("a@b.example"),
    '<adf xmlns:xi="http://www.w3.org/2001/XInclude"><prospect>'
    + PERSON.format('<xi:include parse="text" href="{}"/>'),
    '<?xml-stylesheet href="{}"?><adf xsi:schemaLocation="a {}" xmlns:xsi="http://www.w3.org/2001'
    '/XMLSchema-instance"><prospect>' + PERSON.format("a@b.example"),
)
PAYLOADS = [way.replace("{}", target) + "</prospect></adf>" for way in WAYS for target in TARGETS]


def cost(job: Callable[[], object]) -> float:
    before = time.process_time()
    with contextlib.suppress(errors.LeadloopError):
        job()
    return time.process_time() - before


def test_s9_sixty_ways_to_read_a_file_by_xml_read_none() -> None:
    assert len(PAYLOADS) == 60
    for payload in PAYLOADS:
        try:
            said = str([prospect.parts for prospect in read_adf(payload)])
        except errors.Unreadable as error:
            said = str(error)
        assert "root:" not in said
        assert "PATH=" not in said
        refused = "DOCTYPE" in said
        assert refused is ("<!DOCTYPE" in payload)


def test_s9_a_declaration_is_refused_however_it_is_hidden() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for hidden in (
        f"<!DOCTYPE adf [<!ENTITY l0 'ha'>{laughs}]><adf><prospect>&l9;</prospect></adf>",
        "<!DOC\0TYPE adf [<!ENTITY a 'b'>]><adf><prospect>&a;</prospect></adf>",
        "<!\n  doctype adf><adf><prospect/></adf>",
        "<adf><prospect/><!ENTITY a 'b'></adf>",
    ):
        with pytest.raises(errors.Unreadable, match="DOCTYPE"):
            read_adf(hidden)


@pytest.mark.parametrize(
    "bomb",
    [
        "<adf><prospect>" + "<a>" * 10_000 + "</a>" * 10_000 + "</prospect></adf>",
        '<adf a="' + "x" * 50_000_000 + '"><prospect/></adf>',
        "<adf><prospect>" + "<a/>" * 120_000 + "</prospect></adf>",
        "<adf><prospect>" + "&amp;" * 99_000 + "</prospect></adf>",
    ],
    ids=["10,000 deep", "50 MB attribute", "120,000 elements", "99,000 entities"],
)
def test_s9_xml_that_is_made_to_cost_costs_little(bomb: str) -> None:
    assert cost(lambda: read_adf(bomb)) < 3


def mail(*parts: bytes, kind: bytes = b"multipart/mixed; boundary=b") -> bytes:
    return b"From: a@b.example\nContent-Type: " + kind + b"\n\n" + b"".join(parts)


def nested(depth: int, kind: bytes = b"multipart/mixed") -> bytes:
    return b"From: a@b.example\n" + b"".join(
        b"Content-Type: %s; boundary=b%d\n\n--b%d\n" % (kind, n, n) for n in range(depth)
    )


@pytest.mark.parametrize(
    ("hostile", "why"),
    [
        (nested(60), "deep"),
        (mail(b"--b\n\nx\n" * 1_001), "parts"),
        (b"X: " + b"y" * 1_100_000 + b"\n\nhi", "header"),
        (b"From: a@b.example\n" + b"X: y\n" * 300_000 + b"\nhi", "header"),
        (mail(b"Name: Ada\n", kind=b'message/partial; id="1"; number=1; total=2'), "joined"),
        (
            mail(b"\nName: Ada\n", kind=b'message/external-body; access-type=URL; URL="http://x/"'),
            "joined",
        ),
    ],
)
def test_s11_mime_beyond_its_limits_is_refused_with_the_reason(hostile: bytes, why: str) -> None:
    with pytest.raises(errors.Unreadable, match=why):
        open_mail(hostile)


def test_s11_parts_up_to_the_limit_are_read() -> None:
    assert open_mail(mail(b"--b\n\nx\n" * 900)).plain.count("x") == 900


DROP = MailSource(kind="mail", id="d", product_line="p", country="US", language="en", address="d")
MOJIBAKE = ("JÃ¶rg â€“ " * 100 + "\n").encode() * 800


@pytest.mark.parametrize(
    "body",
    [
        mail(b"--b\nContent-Type: text/plain; charset=utf-8\n\n" + MOJIBAKE),
        mail(*[b"--b\nContent-Type: text/plain; charset=utf-8\n\n" + MOJIBAKE] * 8),
        mail(*[b"--b\nContent-Type: text/plain; charset=x\n\n" + b"\x81A" * 90_000 + b"\n"] * 8),
        mail(b"<td>x" * 150_000, kind=b"text/html"),
        mail(b"<div> <br> </div>" * 50_000, kind=b"text/html"),
        mail(b"<table>" * 2_000 + b"<tr><td>x" * 80_000, kind=b"text/html"),
        mail(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, kind=b"application/json"),
        mail(b"[" + b"{}," * 200_000 + b"{}]", kind=b"application/json"),
        mail(b'"' * 900_000, kind=b"text/csv"),
        mail(b'Name,Email\n"' + b'a",' * 300_000, kind=b"text/csv"),
        b"From: MAILER-DAEMON@b.example\nSubject: failure notice\n\n" + b"to a@b.cc " * 90_000,
        b"From: MAILER-DAEMON@b.example\nSubject: x\n\n" + b"final-recipient: a@b.cc\n\n" * 30_000,
        b"From: a@b.example\n\n" + b"".join(b"Label %d: x\n" % n for n in range(60_000)),
        b"From: a@b.example\n\nName: " + b"x" * 20_000_000,
    ],
)  # fmt: skip
def test_a_mail_that_is_made_to_cost_costs_little(body: bytes) -> None:
    assert cost(lambda: read_prospects(open_mail(body), DROP)) < 4


def test_mending_has_one_budget_for_all_texts_of_a_mail() -> None:
    part = b"--b\nContent-Type: text/plain; charset=utf-8\n\n"
    opened = open_mail(mail(part + MOJIBAKE, part + "Name: JÃ¶rg\n".encode()))
    assert opened.plain.startswith("Jörg")
    assert 1_000 < opened.plain.count("Jörg") < 10_000 < opened.plain.count("JÃ¶rg")


def taken(enveloped: Callable[..., Envelope], body: bytes, source: MailSource, **more: Any) -> Any:
    return read_envelope(enveloped(body, Channel.MAIL, **more), body, source)


def test_s13_what_is_no_text_shows_a_sign_and_keeps_its_bytes(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    body = b"From: a@b.example\n\nName: Ada\x00Byron\nEmail: ada@byron.example\n"
    (made,) = taken(enveloped, body, drop)
    assert made.contact.name == "Ada\ufffdByron"
    assert made.contact.email == "ada@byron.example"
    assert made.raw.body == body
    half = b"Content-Type: text/plain; charset=utf-7\n\nEmail: a@b.example\nName: Ada+2AA-\n"
    (made,) = taken(enveloped, half, drop)
    assert made.contact.name == "Ada\ufffd"
    assert text_of_bytes(b"Name: \xed\xa0\x80", "utf-8").encode()  # half a character: none left


@pytest.mark.parametrize("name", ["Ada \u202enoryB", "A" + "\u0301" * 10_000, "\u200bAda\ufeff"])
def test_s13_strange_letters_are_stored_or_refused_never_fatal(
    enveloped: Callable[..., Envelope], drop: MailSource, name: str
) -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content(f"Name: {name}\nEmail: ada@byron.example\n")
    found = taken(enveloped, message.as_bytes(), drop)
    made: Submission = found.submission if isinstance(found, UnreadableEnvelope) else found[0]
    assert made.contact.email == "ada@byron.example"


def test_s16_a_mail_is_trusted_by_verdict_never_by_its_own_word(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    source = drop.but(trusted_senders=("portal.example",))
    text = b"Name: Ada\nEmail: ada@byron.example\n"
    says = b"Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass\n"
    for top in (b"", says, b"Received: x\nReceived: y\n" + says):
        body = top + b"From: x@portal.example\n\n" + text
        found = taken(enveloped, body, source, verdicts={"dmarc": "FAIL"})
        assert isinstance(found, UnreadableEnvelope)
        assert {"forged", "sender_not_trusted"} <= {reason.code for reason in found.reasons}


def test_s16_a_link_in_a_vendors_mail_is_text_and_nothing_more(
    enveloped: Callable[..., Envelope], drop: MailSource
) -> None:
    """Sockets are shut in these tests: whoever would fetch it would be seen."""
    body = (
        b"From: a@b.example\nContent-Type: text/html\n\n<img src='http://evil.example/x'>"
        b"<link rel=stylesheet href='http://evil.example/y'><a href='http://evil.example/login'>"
        b"Resend</a><table><tr><td>Email<td>ada@byron.example</table>"
    )
    (made,) = taken(enveloped, body, drop)
    assert made.contact.email == "ada@byron.example"


DOCUMENT = (
    "<adf><prospect><customer><contact><name>Ada{}Byron</name><email>ada@byron.example</email>"
    "</contact></customer></prospect></adf>"
)


@pytest.mark.parametrize("sign", ["\0", "\ud800", "&#0;", "&#x0;", "&#xD800;", "&#57343;"])
def test_s13_the_same_in_adf(sign: str) -> None:
    (prospect,) = read_adf(DOCUMENT.format(sign))
    assert (prospect.parts.contact.name, prospect.doubts) == ("Ada\ufffdByron", ())


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps([{"name": "Ada\0Byron", "email": "ada@byron.example"}]), "application/json"),
        ('[{"name": "Ada\\ud800Byron", "email": "ada@byron.example"}]', "application/json"),
        (DOCUMENT.format("&#xD800;"), "application/xml"),
        ('{"text": "Name: Ada\\u0000Byron\\nEmail: ada@byron.example"}', ENTRY_TYPE),
        ('{"text": "Name: Ada\\ud800Byron\\nEmail: ada@byron.example"}', ENTRY_TYPE),
    ],
)
def test_s13_the_same_in_a_drop(enveloped: Callable[..., Envelope], body: str, kind: str) -> None:
    fields = {"name": "contact.name", "email": "contact.email"}
    source = FeedSource.model_validate(
        {"kind": "feed", "id": "src", "product_line": "x", "country": "US", "language": "en",
         "address": "https://a.example/feed", "fields": fields}
    )  # fmt: skip
    envelope = enveloped(body.encode(), Channel.FEED, content_type=kind)
    found = read_envelope(envelope, body.encode(), source)
    assert isinstance(found, tuple), found
    assert found[0].contact.name == "Ada\ufffdByron"


@pytest.mark.parametrize("sign", ["\0", "&#0;", "&#xD800;"])
def test_s13_who_posts_is_told_what_to_mend(
    enveloped: Callable[..., Envelope], partner: PartnerSource, sign: str
) -> None:
    body = DOCUMENT.format(sign).encode()
    with pytest.raises(errors.Unreadable, match=r"remove the NUL|is no character"):
        read_or_raise(enveloped(body, Channel.PARTNER, content_type="text/xml"), body, partner)


def test_adf_in_utf_16_that_does_not_say_so_is_read(
    enveloped: Callable[..., Envelope], partner: PartnerSource
) -> None:
    body = DOCUMENT.format(" é ").encode("utf-16-be")
    (made,) = read_or_raise(
        enveloped(body, Channel.PARTNER, content_type="text/xml"), body, partner
    )
    assert made.contact.name == "Ada é Byron"
