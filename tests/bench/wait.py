"""Goal 14: from the door's 202 to the mail to the rep, on an embedded AWS of the bench's own.

A burst of a hundred posts, three times, after one that starts the functions; the median of the
three runs' 95th percentiles. The embedded AWS, its functions and the bench share this machine's
cores, so the burst says how much work a lead is here, and one post alone how long it waits.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from email.parser import BytesHeaderParser
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event

from infra.local.client import Client
from infra.local.ports import Ports
from infra.local.run import run_system
from tests.bench import inquiries
from tests.bench.goals import Figure

BURST, CLIENTS, RUNS, ALONE = 100, 8, 3, 10
BURST_TIMEOUT = 180  # seconds until a burst must have left


class Sink:
    """The mails that have left; each is read once, its headers only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[str] = set()
        self.said: dict[str, float] = {}  # lead → when its mail left

    def read_new(self) -> None:
        """The sink names its files by the time (ns), and with a dot while it writes them."""
        for path in self._folder.glob("[!.]*.eml"):
            if path.name not in self._read:
                self._read.add(path.name)
                with path.open("rb") as mail:
                    lead = str(BytesHeaderParser().parse(mail)["X-Leadloop-Lead"])
                self.said[lead] = path.stat().st_mtime


def door_to_mail() -> list[Figure]:
    """The burst, and one alone."""
    with (
        TemporaryDirectory(prefix="leadloop-") as home,
        run_system(
            Path(home),
            ports=Ports.pick_free(),
            keep=False,
            enforce_iam=False,
            log=lambda _: None,
        ) as (stack, _),
    ):
        client, sink = Client(stack), Sink(Path(stack.mail))
        bursts = [_burst(client, sink, range(n * BURST, (n + 1) * BURST)) for n in range(RUNS + 1)][
            1:
        ]
        after = (RUNS + 1) * BURST
        alone = [_burst(client, sink, range(after + n, after + n + 1))[0] for n in range(ALONE)]
    return [
        Figure(
            goal="14",
            what=f"202 to mail handed over, p95 of a burst of {BURST}",
            value=median(quantiles(burst, n=20)[-1] for burst in bursts),
            unit="s",
            kind="time",
            anchor="Mautic 5-15 min reported; floor: poll time",
            limit=2,
            stands=4.2,
            note=f"median of {RUNS}; p50 {median(map(median, bursts)):.1f} s",
        ),
        Figure(
            goal="14",
            what="  one alone, median",
            value=median(alone),
            unit="s",
            kind="time",
            note=f"of {ALONE}, one after the other",
        ),
    ]


def _burst(client: Client, sink: Sink, numbers: range) -> list[float]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        answered = dict(pool.map(lambda n: _post(client, n), numbers))
    deadline, tick = time.monotonic() + BURST_TIMEOUT, Event()
    while not answered.keys() <= sink.said.keys():
        if time.monotonic() > deadline:
            missing = len(answered.keys() - sink.said.keys())
            raise TimeoutError(f"{missing} of {len(numbers)} not mailed yet")
        tick.wait(0.2)
        sink.read_new()
    return [sink.said[lead] - at for lead, at in answered.items()]


def _post(client: Client, n: int) -> tuple[str, float]:
    event = inquiries.build_post(n)
    answer = client.call(
        "POST", event["path"], headers=event["headers"], body=str(event["body"]).encode()
    )
    if answer.status != 202:
        raise AssertionError(f"{answer.status}: {answer.text}")
    return str(answer.json()["submission_id"]), time.time()
