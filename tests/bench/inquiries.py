"""The full sample lead, as often as needed: everything a form can tell, each time another person.

It is routed past two reps who cannot take it (so that there is a why-not), scored by several
rules, owned (the worklist shows it) and waits for its time to accept to pass (the due index does).
"""

import json
from typing import Any

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model.submission import Channel, Submission
from tests.functions.aws_fixture import http_event
from tests.stories.world import MONDAY, compile_acme

FORM, LINE_FORM = "machines-quote", "homecare-advice"
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
FIRST = ("Ingo", "Marlene", "Tomasz", "Friederike", "Yusuf", "Annegret", "Pál", "Hannelore")
LAST = ("von der Heide", "Brückner", "Wiśniewski", "Oberhollenzer", "Yıldız", "Thießen", "Nagy")
PLACES = ("au", "berg", "dorf", "feld", "hain", "hofen", "ingen", "stein", "tal", "wald")
TRADES = ("Molkerei", "Papierfabrik", "Chemiewerk", "Brauerei", "Wasserwerk", "Gießerei")
WISHES = (
    "Bitte um einen Preis für eine Tauchpumpe, Förderhöhe etwa 40 m, Lieferung bis Ende März.",
    "Unsere alte Kreiselpumpe fällt oft aus. Wer kann sich das vor Ort ansehen?",
    "Wir brauchen zwei Dosierpumpen für aggressive Medien und den passenden Wartungsvertrag.",
)


def build_name(n: int) -> str:
    """The n-th person's name; no two have one, since what was asked of a name is kept."""
    rest, ending = n // 56, ""
    while rest:
        rest, place = divmod(rest - 1, len(PLACES))
        ending = PLACES[place] + ending
    return f"{FIRST[n % 8]} {LAST[n % 7]}{ending}"


def build_body(n: int, **other: object) -> bytes:
    """What the n-th person's browser sends; `other` values instead, or none where they are None."""
    trade = TRADES[n % 6]
    said: dict[str, object] = {
        "name": build_name(n),
        "email": f"einkauf.{n}@{trade.lower().replace('ß', 'ss')}-{n}.example",
        "phone": f"+49 89 {21_000_000 + n}",
        "company": f"{trade} Nr. {n} GmbH & Co. KG",
        "job_title": "Technischer Leiter",
        "country": "DE",
        "language": "de",
        "employees": 120,
        "budget": 12000,
        "when": "this quarter",
        "product": "submersible pumps",
        "flow_rate": "120 m³/h",
        "message": WISHES[n % 3],
        "consent": True,
        "utm_source": "google",
        "utm_medium": "cpc",
        "utm_campaign": "tauchpumpen-2026",
        "utm_term": "tauchpumpe kaufen",
        "utm_content": "anzeige-3",
        "gclid": f"Cj0KCQ{sha256(str(n).encode())[:40]}",
        "landing_page": "https://www.acme-flow.example/de/tauchpumpen",
        "referrer": "https://www.google.com/",
        "submission_key": f"page-{n}",
    } | other
    given = {name: value for name, value in said.items() if value is not None}
    return json.dumps(given, ensure_ascii=False).encode()


def build_post(n: int, **other: object) -> dict[str, Any]:
    """The n-th person's post as Lambda receives it."""
    event = http_event(
        "POST",
        f"/f/{FORM}",
        build_body(n, **other).decode(),
        **{
            "content-type": "application/json",
            "origin": "https://www.acme-flow.example",
            "referer": "https://www.acme-flow.example/",
            "user-agent": AGENT,
        },
    )
    event["requestContext"]["identity"]["sourceIp"] = f"203.0.113.{n % 250 + 1}"
    return event


def build_repeat_post(n: int) -> dict[str, Any]:
    """The n-th person asks a second time, from a page loaded anew."""
    return build_post(n, submission_key=f"page-{n}-again")


def build_line_post(n: int, **other: object) -> dict[str, Any]:
    """The n-th person asks about another product line."""
    name, _, last_name = build_name(n).partition(" ")
    unknown = ("name", "company", "job_title", "employees", "budget", "flow_rate")
    body = build_body(
        n,
        **dict.fromkeys(unknown),
        first_name=name,
        last_name=last_name,
        postcode="80331",
        home="Haus",
        message="Unser Wasser ist sehr hart. Was hilft, und was kostet es?",
        submission_key=f"page-{n}-home",
        **other,
    )
    event = build_post(n)
    site = "https://home.acme-flow.example"
    headers = {**event["headers"], "origin": site, "referer": f"{site}/"}
    return {**event, "path": f"/f/{LINE_FORM}", "body": body.decode(), "headers": headers}


def cold_fields(n: int) -> dict[str, object]:
    """What the n-th person says who tells nothing, and so is nurtured."""
    nothing = dict.fromkeys(("phone", "job_title", "employees", "budget", "when", "product"))
    looking = {"email": f"just.looking.{n}@gmail.com", "message": "Just looking around."}
    return {**nothing, **looking}


def build_envelope(n: int, **other: object) -> Envelope:
    """The same as it waits in the queue."""
    sent = build_body(n, **other)
    key = f"page-{n}"
    return Envelope(
        id=submission_id(FORM, key),
        source=FORM,
        channel=Channel.FORM,
        received_at=MONDAY,
        sha256=sha256(sent),
        size=len(sent),
        body=sent,
        key=key,
        content_type="application/json",
        ip=f"203.0.113.{n % 250 + 1}",
        user_agent=AGENT,
        origin="https://www.acme-flow.example",
        referer="https://www.acme-flow.example/",
    )


def build_submission(n: int, **other: object) -> Submission:
    """The same as the worker reads it from the queue."""
    found = read_envelope(
        build_envelope(n, **other), build_body(n, **other), compile_acme().playbook.sources[FORM]
    )
    assert not isinstance(found, UnreadableEnvelope)
    (only,) = found
    return only
