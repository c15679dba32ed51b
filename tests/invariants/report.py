"""A run in one row that a person can read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from tests.invariants.checks import CHECKS, collect_findings
from tests.invariants.evidence import Evidence
from tests.invariants.run import Run

HEAD = ("run", "sent", "acked", "leads", "lost", "doubled", "unexp.", "overrun", "mails", "unkn.")


@dataclass(frozen=True)
class RunReport:
    """`red` are the checks that have something to say; `met` are the faults that really came."""

    name: str
    seed: int
    numbers: tuple[int, ...]
    found: Mapping[str, Sequence[str]]
    met: str
    took: float  # seconds
    cpu: float  # seconds of all processors
    seeded: bool

    @classmethod
    def from_run(cls, run: Run, it: Evidence) -> Self:
        found = collect_findings(it)
        met = ", ".join(f"{n} {what}" for what, n in sorted(run.fault_counts().items()))
        numbers = (
            len(it.lines),
            sum(line.is_accepted for line in it.lines),
            len(it.leads),
            _count(found["I1"], "lost:"),
            len(found["I2"]) + len(found["I3"]) + len(found["I4"]) + _count(found["I10"], "times"),
            _count(found["I1"], "unexpected:"),
            len(found["I6"]),
            len(it.mails),
            sum(delivery.state == "unknown" for delivery in it.deliveries.values()),
        )
        return cls(
            name=run.scenario.name,
            seed=run.scenario.seed,
            numbers=numbers,
            found=found,
            met=met,
            took=run.took,
            cpu=run.cpu,
            seeded=run.scenario.bug is not None,
        )

    @property
    def failed_checks(self) -> list[str]:
        return [name for name, said in self.found.items() if said]

    def describe_failures(self) -> str:
        """Every check that is red, with its first findings."""
        return "\n".join(
            f"{name}: {len(said)}, such as {'; '.join(said[:3])}"
            for name, said in self.found.items()
            if said
        )


def _count(said: Sequence[str], word: str) -> int:
    return sum(word in each for each in said)


def format_table(reports: Sequence[RunReport]) -> Iterator[str]:
    width = max(len(report.name) for report in reports)
    yield (
        f"{HEAD[0]:<{width}} "
        + " ".join(f"{name:>8}" for name in HEAD[1:])
        + "     s  cpu s  red checks"
    )
    for report in reports:
        numbers = " ".join(f"{number:>8}" for number in report.numbers)
        red = " ".join(report.failed_checks) or "none"
        yield f"{report.name:<{width}} {numbers} {report.took:>5.0f} {report.cpu:>6.1f}  {red}"
        if report.met:
            yield f"{'':<{width}}   met: {report.met}"
    asked = " ".join(CHECKS)
    sound = [report for report in reports if not report.seeded]
    yield f"Asked of every run: {asked}. Seeds: {sorted({report.seed for report in reports})}."
    if not sound:
        return
    sent, acked, _, *wrong = (sum(each) for each in zip(*(r.numbers for r in sound), strict=True))
    if not any(wrong[:4]):
        cost = sum(report.cpu for report in sound) / sent
        yield f"Lost, doubled, unexpected, overrun: 0 of {acked} accepted, {cost:.3f} cpu s each;"
        yield f"a loss rate below {3 / acked:.2%} (95 %, rule of three)."
