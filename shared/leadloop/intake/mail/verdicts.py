"""What the receiving mail server wrote above the mail: the only header lines to be trusted.

The sender of a mail can write any header into it, but not above the lines of the server that
receives it. So only the first line of each name counts, and only above the second `Received`.

Sources: RFC 8601 (`Authentication-Results`), RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC);
Amazon SES Developer Guide (`X-SES-Spam-Verdict`, `X-SES-Virus-Verdict`).
"""

import re
from email.message import Message

from leadloop.intake.envelope import MailVerdict, MailVerdicts

RECEIVING_SERVER = "amazonses.com"
VERDICT_WORDS: dict[str, MailVerdict] = {"pass": "PASS", "fail": "FAIL", "softfail": "FAIL"}
METHOD_RESULT = re.compile(r"(?:^|;)\s*(spf|dkim|dmarc)=([a-z]+)", re.IGNORECASE)
COMMENT = re.compile(r"\([^()]*\)")
LONGEST_VALUE = 10_000  # characters of a line that are read


def read_verdicts(message: Message) -> MailVerdicts:
    """The server's verdicts; those of SPF, DKIM and DMARC only where the server is ours."""
    top = _topmost_headers(message)
    results = COMMENT.sub("", " ".join(top.get("authentication-results", "").split()))
    server, _, rest = results.partition(";")
    methods: dict[str, MailVerdict] = {}
    if server.strip().lower() == RECEIVING_SERVER:
        for method, word in METHOD_RESULT.findall(f";{rest}"):
            verdict = VERDICT_WORDS.get(word.lower(), "GRAY")
            # a mail may have several signatures: one that passes is enough
            if methods.get(method.lower()) != "PASS":
                methods[method.lower()] = verdict
    return MailVerdicts(
        spf=methods.get("spf"),
        dkim=methods.get("dkim"),
        dmarc=methods.get("dmarc"),
        spam=_scan_verdict(top.get("x-ses-spam-verdict")),
        virus=_scan_verdict(top.get("x-ses-virus-verdict")),
    )


def _topmost_headers(message: Message) -> dict[str, str]:
    top: dict[str, str] = {}
    for name, value in message.raw_items():
        if name.lower() == "received" and "received" in top:
            break
        top.setdefault(name.lower(), str(value)[:LONGEST_VALUE])
    return top


def _scan_verdict(text: str | None) -> MailVerdict | None:
    if text is None:
        return None
    return VERDICT_WORDS.get(text.strip().lower(), "GRAY")
