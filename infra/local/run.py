"""`make run`: the whole system on this machine, from the real templates, with sample leads.

With `--once` on data and ports of its own, ended after the report; exit code 0 only if every sample
came out as its expect.yaml says. Else it keeps its data below `.local/` and stays up until Ctrl-C.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from infra.local import ministack_gaps, users
from infra.local.aws import Aws
from infra.local.client import Client
from infra.local.deploy import DeployFailed, deploy
from infra.local.expectations import Expectation, ExpectationInvalid
from infra.local.fake_vendors import serve_fake_vendors
from infra.local.mail import MailDrop, Outbox
from infra.local.ministack import ROOT, EmulatorFailed, MiniStack
from infra.local.ports import PortInUse, Ports
from infra.local.samples import Sample, SampleResult, Sender, read_samples
from infra.local.seed import seed_system
from infra.local.stack_file import StackFile
from infra.local.stories import read_stories
from infra.local.story_runner import StoryContext, run_stories
from infra.local.synth import SynthFailed, synth
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.intake.policy import FormSource
from leadloop.model.errors import LeadloopError

LOCAL = ROOT / ".local"
EVENTS = ROOT / "events"
SAMPLE_PLAYBOOK = ROOT / "shared" / "playbooks" / "acme"
TOKEN_LIFE = 45 * 60  # seconds; a token is good for an hour
UNKNOWN_SOURCE = "unknown"  # the source that a mail for nobody is kept under
FAILURES = (
    DeployFailed,
    EmulatorFailed,
    ExpectationInvalid,
    LeadloopError,
    PortInUse,
    SynthFailed,
)


@contextmanager
def run_system(
    home: Path, *, ports: Ports, keep: bool, enforce_iam: bool = False, say: Callable[[str], None]
) -> Iterator[tuple[StackFile, Aws]]:
    """The system, up, with an empty or its kept table; down again on leaving.

    Synthesis and unpacked bundles are shared by all homes, below `.local/`.
    """
    with ExitStack() as up:
        ports.require_free()
        say("templates: made anew if their sources changed (the first time takes a minute or two)")
        assembly = synth(LOCAL / "synth")
        mail = home / "mail"
        up.enter_context(Outbox(ports.mail_out, mail))
        vendors = up.enter_context(serve_fake_vendors(ports.outside))
        emulator = up.enter_context(
            MiniStack(home, ports=ports, keep=keep, enforce_iam=enforce_iam)
        )
        say(f"embedded AWS: up at {emulator.endpoint}")
        aws = Aws(emulator.endpoint)
        stacks = deploy(assembly, aws, bundles=LOCAL / "bundles", say=say)
        stack = StackFile.from_stacks(stacks, ports=ports, mail=mail)
        for each in stacks:
            ministack_gaps.restore_table_settings(each, aws.dynamodb)
            addresses = {"PUBLIC_URL": stack.api_url, "OUTBOUND_GATEWAY": vendors}
            ministack_gaps.restore_function_settings(
                each, addresses=addresses, functions=aws.functions
            )
        stack = seed_system(aws, stack, SAMPLE_PLAYBOOK)

        def keep_mail(key: str, raw: bytes) -> None:
            aws.s3.put_object(Bucket=stack.buckets["raw"], Key=key, Body=raw)

        domains = frozenset({stack.smtp.domain})
        up.enter_context(MailDrop(ports.mail_in, domains=domains, keep=keep_mail))
        stack.write(home / "stack.json")
        say(f"playbook published, addresses in {home / 'stack.json'}")
        yield stack, aws


def send_samples(stack: StackFile, aws: Aws, say: Callable[[str], None]) -> list[SampleResult]:
    """Every sample through its door; tells of each as soon as it is known."""
    playbook = PlaybookStore(aws.s3, stack.buckets["playbook"]).live()

    def source_of(recipient: str) -> str:
        source = playbook.mail_source(recipient)
        return source.id if source else UNKNOWN_SOURCE

    every = read_samples(EVENTS)
    say(f"sending {len(every)} samples through the doors")
    results = []
    for result in Sender(Client(stack), source_of).send_all(every):
        results.append(result)
        if result.faults:
            say(f"  {result.sample.name}: {'; '.join(result.faults)}")
    return [*results, *run_all_stories(StoryContext(stack, aws, playbook), say)]


def run_all_stories(around: StoryContext, say: Callable[[str], None]) -> Iterator[SampleResult]:
    """Every story to its end, as a result that shows where its lead stands then."""
    every = read_stories(EVENTS)
    say(f"telling {len(every)} stories of several steps")
    for told in run_stories(every, around):
        if told.faults:
            say(f"  {told.story.name}: {'; '.join(told.faults)}")
        sample = Sample(told.story.name, EVENTS / "stories", Expectation())
        yield SampleResult(sample, told.actual, faults=told.faults)


def format_report(results: Iterable[SampleResult]) -> str:
    """An aligned table: what became of each sample."""
    rows = [("sample", "answer", "outcome", "rating", "stage", "pool", "owner", "as expected")]
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
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    padded = (map(str.ljust, row, widths) for row in rows)
    return "\n".join("  ".join(cells).rstrip() for cells in padded)


def format_verdict(results: Sequence[SampleResult]) -> str:
    return f"{count_passed(results)} of {len(results)} samples came out as expected"


def count_passed(results: Iterable[SampleResult]) -> int:
    return sum(not result.faults for result in results)


def form_urls(stack: StackFile, aws: Aws) -> list[str]:
    """Where each form of the live playbook is shown."""
    sources = PlaybookStore(aws.s3, stack.buckets["playbook"]).live().playbook.sources.values()
    return [f"{stack.api_url}/f/{each.id}" for each in sources if isinstance(each, FormSource)]


def has_no_data(stack: StackFile, aws: Aws) -> bool:
    """Has nobody sent anything yet?"""
    seen = aws.s3.list_objects_v2(Bucket=stack.buckets["raw"], MaxKeys=1).get("KeyCount", 0)
    return not seen and not any(
        item["pk"]["S"].startswith("S#")
        for item in aws.dynamodb.scan(TableName=stack.table, Limit=200)["Items"]
    )


def run_once(say: Callable[[str], None]) -> int:
    """On data of its own."""
    with tempfile.TemporaryDirectory(prefix="leadloop-") as home:
        place = run_system(
            Path(home), ports=Ports.pick_free(), keep=False, enforce_iam=True, say=say
        )
        with place as (stack, aws):
            results = send_samples(stack, aws, say)
            shutil.copyfile(Path(home) / "ministack.log", LOCAL / "once.log")
    print(f"\n{format_report(results)}\n\n{format_verdict(results)}")
    if count_passed(results) < len(results):
        print(f"what the functions said is in {LOCAL / 'once.log'}")
        return 1
    return 0 if results else 1


def run_until_interrupt(say: Callable[[str], None]) -> NoReturn:
    """On the data kept below `.local/`, until somebody interrupts."""
    with run_system(LOCAL, ports=Ports(), keep=True, say=say) as (stack, aws):
        if has_no_data(stack, aws):
            results = send_samples(stack, aws, say)
            print(f"\n{format_report(results)}\n\n{format_verdict(results)}\n")
        else:
            say("there is data of an earlier run: the samples are not sent again")
        say(f"up: API {stack.api_url}")
        for form in form_urls(stack, aws):
            say(f"    form {form}")
        say(f"    mail for …@{stack.smtp.domain} by SMTP to {stack.smtp.host}:{stack.smtp.port}")
        say(f"    sent mails in {stack.mail}")
        say(f"    what the functions say in {LOCAL / 'ministack.log'}")
        say("Ctrl-C ends it and keeps the data; `make clean` forgets it")
        while True:
            time.sleep(TOKEN_LIFE)
            stack.but(admin=users.issue_token(aws, stack)).write(LOCAL / "stack.json")


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--once", action="store_true", help="end after the report")
    arguments = parser.parse_args()
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {line}", flush=True)

    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background job ignores the first
        signal.signal(number, _interrupt)
    try:
        return run_once(say) if arguments.once else run_until_interrupt(say)
    except KeyboardInterrupt:
        say("stopped")
        return 130 if arguments.once else 0
    except FAILURES as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
