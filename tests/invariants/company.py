"""A company made for counting: five equal reps, seven with a limit, and letters to the rest."""

from typing import Any

from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.aws_fixture import ALWAYS, SECTIONS

EQUALS = ("ann", "bob", "cy", "dee", "eve")
LIMITED = ("uma", "vic", "wes", "xia", "yul", "zoe", "ziv")
LIMIT = 10  # leads each of LIMITED holds at most, and takes at most a day, if not said otherwise
EQUAL, CAPPED, LETTERS = "equal", "capped", "letters"  # what people ask for decides who has them
STEPS = ("hello", "more")
FURTHER = "filters"  # the second product line


def _rep(name: str, **limits: int | None) -> dict[str, Any]:
    return {
        "id": name,
        "name": name.title(),
        "email": f"{name}@aqua.example",
        "zone": "UTC",
        "hours": "day",
        "languages": ["en"],
        **limits,
    }


def _asks_for(product: str) -> dict[str, Any]:
    return {"field": "interest.product", "is": product}


def _line(line: str) -> dict[str, Any]:
    """The score of a product line: who asks for an offer is a rep's at once."""
    asks = {
        "id": "asks",
        "when": {"field": "interest.product", "in": [EQUAL, CAPPED]},
        "points": 50,
        "reason": "Asks for an offer",
    }
    model = SECTIONS["scores"]["pumps"]
    return {**model, "id": f"{line}-1", "product_line": line, "fit": [asks]}


_company = SECTIONS["company"]
_pumps = _company["product_lines"][0]
_consent = {**SECTIONS["sources"]["contact"]["consent"], "required": False}
_form = {
    "kind": "form",
    "id": "contact",
    "product_line": "pumps",
    "country": "DE",
    "language": "en",
    "honeypot": "website_url",
    "consent": _consent,
}


def build_playbook(limit: int, most_open: int | None) -> Playbook:
    """Each of `LIMITED` takes at most `limit` leads a day, and holds at most `most_open`."""
    return stamp_version(
        Playbook.model_validate(
            {
                **SECTIONS,
                "sources": {
                    "contact": _form,
                    "haus": {
                        **SECTIONS["sources"]["haus"],
                        "consent": _consent,
                        "fields": {"wants": "interest.product_line"},
                    },
                    "portal": SECTIONS["sources"]["portal"],
                },
                "company": {
                    **_company,
                    "product_lines": [_pumps, {**_pumps, "id": FURTHER, "name": "Filters"}],
                },
                "scores": {line: _line(line) for line in ("pumps", FURTHER)},
                "routing": {
                    "weeks": {"day": ALWAYS},
                    "routes": [
                        {
                            "id": "capped",
                            "when": _asks_for(CAPPED),
                            "pools": ["limited"],
                            "reason": "l",
                        },
                        {"id": "all", "pools": ["equals"], "reason": "Everybody's first pool"},
                    ],
                },
                "pools": {
                    "equals": {
                        "id": "equals",
                        "name": "Equals",
                        "queue": True,
                        "reps": [_rep(name) for name in EQUALS],
                    },
                    "limited": {
                        "id": "limited",
                        "name": "Limited",
                        "queue": True,
                        "reps": [_rep(name, max_open=most_open, per_day=limit) for name in LIMITED],
                    },
                },
                "sequences": {
                    "letters": {
                        "id": "letters",
                        "product_line": "pumps",
                        "when": _asks_for(LETTERS),
                        "steps": [
                            {"do": "send", "id": step, "wait_hours": 1, "template": "hello"}
                            for step in STEPS
                        ],
                    }
                },
                "lifecycle": {
                    **SECTIONS["lifecycle"],
                    "service_level": {"accept_minutes": 60 * 24 * 30, "escalate_to": "equals"},
                },
            }
        )
    )
