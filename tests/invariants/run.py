"""One run: a company, its people, the weather; until all is quiet and told."""

import gc
import json
import multiprocessing
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_string
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.invariants import workers
from tests.invariants.faults import CRASHED, TIME_FACTOR, FaultInjector, FaultRates
from tests.invariants.inquiries import build_attempts
from tests.invariants.ledger import JsonLinesFile, Ledger
from tests.invariants.ours import bind_functions
from tests.invariants.rehearsal import warm_caches
from tests.invariants.shared import START, Shared, real_sleep
from tests.invariants.site import Site
from tests.invariants.workers import WorkerContext

FORK = multiprocessing.get_context("fork")  # an import costs more than all else a worker does
MINUTES = (20, 80, 150, 175)  # when the journey runs: late copies, two letters, what is left
DELIVER_PROCESSES = 2  # processes that deliver
LOOKUPS = 25  # each by two calls
HORIZON = timedelta(hours=16)  # beyond the last wait of a mail that was never taken
Bug = Callable[[], None]
Task = Callable[[WorkerContext], None]


@dataclass(frozen=True)
class Scenario:
    """`bug` is put into every process of ours before it begins; `limit` is each limited rep's."""

    name: str
    weather: FaultRates
    count: int = 500
    seed: int = 1
    limit: int = 3
    bug: Bug | None = None
    patience: float = 240.0  # seconds until it must be quiet


class RunNotSettled(Exception):
    """Something is still waiting when all should be done."""


