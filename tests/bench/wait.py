"""Goal 14: from the door's 202 to the mail to the rep, on the laptop run, where one is up.

A burst of a hundred posts, three times; the median of the three runs' 95th percentiles. The
embedded AWS starts a process per concurrent call, so this is no claim about AWS.
"""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from threading import Event

from infra.local.client import Client
from infra.local.stack_file import StackFile
from tests.bench import inquiries
from tests.bench.goals import Figure

STACK = Path(__file__).parents[2] / ".local" / "stack.json"
BURST, CLIENTS, RUNS = 100, 8, 3
PATIENCE = 180  # seconds until a burst must have left


def door_to_mail() -> list[Figure]:
    """Nothing where no laptop run is up (`make run` in another terminal)."""
    if not STACK.exists():
        return []
    client = Client(StackFile.read(STACK))
    first = int(time.time()) % 70_000 * BURST  # other people than in runs before
    waits = [_burst(client, range(first + n * BURST, first + (n + 1) * BURST)) for n in range(RUNS)]
    p95 = median(quantiles(run, n=20)[-1] for run in waits)
    return [
        Figure(
            goal="14",
            what=f"202 to mail handed over, p95 of a burst of {BURST}",
            value=p95,
            unit="s",
            kind="time",
            anchor="Mautic 5-15 min reported; floor: poll time",
            limit=2,
            note=f"median of {RUNS}; p50 {median(map(median, waits)):.1f} s",
        )
    ]


def _burst(client: Client, numbers: range) -> list[float]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        answered = dict(pool.map(lambda n: _post(client, n), numbers))
    deadline, tick = time.monotonic() + PATIENCE, Event()
    while not answered.keys() <= (said := _said(client)).keys():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(answered.keys() - said.keys())} of {BURST} not mailed yet")
        tick.wait(0.5)
    return [said[lead] - at for lead, at in answered.items()]


def _post(client: Client, n: int) -> tuple[str, float]:
    event = inquiries.post(n)
    answer = client.call(
        "POST", event["path"], headers=event["headers"], body=str(event["body"]).encode()
    )
    if answer.status != 202:
        raise AssertionError(f"{answer.status}: {answer.text}")
    return str(answer.json()["submission_id"]), time.time()


def _said(client: Client) -> Mapping[str, float]:
    """Lead → when its mail left; the sink names its files by the time (ns)."""
    return {
        str(mail.message["X-Leadloop-Lead"]): int(mail.path.name.partition("-")[0]) / 1e9
        for mail in client.mails()
    }
