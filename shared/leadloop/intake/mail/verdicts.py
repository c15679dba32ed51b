"""What the receiving mail server wrote above the mail: the only header lines to be trusted.

Whoever sends a mail can write any header into it, but not above those of the server that takes it
in. So only the first line of each name counts, and only above the second `Received`.
"""

import re
from email.message import Message

from leadloop.intake.envelope import Verdict, Verdicts

SERVER = "amazonses.com"
WORDS: dict[str, Verdict] = {"pass": "PASS", "fail": "FAIL", "softfail": "FAIL"}
METHOD = re.compile(r"(?:^|;)\s*(spf|dkim|dmarc)=([a-z]+)", re.IGNORECASE)
COMMENT = re.compile(r"\([^()]*\)")


def verdicts_of(message: Message) -> Verdicts:
    """Nothing where the topmost block is not the receiving server's."""
    top = _topmost(message)
    results = COMMENT.sub("", " ".join(top.get("authentication-results", "").split()))
    server, _, rest = results.partition(";")
    methods: dict[str, Verdict] = {}
    if server.strip().lower() == SERVER:
        for method, word in METHOD.findall(f";{rest}"):
            verdict = WORDS.get(word.lower(), "GRAY")
            # one good signature is enough: a mail may carry several
            if methods.get(method.lower()) != "PASS":
                methods[method.lower()] = verdict
    return Verdicts(
        spf=methods.get("spf"),
        dkim=methods.get("dkim"),
        dmarc=methods.get("dmarc"),
        spam=_scan(top.get("x-ses-spam-verdict")),
        virus=_scan(top.get("x-ses-virus-verdict")),
    )


def _topmost(message: Message) -> dict[str, str]:
    top: dict[str, str] = {}
    for name, value in message.raw_items():
        if name.lower() == "received" and "received" in top:
            break
        top.setdefault(name.lower(), str(value)[:10_000])
    return top


def _scan(text: str | None) -> Verdict | None:
    if text is None:
        return None
    return WORDS.get(text.strip().lower(), "GRAY")
