"""`make run`: the whole system on this machine, from the real templates, with sample leads.

With `--once` it has data and ports of its own and ends after the report; exit code 0 only if every
sample came out as its expect.yaml says. Else it keeps its data below `.local/` and stays up until
Ctrl-C.
"""

import argparse
import fcntl
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from infra.local import ministack_gaps, sns_signer, users
from infra.local.aws import REGION, Aws
from infra.local.client import Client
from infra.local.deploy import DeployFailed, deploy
from infra.local.expectations import Expectation, ExpectationInvalid
from infra.local.fake_vendors import serve_fake_vendors
from infra.local.guard import EmulatorGuard
from infra.local.mail import MailDrop, Outbox
from infra.local.ministack import ROOT, EmulatorFailed, MiniStack
from infra.local.ports import PortInUse, Ports
from infra.local.progress import Progress, print_line
from infra.local.report import (
    SHOWN_FORMS,
    count_passed,
    format_samples,
    format_summary,
    format_verdict,
    read_summary,
)
from infra.local.samples import Sample, SampleResult, Sender, read_samples
from infra.local.seed import seed_system
from infra.local.stack_file import StackFile
from infra.local.stories import read_stories
from infra.local.story_runner import StoryContext, run_stories
from infra.local.synth import SynthFailed, synth
from leadloop.cli.stacks import STACK_FILE
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.edge.received_mail import UNKNOWN_SOURCE
from leadloop.model.errors import LeadloopError

LOCAL = ROOT / ".local"
EVENTS = ROOT / "events"
SAMPLE_PLAYBOOK = ROOT / "shared" / "playbooks" / "acme"
SAMPLES_PER_LINE = 40
Log = Callable[[str], None]


class RunInUse(Exception):
    """A run is up on the same data; the message says where its addresses are."""


FAILURES = (
    DeployFailed,
    EmulatorFailed,
    ExpectationInvalid,
    LeadloopError,
    PortInUse,
    RunInUse,
    SynthFailed,
)


@contextmanager
def run_system(
    home: Path, *, ports: Ports, keep: bool, enforce_iam: bool = True, log: Log
) -> Iterator[tuple[StackFile, Aws]]:
    """The running system; it ends on leaving. Its table is empty, or with `keep` the one before.

    With `keep` an emulator that is killed is started again. Synthesis and unpacked bundles are
    shared by all homes, below `.local/`.

    Raises:
        RunInUse: a run is up on this home.
        PortInUse: another process listens on a port.

    """
    with ExitStack() as up:
        up.enter_context(_lock_home(home))
        ports.require_free()
        log("templates: synthesised if their sources changed (first about a minute)")
        assembly = synth(LOCAL / "synth", log)
        mail = home / "mail"
        up.enter_context(Outbox(ports.mail_out, mail))
        key = sns_signer.create_key(home)
        certificate_path = f"sns.{REGION}.amazonaws.com{sns_signer.CERTIFICATE_PATH}"
        made = {certificate_path: sns_signer.certificate(key)}
        vendors = up.enter_context(serve_fake_vendors(ports.outside, made))
        log("embedded AWS: starting")
        emulator = up.enter_context(
            MiniStack(home, ports=ports, keep=keep, enforce_iam=enforce_iam)
        )
        iam = "IAM enforced" if enforce_iam else "IAM not enforced"
        log(f"embedded AWS: up at {emulator.endpoint}, {iam}")
        aws = Aws(emulator.endpoint)
        stacks = deploy(assembly, aws, bundles=LOCAL / "bundles", log=log)
        stack = StackFile.from_stacks(stacks, ports=ports, mail=mail)
        for each in stacks:
            ministack_gaps.restore_table_settings(each, aws.dynamodb)
            addresses = {"PUBLIC_URL": stack.api_url, "OUTBOUND_GATEWAY": vendors}
            ministack_gaps.restore_function_settings(
                each, addresses=addresses, lambda_client=aws.functions
            )
        stack = seed_system(aws, stack, SAMPLE_PLAYBOOK).but(
            sns_key=str((home / sns_signer.KEY_FILE).resolve())
        )

        def store_mail(key: str, raw: bytes) -> None:
            aws.s3.put_object(Bucket=stack.buckets["raw"], Key=key, Body=raw)

        def renew_token() -> None:
            stack.but(admin=users.issue_token(aws, stack)).write(home / STACK_FILE)

        domains = frozenset({stack.smtp.domain})
        up.enter_context(MailDrop(ports.mail_in, domains=domains, store=store_mail))
        stack.write(home / STACK_FILE)
        if keep:
            emulator.save_soon()
            up.enter_context(EmulatorGuard(emulator, renew=renew_token, log=log))
        log(f"the playbook is published; the addresses are in {home / STACK_FILE}")
        log(f"the system takes posts: {stack.api_url}")
        yield stack, aws


