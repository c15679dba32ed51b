from datetime import UTC, datetime
from pathlib import Path

from infra.local.client import LeadJson, WorkItemJson
from infra.local.expectations import Expectation, Observation
from infra.local.report import Summary, format_summary, format_verdict
from infra.local.samples import Sample, SampleResult
from leadloop.model.due import Due
from leadloop.model.lead import TimerKind

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOT = LeadJson.model_validate(
    {
        "version": 1,
        "reasons": [],
        "why_not": [],
        "person": {"contact": {"name": "Ada Brook\x1b", "company": "Waterworks"}},
        "lead": {
            "stage": "qualified",
            "rating": "hot",
            "cycle": 1,
            "score": {"fit": 90, "behaviour": 10, "points": []},
            "assignment": {"pool": "senior", "rep": "greta"},
        },
    }
)


def row(rating: str, stage: str, *, asked: datetime | None = None) -> WorkItemJson:
    return WorkItemJson(
        id="L", title="", company="", stage=stage, rating=rating, score=0, asked=asked
    )


def summary(forms: list[str]) -> Summary:
    return Summary(
        leads=[row("hot", "qualified"), row("cold", "nurturing", asked=NOW), row("cold", "new")],
        hot=[HOT],
        mail_recipients=["a@b.example", "a@b.example", "c@d.example"],
        quarantined=4,
        due=[Due(timer=TimerKind.STEP, lead_id="L", at=NOW)],
        forms=forms,
    )


def test_the_report_is_ten_lines_whatever_there_is() -> None:
    for forms in ([], ["http://127.0.0.1/f/one"], ["1", "2", "3", "4", "5"]):
        text = format_summary(summary(forms), table=Path("report.txt"), more_files="x")
        assert len(text.splitlines()) == 10


def test_the_report_says_who_became_what_and_what_waits() -> None:
    text = format_summary(
        summary(["http://127.0.0.1/f/one"]), table=Path("report.txt"), more_files="x"
    )
    for line in (
        "Leads  3: 1 hot, 0 warm, 2 cold; 1 qualified, 1 nurturing, 1 new",
        "Hot    Ada Brook\ufffd, Waterworks: 100 points, qualified, with greta",
        "Mails  3 sent to 2 people: `leadloop mail list`, `leadloop mail show N`",
        "Waits  4 in quarantine and 1 questions for a person; timers: 1 step: `leadloop travel`",
        "Pages  http://127.0.0.1/f/one",
        "Files  report.txt has every sample, x",
    ):
        assert line in text.splitlines()


def test_the_verdict_names_each_sample_that_was_wrong() -> None:
    fine, wrong = (Sample(name, Path(name), Expectation()) for name in ("a/fine", "a/wrong"))
    results = [
        SampleResult(fine, Observation()),
        SampleResult(wrong, Observation(), faults=("status is 500, expected 202",)),
    ]
    assert format_verdict(results) == (
        "1 of 2 samples came out as expected\n  a/wrong: status is 500, expected 202"
    )
