"""Every sample of the partner door and of the admin API, in the order they name each other."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from admin.handler import handler as admin
from infra.local.client import LeadSeen, SubmissionSeen
from infra.local.expectations import Actual, answer_faults, faults
from infra.local.samples import Sample, filled, in_waves, samples, seen
from leadloop.playbook.load import load
from leadloop.store import partners
from leadloop.store.partners import Partner
from partners.handler import handler as partner
from tests.functions.aws_fixture import House, house
from tests.lambda_context import Call

ROOT = Path(__file__).parents[3]
KEYS = {"autopoint": "key-of-autopoint", "leadhaus": "key-of-leadhaus"}
DOORS = {"partners": partner, "admin": admin}
SAMPLES = tuple(s for s in samples(ROOT / "events") if s.path.parent.name in DOORS)
CLAIMS = {"sub": "u-1", "cognito:groups": "admin"}


class Run:
    """Sends each sample to its handler, and looks up what became of it by the admin API."""

    def __init__(self, home: House) -> None:
        self.faults: dict[str, tuple[str, ...]] = {}
        self._bodies: dict[str, str] = {}
        self._submissions: dict[str, str] = {}
        self._leads: dict[str, str] = {}
        home.publish(load(ROOT / "shared" / "playbooks" / "acme"))
        for source, key in KEYS.items():
            sha256 = hashlib.sha256(key.encode()).hexdigest()
            partners.put(home.table, sha256, Partner(source=source, name=source))
        for wave in in_waves(SAMPLES):
            for sample in wave:
                self.faults[sample.name] = tuple(self._faults(sample))

    def _faults(self, sample: Sample) -> Iterator[str]:
        text = filled(
            sample.path.read_text(),
            partners=KEYS,
            submissions=self._submissions,
            leads=self._leads,
        )
        answer = self._call(DOORS[sample.path.parent.name], json.loads(text))
        body = answer["body"]
        if answer["isBase64Encoded"]:
            body = base64.b64decode(body).decode()
        self._bodies[sample.name] = body
        actual = Actual(status=answer["statusCode"], answer=body)
        if not sample.expected.awaits_outcome:
            yield from answer_faults(sample.expected, actual)
        else:
            told = json.loads(body)
            yield from faults(sample.expected, self._seen(sample, actual, told["submission_id"]))
        if sample.expected.same_answer and body != self._bodies[sample.after or ""]:
            yield f"the answer differs from that of {sample.after}"

    def _seen(self, sample: Sample, actual: Actual, submission_id: str) -> Actual:
        found = self._get(f"submissions/{submission_id}")
        submission = SubmissionSeen.model_validate_json(found)
        self._submissions[sample.name] = submission_id
        if submission.lead_id is None:
            return seen(actual, submission, None)
        self._leads[sample.name] = submission.lead_id
        lead = LeadSeen.model_validate_json(self._get(f"leads/{submission.lead_id}"))
        return seen(actual, submission, lead)

    def _get(self, path: str) -> str:
        event = {
            "httpMethod": "GET",
            "path": f"/admin/v1/{path}",
            "requestContext": {"authorizer": {"claims": CLAIMS}},
        }
        return self._call(admin, event)["body"]

    @staticmethod
    def _call(handler: Any, event: Mapping[str, Any]) -> dict[str, Any]:
        return handler(event, Call())


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with pytest.MonkeyPatch.context() as monkeypatch, house(monkeypatch) as home:
        yield Run(home)


@pytest.mark.parametrize("name", [sample.name for sample in SAMPLES])
def test_a_sample_becomes_what_stands_beside_it(run: Run, name: str) -> None:
    assert run.faults[name] == ()


def test_both_doors_have_a_happy_sample_and_a_broken_one() -> None:
    for door in DOORS:
        statuses = {s.expected.status or 0 for s in SAMPLES if s.path.parent.name == door}
        assert statuses & {200, 201}
        assert statuses & {400, 403, 404, 409, 412, 422, 428}
