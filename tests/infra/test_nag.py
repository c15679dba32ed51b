import json
import re
from collections.abc import Iterator

from .accepted import ACCEPTED
from .conftest import Assembly


def findings(assembly: Assembly) -> Iterator[tuple[str, str]]:
    report = json.loads((assembly.folder / "validation-report.json").read_text())
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for construct in violation["violatingConstructs"]:
                yield violation["ruleName"], construct["constructPath"]


def is_accepted(rule: str, path: str, entry: tuple[str, str, str]) -> bool:
    found, where, _ = entry
    return bool(re.match(rf"AwsSolutions-({found})", rule) and re.search(where, path))


def test_every_finding_of_cdk_nag_is_accepted_with_a_reason(prod: Assembly) -> None:
    unexplained = [
        found for found in findings(prod) if not any(is_accepted(*found, e) for e in ACCEPTED)
    ]
    assert unexplained == []


def test_nothing_is_accepted_that_is_no_longer_found(prod: Assembly) -> None:
    found = list(findings(prod))
    assert [e for e in ACCEPTED if not any(is_accepted(*each, e) for each in found)] == []


def test_exceptions_stay_few() -> None:
    assert len({rule.partition("[")[0] for rule, _, _ in ACCEPTED}) <= 15
