"""Goal 7: 30 scoring rules (all of them) and 50 routing rules (the first that holds), per lead.

Against zen's decision tables, compiled Rust, with the same rules on the same leads and, asserted
first, the same results. Where zen is not installed the stated anchor stands alone.
"""

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from leadloop.policy.conditions import Condition, parse_condition
from leadloop.policy.rules import Rules
from tests.bench import inquiries
from tests.bench.goals import Figure

COUNTRIES = ("DE", "AT", "CH", "PL", "FR", "IT", "ES", "US", "TH", "VN")
LINES = ("machines", "homecare", "spares", "service", "rental")
TITLES = ("Head of Maintenance", "Student", "Buyer", "Plant Manager", "Owner")
Row = Mapping[str, Any]  # a lead, flat
Outcome = tuple[int, int]  # points, and the route that holds
Clause = tuple[str, str, Any]  # field, operator, value


def scoring_rules() -> list[tuple[tuple[Clause, ...], int]]:
    """Thirty rules of one to three clauses and their points."""
    rules: list[tuple[tuple[Clause, ...], int]] = []
    for n in range(10):
        rules.append(((("employees", "at_least", 50 * (n + 1)),), n + 1))
        rules.append(
            ((("country", "is", COUNTRIES[n]), ("budget", "at_least", 5_000 * (n + 1))), n + 3)
        )
        rules.append(
            (
                (
                    ("title", "is", TITLES[n % 5]),
                    ("line", "is", LINES[n % 3]),
                    ("clicks", "at_least", n % 4),
                ),
                n - 4,
            )
        )
    return rules


def routing_rules() -> list[tuple[Clause, ...]]:
    """Fifty rules, most to no avail: the last takes everybody."""
    rules: list[tuple[Clause, ...]] = [
        (
            ("line", "is", LINES[n % 5]),
            ("country", "is", COUNTRIES[n % 10]),
            ("employees", "at_least", 40 * (50 - n)),
        )
        for n in range(49)
    ]
    return [*rules, ()]


def build_leads(count: int) -> list[Row]:
    """All that a form tells, and what the rules ask for; made up, always the same."""
    dice = random.Random(7)
    return [
        {
            **json.loads(inquiries.build_body(n)),
            "country": dice.choice(COUNTRIES),
            "line": dice.choice(LINES),
            "title": dice.choice(TITLES),
            "employees": dice.randrange(0, 2_000),
            "budget": dice.randrange(0, 60_000),
            "clicks": dice.randrange(0, 6),
        }
        for n in range(count)
    ]


def compile_playbook_rules() -> Callable[[Row], Outcome]:
    """Rules as the playbook compiles them for scores and routes."""
    scores = Rules((_condition(clauses), points) for clauses, points in scoring_rules())
    routes = Rules((_condition(clauses), n) for n, clauses in enumerate(routing_rules()))

    def evaluate(lead: Row) -> Outcome:
        route = routes.first_match(lead)
        assert route is not None
        return sum(scores.all_matches(lead)), route

    return evaluate


def _condition(clauses: Sequence[Clause]) -> Condition | None:
    conditions = [{"field": field, operator: value} for field, operator, value in clauses]
    if not conditions:
        return None
    return parse_condition(conditions[0] if len(conditions) == 1 else {"all": conditions})


def compile_zen_rules() -> Callable[[Row], Outcome] | None:
    """One decision graph of two tables, one call per lead; None where zen is not installed."""
    try:
        import zen  # noqa: PLC0415 - may be missing
    except ImportError:
        return None
    fields = ("country", "line", "title", "employees", "budget", "clicks")
    score = _zen_table(
        "score",
        fields,
        [(clauses, str(points)) for clauses, points in scoring_rules()],
        "points",
        collects=True,
    )
    route = _zen_table(
        "route",
        fields,
        [(clauses, str(n)) for n, clauses in enumerate(routing_rules())],
        "route",
        collects=False,
    )
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            score,
            route,
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 9, "y": 0}},
        ],
        "edges": [
            {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b}
            for a, b in (("in", "score"), ("in", "route"), ("score", "out"), ("route", "out"))
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))

    def evaluate(lead: Row) -> Outcome:
        result = decision.evaluate(dict(lead))["result"]
        return sum(row["points"] for row in result["scored"]), int(result["route"])

    return evaluate


def _zen_table(
    name: str,
    fields: Sequence[str],
    rules: Sequence[tuple[Sequence[Clause], str]],
    output: str,
    *,
    collects: bool,
) -> dict[str, Any]:
    rows = [
        {
            "_id": f"{name}{n}",
            **dict.fromkeys(fields, ""),
            **{field: _zen_cell(operator, value) for field, operator, value in clauses},
            "said": said,
        }
        for n, (clauses, said) in enumerate(rules)
    ]
    return {
        "id": name,
        "type": "decisionTableNode",
        "name": name,
        "position": {"x": 3, "y": 0},
        "content": {
            "hitPolicy": "collect" if collects else "first",
            "inputs": [{"id": field, "name": field, "field": field} for field in fields],
            "outputs": [{"id": "said", "name": output, "field": output}],
            "rules": rows,
            "outputPath": "scored" if collects else None,
            "inputField": None,
            "executionMode": "single",
            "passThrough": False,
        },
    }


def _zen_cell(operator: str, value: Any) -> str:
    return json.dumps(value) if operator == "is" else f">= {value}"


def measure_rules(count: int = 50, rounds: int = 80) -> list[Figure]:
    """Microseconds of CPU per lead, the best of interleaved rounds."""
    sample = build_leads(count)
    engines = {"ours": compile_playbook_rules()}
    if (zen := compile_zen_rules()) is not None:
        engines["zen"] = zen
    answers = {name: [engine(lead) for lead in sample] for name, engine in engines.items()}
    best = dict.fromkeys(engines, float("inf"))
    for _ in range(rounds):
        for name, engine in engines.items():
            began = time.process_time()
            for lead in sample:
                engine(lead)
            best[name] = min(best[name], (time.process_time() - began) / count * 1e6)
    anchor = "zen 202-350 us, json-logic 268-409, closures 19.7, floor 3"
    figures = [
        Figure(
            goal="7",
            what="80 rules per lead",
            value=best["ours"],
            unit="us",
            kind="time",
            anchor=anchor,
        )
    ]
    if zen is not None:
        same = answers["ours"] == answers["zen"]
        figures += [
            Figure(
                goal="7",
                what="  zen decision tables, here and now",
                value=best["zen"],
                unit="us",
                kind="time",
            ),
            Figure(
                goal="7",
                what="80 rules over zen tables",
                value=best["ours"] / best["zen"],
                unit="x",
                kind="ratio",
                limit=0.1,
                anchor=anchor,
            ),
            Figure(
                goal="7",
                what="leads on which both say the same",
                unit="share",
                kind="exact",
                value=sum(a == b for a, b in zip(*answers.values(), strict=True)) / count,
                note="" if same else "DIFFERENT RESULTS: the ratio says nothing",
            ),
        ]
    return figures