@contextmanager
def _lock_home(home: Path) -> Iterator[None]:
    """Hold the home for this process; the lock goes with the process, however it ends."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            addresses = home / STACK_FILE
            message = f"a run is up already on the data of {home}: {_describe_run(addresses)}"
            raise RunInUse(message) from None
        yield


def _describe_run(addresses: Path) -> str:
    if not addresses.exists():
        return f"its addresses will be in {addresses}"
    api_url = StackFile.read(addresses).api_url
    return f"its API is {api_url}, its addresses are in {addresses}"


def send_samples(stack: StackFile, aws: Aws, log: Log) -> list[SampleResult]:
    """The results of all samples and stories; logs how far it is, and each fault at once."""
    playbook = PlaybookStore(aws.s3, stack.buckets["playbook"]).live()

    def source_of(recipient: str) -> str:
        source = playbook.mail_source(recipient)
        return source.id if source else UNKNOWN_SOURCE

    all_samples = read_samples(EVENTS)
    log(f"samples: sending {len(all_samples)} through the doors")
    results = []
    for result in Sender(Client(stack), source_of).send_all(all_samples):
        results.append(result)
        if result.faults:
            log(f"  {result.sample.name}: {'; '.join(result.faults)}")
        if len(results) % SAMPLES_PER_LINE == 0:
            log(f"  {len(results)} of {len(all_samples)} have their outcome")
    return [*results, *run_all_stories(StoryContext(stack, aws, playbook), log)]


def run_all_stories(context: StoryContext, log: Log) -> Iterator[SampleResult]:
    """Run every story to its end; yields a result that shows where its lead stands then."""
    all_stories = read_stories(EVENTS)
    log(f"stories: {len(all_stories)} of several steps")
    for result in run_stories(all_stories, context):
        text = "; ".join(result.faults) or "as expected"
        log(f"  {result.story.name}: {text}")
        sample = Sample(result.story.name, EVENTS / "stories", Expectation())
        yield SampleResult(sample, result.actual, faults=result.faults)


def has_no_data(stack: StackFile, aws: Aws) -> bool:
    """Has no submission come in yet?"""
    objects = aws.s3.list_objects_v2(Bucket=stack.buckets["raw"], MaxKeys=1).get("KeyCount", 0)
    return not objects and not any(
        item["pk"]["S"].startswith("S#")
        for item in aws.dynamodb.scan(TableName=stack.table, Limit=200)["Items"]
    )


def run_once(progress: Progress) -> int:
    """Run on data of its own and report; exit code 0 only if all is as expected."""
    table = LOCAL / "once-report.txt"
    with tempfile.TemporaryDirectory(prefix="leadloop-") as home, progress.watch():
        place = run_system(Path(home), ports=Ports.pick_free(), keep=False, log=progress)
        with place as (stack, aws):
            results = send_samples(stack, aws, progress)
            summary = read_summary(stack, aws)._replace(forms=["none: this run has ended"])
            shutil.copyfile(Path(home) / "ministack.log", LOCAL / "once.log")
    table.write_text(format_samples(results) + "\n")
    more_files = f"{LOCAL / 'once.log'} the output of the functions"
    text = format_summary(summary, table=table, more_files=more_files)
    print_line(f"\n{text}\n\n{format_verdict(results)}")
    return 0 if results and count_passed(results) == len(results) else 1


def run_until_interrupt(progress: Progress, ports: Ports) -> NoReturn:
    """Run on the data kept below `.local/`, until an interrupt."""
    with ExitStack() as up:
        with progress.watch():
            place = run_system(LOCAL, ports=ports, keep=True, log=progress)
            stack, aws = up.enter_context(place)
            verdict = "there is data of an earlier run: the samples are not sent again"
            if has_no_data(stack, aws):
                results = send_samples(stack, aws, progress)
                (LOCAL / "report.txt").write_text(format_samples(results) + "\n")
                verdict = format_verdict(results)
            progress("report: reading the system")
            summary = read_summary(stack, aws)
        more_files = f"{LOCAL / STACK_FILE} every address and key"
        text = format_summary(summary, table=LOCAL / "report.txt", more_files=more_files)
        print_line(f"\n{text}\n\n{verdict}\n")
        smtp = stack.smtp
        progress(f"up: API {stack.api_url}")
        for form in summary.forms[SHOWN_FORMS:]:
            progress(f"    form {form}")
        progress(f"    mail for …@{smtp.domain} by SMTP to {smtp.host}:{smtp.port}")
        progress(f"    the output of the functions is in {LOCAL / 'ministack.log'}")
        progress("Ctrl-C ends it and keeps the data; `make clean` deletes it")
        while True:
            signal.pause()


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    """Run, once or until an interrupt; return the exit code."""
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--once", action="store_true", help="end after the report")
    parser.add_argument(
        "--port",
        type=int,
        metavar="N",
        help="listen on the ports N to N+3 (by default 4566, 4624…)",
    )
    arguments = parser.parse_args()
    ports = Ports() if arguments.port is None else Ports.start_at(arguments.port)
    progress = Progress()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background job ignores the first
        signal.signal(number, _interrupt)
    try:
        return run_once(progress) if arguments.once else run_until_interrupt(progress, ports)
    except KeyboardInterrupt:
        progress("stopped")
        return 130 if arguments.once else 0
    except FAILURES as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
