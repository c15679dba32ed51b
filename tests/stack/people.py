"""Forms that people send, each a person of his own."""

import json
from collections.abc import Mapping

from infra.local.client import ApiResponse, Client

ORIGINS = {"machines-quote": "https://www.acme-flow.example"}


def post_form(client: Client, form: str, fields: Mapping[str, object]) -> ApiResponse:
    headers = {"Content-Type": "application/json"}
    if origin := ORIGINS.get(form):
        headers["Origin"] = origin
    return client.call("POST", f"/f/{form}", headers=headers, body=json.dumps(fields).encode())


def callback_person(number: int) -> dict[str, object]:
    """Asks to be called about water at home, so that he goes to the care team whatever else."""
    return {
        "name": f"Anrufer Nummer {number}",
        "email": f"anrufer{number}@haus{number}.example",
        "phone": f"+49 1512 {3_000_000 + number}",
        "message": "Bitte um Rückruf.",
        "consent": True,
        "submission_key": f"caller-{number}",
    }


def leeds_person(number: int) -> dict[str, object]:
    """Warm, and at home where Leeds serves."""
    return {
        "name": f"Geoffrey Number {number}",
        "email": f"geoffrey@mill{number}.example",
        "phone": f"+44 7400 {300_000 + number}",
        "company": f"Mill {number}",
        "job_title": "Operations Director",
        "country": "GB",
        "language": "en",
        "employees": 300,
        "message": "What is the price of the CX-4?",
        "consent": True,
        "submission_key": f"yorkshireman-{number}",
    }


def cold_person(name: str) -> dict[str, object]:
    """Not ripe: nurtured."""
    return {
        "name": name,
        "email": f"{name.lower()}@kalt.example",
        "company": "Kalt",
        "country": "NL",
        "message": "Just looking around.",
        "consent": True,
        "submission_key": f"cold-{name}",
    }
