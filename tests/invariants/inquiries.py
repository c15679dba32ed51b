"""What is sent, and what is true about it: made from a seed, the same every time.

No two persons share an address or a number, and nobody is asked about by e-mail here and by phone
there in a way that only a third inquiry could join: how many leads there must be is plain.
"""

import base64
import hashlib
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from email.mime.text import MIMEText
from email.policy import SMTP

from tests.invariants.company import CAPPED, EQUAL, LETTERS

FIRST = ("Ada", "Björn", "Chloé", "Dušan", "Élise", "Fatıma", "Gülay", "Håkon", "Ines", "Jörg")
LAST = ("Nowak", "Weiß", "García", "O’Neill", "Łukasz", "Åberg", "Müller", "Đorđević", "Sørensen")
TITLES = ("Head of purchasing", "Engineer", "Owner", "Plant manager", "Buyer")
SOURCES = {"form": "contact", "partner": "haus", "mail": "portal"}
DOORS = (70, 20, 10)  # per hundred, in the order of SOURCES
LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "job_title": "Job title",
    "company": "Company",
    "product": "Product",
    "message": "Message",
}
SHARES = {  # per hundred submissions
    "again": 12,  # a person asks once more
    "repeat": 4,  # one post, sent several times
    "conflict": 2,  # one key, another body
    "honeypot": 2,
    "unreachable": 2,
    "refused": 2,  # the door says what to mend, and nothing is kept
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call at a door. `kind` tells what must become of it; the canary is in its bytes.

    `said` is what its bytes say of the person, by name.
    """

    ref: int
    door: str  # form, partner or mail
    key: str | None
    body: bytes
    person: str | None
    kind: str
    canary: str
    said: Mapping[str, str]

    @property
    def source(self) -> str:
        return SOURCES[self.door]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def derived_id(self) -> str | None:
        """The id its key stands for, made here anew."""
        if self.key is None:
            return None
        digest = hashlib.sha256(f"{self.source}\0{self.key}".encode()).digest()
        return base64.b32encode(digest).decode()[:26]


def build_attempts(seed: int, count: int) -> list[Attempt]:
    """`count` attempts; what repeats another stands beside it, so that the two collide."""
    chance = random.Random(seed)
    found: list[Attempt] = []
    people: list[dict[str, str]] = []
    while len(found) < count:
        kind = _kind(chance)
        ref = len(found)
        if kind == "again" and people:
            person = chance.choice(people[-20:])
            found.append(_attempt(chance, seed, ref, kind, person, _next_inquiry(chance, person)))
        elif kind in ("honeypot", "unreachable", "refused"):
            found.append(_hostile(chance, seed, ref, kind))
        else:
            person = _person(chance, seed, len(people))
            people.append(person)
            first = _attempt(chance, seed, ref, "new", person, person)
            found += [first, *_repeat_attempts(chance, first, kind)]
    return [replace(attempt, ref=ref) for ref, attempt in enumerate(found[:count])]


def _kind(chance: random.Random) -> str:
    drawn = chance.uniform(0, 100)
    for kind, share in SHARES.items():
        drawn -= share
        if drawn < 0:
            return kind
    return "new"


def _person(chance: random.Random, seed: int, number: int) -> dict[str, str]:
    product = chance.choices((EQUAL, CAPPED, LETTERS, "other"), (14, 28, 6, 52))[0]
    name = f"p{number}.s{seed}"
    return {
        "id": name,
        "email": f"{name}@{chance.choice(('gmail.com', f'firm{number}.example'))}",
        "phone": f"+49151{number:08d}",
        "first_name": chance.choice(FIRST),
        "last_name": chance.choice(LAST),
        "product": product,
        "asks_by": chance.choice(("email", "phone")),  # how the person is known when asking again
    }


def _next_inquiry(chance: random.Random, person: dict[str, str]) -> dict[str, str]:
    by = person["asks_by"]
    other = {**person, "email": person["email"].upper()} if by == "email" else dict(person)
    other.pop("phone" if by == "email" else "email")
    return other


def _attempt(
    chance: random.Random,
    seed: int,
    ref: int,
    kind: str,
    person: dict[str, str],
    said: dict[str, str],
) -> Attempt:
    canary = f"canary{seed}x{ref}x{chance.randrange(10**6)}"
    fields = {name: value for name, value in said.items() if name not in ("id", "asks_by")}
    if chance.random() < 0.7:
        fields["job_title"] = chance.choice(TITLES)
    if chance.random() < 0.7:
        fields["company"] = f"{chance.choice(LAST)} & {chance.choice(LAST)}"
    fields["message"] = canary
    door = chance.choices(tuple(SOURCES), DOORS)[0] if kind == "new" else "form"
    if door == "mail":
        return _mailed(ref, person["id"], canary, fields)
    if kind == "again" and chance.random() < 0.2:
        door = "partner"
    if chance.random() < 0.04:  # too big for an item: its bytes must lie in the bucket
        fields["message"] += " " + base64.b85encode(chance.randbytes(6_500)).decode().replace(
            "<", " "
        )
    key = None if chance.random() < 0.05 else f"key-{seed}-{ref}"
    if key is not None and door == "form":
        fields["submission_key"] = key
    return Attempt(
        ref=ref,
        door=door,
        key=key,
        body=json.dumps({**fields, "consent": True}, ensure_ascii=False).encode(),
        person=person["id"],
        kind=kind,
        canary=canary,
        said=fields,
    )


def _mailed(ref: int, person: str, canary: str, said: Mapping[str, str]) -> Attempt:
    """As a portal's mail of labels and values; its key is where it lies."""
    lines = [f"{LABELS[name]}: {said[name]}" for name in LABELS if name in said]
    mail = MIMEText("\n".join(lines), "plain", "utf-8")
    mail["From"], mail["To"] = "leads@portal.example", "portal@drop.aqua.example"
    mail["Subject"], mail["Message-ID"] = "New inquiry", f"<{canary}@portal.example>"
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    body = mail.as_bytes(policy=SMTP)
    return Attempt(ref, "mail", f"in/{canary}", body, person, "new", canary, said)


def _repeat_attempts(chance: random.Random, first: Attempt, kind: str) -> Iterator[Attempt]:
    if first.key is None:
        return
    if kind == "repeat":
        for _ in range(chance.randint(1, 4)):
            yield replace(first, kind="repeat")
    if kind == "conflict" and first.door != "mail":
        said = {**json.loads(first.body), "message": f"{first.canary}other"}
        body = json.dumps(said, ensure_ascii=False).encode()
        canary = f"{first.canary}other"
        yield replace(first, kind="conflict", body=body, canary=canary, said=said)


def _hostile(chance: random.Random, seed: int, ref: int, kind: str) -> Attempt:
    canary = f"canary{seed}x{ref}x{chance.randrange(10**6)}"
    bodies: dict[str, dict[str, object]] = {
        "honeypot": {"email": "bot@spam.example", "website_url": "https://spam.example"},
        "unreachable": {"phone": "12345", "last_name": "<script>alert(1)</script>"},
        "refused": {"email": ["not", "a", "text"], "last_name": "=1+1"},
    }
    key = f"key-{seed}-{ref}"
    body = json.dumps({**bodies[kind], "message": canary, "submission_key": key}).encode()
    return Attempt(ref, "form", key, body, None, kind, canary, {})
