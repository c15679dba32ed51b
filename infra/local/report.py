"""The report of a laptop run: ten lines that a person can use, and a table of all samples."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from infra.local.aws import Aws
from infra.local.client import Client, LeadJson, WorkItemJson
from infra.local.samples import SampleResult
from infra.local.stack_file import StackFile
from infra.local.travel import list_due
from leadloop.cli.table import format_table, printable
from leadloop.edge.clock import pause
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.intake.policy import FormSource
from leadloop.model.due import Due
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import Keys

HEAD = ("sample", "answer", "outcome", "rating", "stage", "pool", "owner", "as expected")
RATINGS = ("hot", "warm", "cold")
SHOWN_LEADS = 3  # the latest hot ones, with their owners
SHOWN_FORMS = 3
LATEST = 500  # leads that are counted, and submissions in quarantine
PAGE = 100
HORIZON = timedelta(days=36_500)


class Summary(NamedTuple):
    """What the ten lines tell; `hot` are the latest hot leads, `due` all timers."""

    leads: Sequence[WorkItemJson]
    hot: Sequence[LeadJson]
    mail_recipients: Sequence[str]
    quarantined: int
    due: Sequence[Due]
    forms: Sequence[str]


def read_summary(stack: StackFile, aws: Aws) -> Summary:
    """The state of the running system, read through its own doors."""
    client = Client(stack)
    leads = _read_pages(client, "/leads")
    hot = [row.id for row in leads if row.rating == "hot"][:SHOWN_LEADS]
    # Timers are found without the pepper that hides people.
    table = DynamoTable(aws.dynamodb, stack.table, Keys(b""), pause)
    return Summary(
        leads=leads,
        hot=[lead for id_ in hot if (lead := client.lead(id_)) is not None],
        mail_recipients=[mail.recipient for mail in client.mails()],
        quarantined=len(_read_pages(client, "/quarantine")),
        due=tuple(list_due(table, HORIZON)),
        forms=list_form_urls(stack, aws),
    )


def _read_pages(client: Client, path: str) -> list[WorkItemJson]:
    rows: list[WorkItemJson] = []
    cursor: str | None = ""
    while cursor is not None and len(rows) < LATEST:
        page = client.work_items(path, cursor, PAGE)
        rows += page.rows
        cursor = page.next
    return rows


def list_form_urls(stack: StackFile, aws: Aws) -> list[str]:
    """The page of each form in the live playbook."""
    sources = PlaybookStore(aws.s3, stack.buckets["playbook"]).live().playbook.sources.values()
    return [f"{stack.api_url}/f/{each.id}" for each in sources if isinstance(each, FormSource)]


def format_summary(summary: Summary, *, table: Path, more_files: str) -> str:
    """Ten lines: who became what, mails sent, what waits, pages to open, files to read.

    `table` is the file with all samples; `more_files` names others, in words.
    """
    lines = [
        ("Leads", _count_text(summary.leads)),
        *_labelled("Hot", SHOWN_LEADS, [_lead_text(lead) for lead in summary.hot]),
        ("Mails", _mail_text(summary.mail_recipients)),
        ("Waits", _waiting_text(summary)),
        *_labelled("Pages", SHOWN_FORMS, summary.forms),
        ("Files", f"{table} has every sample, {more_files}"),
    ]
    return format_table(lines)


def _labelled(label: str, count: int, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Exactly so many lines, so that the report is as long on every day."""
    for number in range(count):
        text = texts[number] if number < len(texts) else "–"
        yield label if number == 0 else "", text


def _count_text(leads: Sequence[WorkItemJson]) -> str:
    ratings, stages = (Counter(getattr(row, name) for row in leads) for name in ("rating", "stage"))
    number = f"the latest {len(leads)}" if len(leads) >= LATEST else str(len(leads))
    by_rating = ", ".join(f"{ratings[name]} {name}" for name in RATINGS)
    by_stage = ", ".join(f"{count} {name}" for name, count in stages.most_common())
    return f"{number}: {by_rating}; {by_stage or 'none yet'}"


def _lead_text(lead: LeadJson) -> str:
    contact, assignment = lead.person.contact, lead.lead.assignment
    name = contact.get("name") or contact.get("email") or contact.get("phone") or "nameless"
    person = ", ".join(filter(None, (name, contact.get("company"))))
    owner = (assignment.rep or f"the queue of {assignment.pool}") if assignment else "nobody"
    score = lead.lead.score.fit + lead.lead.score.behaviour
    return printable(f"{person}: {score} points, {lead.lead.stage}, with {owner}")


def _mail_text(recipients: Sequence[str]) -> str:
    people = len(set(recipients))
    return (
        f"{len(recipients)} sent to {people} people: `leadloop mail list`, `leadloop mail show N`"
    )


def _waiting_text(summary: Summary) -> str:
    timers = Counter(str(due.timer) for due in summary.due)
    by_kind = ", ".join(f"{count} {kind}" for kind, count in sorted(timers.items()))
    asking = sum(row.asked is not None for row in summary.leads)
    return (
        f"{summary.quarantined} in quarantine and {asking} questions for a person; "
        f"timers: {by_kind or 'none'}: `leadloop travel`"
    )


def format_samples(results: Iterable[SampleResult]) -> str:
    """An aligned table: the outcome of each sample."""
    rows = [HEAD]
    for result in results:
        actual = result.actual
        rows.append(
            (
                result.sample.name,
                str(actual.status or ""),
                actual.outcome or "",
                actual.rating or "",
                actual.stage or "",
                actual.pool or "",
                actual.owner or "",
                "no" if result.faults else "yes",
            )
        )
    return format_table(rows)


def format_verdict(results: Sequence[SampleResult]) -> str:
    """How many came out as expected, and the faults of all others."""
    faulty = [result for result in results if result.faults]
    lines = [f"  {result.sample.name}: {'; '.join(result.faults)}" for result in faulty]
    count = len(results)
    return "\n".join([f"{count - len(faulty)} of {count} samples came out as expected", *lines])


def count_passed(results: Iterable[SampleResult]) -> int:
    """How many came out as expected."""
    return sum(not result.faults for result in results)