class Run:
    def __init__(self, scenario: Scenario, site: Site, home: Path) -> None:
        self.scenario, self.site, self.home = scenario, site, home
        self.shared = Shared()
        self.attempts = build_attempts(scenario.seed, scenario.count)
        self.crashes = 0
        self._losing = scenario.weather.table_lost
        self.took = 0.0  # seconds
        self.cpu = 0.0  # seconds of all processors: ours, the functions', the emulator's
        self._tasks: dict[str, Task] = {}
        self._alive: dict[str, BaseProcess] = {}
        self._born = 0

    def play(self) -> None:
        warm_caches(self.site.wire)
        began, spent = time.monotonic(), self._spent()
        self.site.build(self.scenario.limit, most_open=self.scenario.limit)
        mails, happened = (
            JsonLinesFile(self.home / "mails.jsonl"),
            JsonLinesFile(self.home / "faults.jsonl"),
        )
        self._faults = FaultInjector(self.site.wire, mails, happened, self.shared)
        with bind_functions(self.site, self._faults.on_request, self.shared.process_time):
            gc.collect()
            gc.freeze()
            self._play()
        self.took, self.cpu = time.monotonic() - began, self._spent() - spent

    def _spent(self) -> float:
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(each.ru_utime + each.ru_stime for each in used) + self.site.wire.cpu_seconds()

    def _play(self) -> None:
        self._deadline = time.monotonic() + self.scenario.patience
        tasks: dict[str, Task] = {
            "qualify-1": workers.work_submissions,
            "qualify-2": workers.work_submissions,
            **{f"deliver-{n}": workers.work_deliveries for n in range(DELIVER_PROCESSES)},
            "relay": workers.relay_stream,
            "keeping": workers.work_background,
        }
        try:
            for name, task in tasks.items():
                self._begin(name, task)
            for door in (0, 1):
                self._open_door(door)
            self._settle()
            self._let_time_pass()
            self._look_up()
        finally:
            self._end()

    def _open_door(self, door: int, *, again: bool = False) -> None:
        mine = self.attempts[door::2]
        self._begin(f"door-{door}", lambda post: workers.call_doors(post, door, mine, again=again))

    def _let_time_pass(self) -> None:
        for minutes in MINUTES:
            self._move_to(minutes)
            if minutes == MINUTES[0]:
                self._send_late_copies()
            self._tick()
            if minutes == MINUTES[1]:
                self._unsubscribe()
        while (due := self.site.earliest_due()) is not None and due < START + HORIZON:
            self.shared.move_to(max(due, self.shared.now()) + timedelta(minutes=10))
            self._tick()

    def _move_to(self, minutes: float) -> None:
        self.shared.move_to(START + timedelta(minutes=minutes))

    def _tick(self) -> None:
        self.shared.tick.value += 1
        while self.shared.ticked.value < self.shared.tick.value:
            self._restart_processes()
        self._settle()

    def _send_late_copies(self) -> None:
        for late in JsonLinesFile(self.home / "late.jsonl").entries():
            self.site.sqs.send_message(
                QueueUrl=self.site.queue(late["queue"]), MessageBody=late["body"]
            )

    def _unsubscribe(self) -> None:
        links = []
        for mail in JsonLinesFile(self.home / "mails.jsonl").entries():
            head = message_from_string(mail["raw"])
            if head["List-Unsubscribe"]:
                links.append((head["X-Leadloop-Lead"], head["List-Unsubscribe"].strip("<>")))
        chosen = random.Random(self.scenario.seed).sample(links, len(links) // 3)
        self._begin("stops", lambda post: workers.post_unsubscribes(post, chosen))
        self._settle()

    def _look_up(self) -> None:
        """By the admin API, in good weather, some of what was accepted."""
        lines = Ledger(self.home / "ledger.jsonl").lines()
        ids = sorted({line.id_returned for line in lines if line.is_accepted and line.id_returned})
        chosen = random.Random(self.scenario.seed).sample(ids, min(LOOKUPS, len(ids)))
        self._begin("callers", lambda post: workers.query_submissions(post, chosen))
        while "callers" in self._alive:
            self._restart_processes()

    def _begin(self, name: str, task: Task) -> None:
        self._tasks[name] = task
        self._born += 1
        process = FORK.Process(target=self._inside, args=(name, task, self._born), name=name)
        process.start()
        self._alive[name] = process

    def _restart_processes(self) -> None:
        """Who died at a write is begun anew; who ended is done; anything else is our own fault."""
        for name, process in list(self._alive.items()):
            if process.exitcode is None:
                continue
            del self._alive[name]
            if process.exitcode == CRASHED:
                self.crashes += 1
                self._release(name)
                if name.startswith("door"):
                    self._open_door(int(name[-1]), again=True)
                else:
                    self._begin(name, self._tasks[name])
            elif process.exitcode != 0:
                log = (self.home / f"{name}.log").read_text(errors="replace")
                raise RuntimeError(f"{name} ended with {process.exitcode}:\n{log[-3000:]}")
        if time.monotonic() > self._deadline:
            raise RunNotSettled(
                f"{self.site.count_messages()} messages wait; alive: {sorted(self._alive)}"
            )
        real_sleep(0.02)

    def _release(self, name: str) -> None:
        """What the dead process had taken is seen again, as it would be in a minute."""
        taken = self.home / f"{name}.taken"
        for queue, receipt in json.loads(taken.read_text()) if taken.exists() else ():
            self.site.set_visibility(queue, receipt)

    def _settle(self) -> None:
        """Nobody calls, nothing waits, and the stream was read to its end after that."""
        empty_since = None
        while True:
            self._restart_processes()
            if self._losing and sum(self.shared.posted) > len(self.attempts) // 2:
                self.shared.disable_table(self._losing / TIME_FACTOR)
                self._losing = 0.0
            if {"door-0", "door-1", "stops"} & self._alive.keys():
                empty_since = None
            elif self.site.count_messages():
                empty_since = None
                real_sleep(0.2)
            elif empty_since is None:
                empty_since = time.monotonic()
            elif self.shared.relay_idle.value > empty_since:
                return

    def _end(self) -> None:
        self.shared.stop()
        for process in self._alive.values():
            process.join(10)
            if process.exitcode is None:
                process.kill()
                process.join()

    def _inside(self, name: str, task: Task, born: int) -> None:
        """The life of a process."""
        log = os.open(self.home / f"{name}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
        gc.set_threshold(50_000, 20, 50)
        time.sleep = lambda seconds: real_sleep(float(seconds) / TIME_FACTOR)
        seed = self.scenario.seed * 7919 + born
        self._faults.begin(FaultRates() if name == "callers" else self.scenario.weather, seed)
        if self.scenario.bug is not None:
            self.scenario.bug()
        chance, weather = random.Random(seed), self.scenario.weather
        task(WorkerContext(self.site, weather, chance, self.shared, self.home, name))
        sys.stdout.flush()
        os._exit(0)

    def fault_counts(self) -> Counter[str]:
        """Faults that were really met."""
        found = Counter(
            entry["what"] for entry in JsonLinesFile(self.home / "faults.jsonl").entries()
        )
        files = {"poisoned": "poison", "came late": "late", "batch raised": "raised"}
        for what, name in files.items():
            found[what] = sum(1 for _ in JsonLinesFile(self.home / f"{name}.jsonl").entries())
        return found + Counter({"process ended": self.crashes})
