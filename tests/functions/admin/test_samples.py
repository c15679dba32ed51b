"""Every sample of the partner door and of the admin API, in the order they name each other."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from admin.handler import handler as admin
from infra.local.client import LeadJson, SubmissionJson
from infra.local.expectations import Observation, compare_answer, compare_result
from infra.local.samples import (
    Sample,
    fill_placeholders,
    group_into_waves,
    observe_outcome,
    read_samples,
)
from leadloop.playbook.load import load_playbook
from leadloop.store import partners
from leadloop.store.partners import Partner
from partners.handler import handler as partner
from tests.functions.aws_fixture import AwsFixture, open_aws_fixture
from tests.lambda_context import FakeLambdaContext

ROOT = Path(__file__).parents[3]
KEYS = {"autopoint": "key-of-autopoint", "leadhaus": "key-of-leadhaus"}
DOORS = {"partners": partner, "admin": admin}
SAMPLES = tuple(s for s in read_samples(ROOT / "events") if s.path.parent.name in DOORS)
CLAIMS = {"sub": "u-1", "cognito:groups": "admin"}


class Run:
    """Sends each sample to its handler, and looks up what became of it by the admin API."""

    def __init__(self, home: AwsFixture) -> None:
        self.faults: dict[str, tuple[str, ...]] = {}
        self._bodies: dict[str, str] = {}
        self._submissions: dict[str, str] = {}
        self._leads: dict[str, str] = {}
        home.publish(load_playbook(ROOT / "shared" / "playbooks" / "acme"))
        for source, key in KEYS.items():
            sha256 = hashlib.sha256(key.encode()).hexdigest()
            partners.put(home.table, sha256, Partner(source=source, name=source))
        for wave in group_into_waves(SAMPLES):
            for sample in wave:
                self.faults[sample.name] = tuple(self._faults(sample))

    def _faults(self, sample: Sample) -> Iterator[str]:
        text = fill_placeholders(
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
        actual = Observation(status=answer["statusCode"], answer=body)
        if not sample.expected.awaits_outcome:
            yield from compare_answer(sample.expected, actual)
        else:
            told = json.loads(body)
            yield from compare_result(
                sample.expected, self._seen(sample, actual, told["submission_id"])
            )
        if sample.expected.same_answer and body != self._bodies[sample.after or ""]:
            yield f"the answer differs from that of {sample.after}"

    def _seen(self, sample: Sample, actual: Observation, submission_id: str) -> Observation:
        found = self._get(f"submissions/{submission_id}")
        submission = SubmissionJson.model_validate_json(found)
        self._submissions[sample.name] = submission_id
        if submission.lead_id is None:
            return observe_outcome(actual, submission, None)
        self._leads[sample.name] = submission.lead_id
        lead = LeadJson.model_validate_json(self._get(f"leads/{submission.lead_id}"))
        return observe_outcome(actual, submission, lead)

    def _get(self, path: str) -> str:
        event = {
            "httpMethod": "GET",
            "path": f"/admin/v1/{path}",
            "requestContext": {"authorizer": {"claims": CLAIMS}},
        }
        return self._call(admin, event)["body"]

    @staticmethod
    def _call(handler: Any, event: Mapping[str, Any]) -> dict[str, Any]:
        return handler(event, FakeLambdaContext())


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with pytest.MonkeyPatch.context() as monkeypatch, open_aws_fixture(monkeypatch) as home:
        yield Run(home)


@pytest.mark.parametrize("name", [sample.name for sample in SAMPLES])
def test_a_sample_becomes_what_stands_beside_it(run: Run, name: str) -> None:
    assert run.faults[name] == ()


def test_both_doors_have_a_happy_sample_and_a_broken_one() -> None:
    for door in DOORS:
        statuses = {s.expected.status or 0 for s in SAMPLES if s.path.parent.name == door}
        assert statuses & {200, 201}
        assert statuses & {400, 403, 404, 409, 412, 422, 428}
