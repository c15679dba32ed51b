from leadloop.intake.mail.message import open_mail

TOP = "Received: from x by inbound-smtp.us-east-1.amazonaws.com"


def mail(*headers: str) -> bytes:
    return "".join(f"{line}\n" for line in headers).encode() + b"\nName: Ada\n"


def test_verdicts_are_read_from_the_topmost_lines() -> None:
    verdicts = open_mail(
        mail(
            "Return-Path: <x@y.example>",
            TOP,
            "X-SES-Spam-Verdict: PASS",
            "X-SES-Virus-Verdict: FAIL",
            "Authentication-Results: amazonses.com;\n spf=pass (a; dmarc=fail) client-ip=1;\n"
            " dkim=fail header.i=@a;\n dkim=pass header.i=@b;\n dmarc=none header.from=y.example;",
        )
    ).verdicts
    assert verdicts.model_dump() == {
        "spf": "PASS",
        "dkim": "PASS",
        "dmarc": "GRAY",
        "spam": "PASS",
        "virus": "FAIL",
    }


def test_verdicts_that_the_sender_wrote_count_for_nothing() -> None:
    forged = "Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass"
    below = open_mail(mail(TOP, "Received: from evil", forged, "X-SES-Spam-Verdict: PASS"))
    second = open_mail(mail(TOP, "Authentication-Results: amazonses.com; dmarc=fail", forged))
    other = open_mail(mail(TOP, forged.replace("amazonses.com", "evil.example")))
    assert below.verdicts.model_dump(exclude_none=True) == {}
    assert second.verdicts.dmarc == "FAIL"
    assert other.verdicts.dmarc is None
