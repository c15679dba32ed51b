"""Robots and people by what their devices call themselves."""

import json
import re
import time
from pathlib import Path

from leadloop.quality.user_agent import is_robot
from tests.realdata.marks import Marks

SET = "user_agents"
# What a browser on a person's device looks like; the second set says of none what it is.
BROWSER = re.compile(
    r"^(?:Mozilla/\d.*(?:Firefox/|Chrome/|Safari/|MSIE |Trident/|Mobile/)|Opera/)", re.IGNORECASE
)
MACHINE = re.compile(
    r"https?:|www\.|@|bot|crawl|spider|headless|phantom|inspect"
    r"|scraper|pingdom|synthetic|ptst",
    re.IGNORECASE,
)


def test_robots_are_caught(realdata: Path, marks: Marks) -> None:
    rows = json.loads((realdata / SET / "crawler_user_agents_open.json").read_text("utf-8"))
    agents = {agent for row in rows for agent in row["instances"]}
    marks.share(SET, "robots caught", sum(map(is_robot, agents)), len(agents), at_least=0.95)


def test_people_are_not_thrown_away(realdata: Path, marks: Marks) -> None:
    path = realdata / SET / "uap_core_human_and_bot_uas_open.txt"
    agents = set(path.read_text("utf-8").splitlines())
    people = {each for each in agents if BROWSER.search(each) and not MACHINE.search(each)}
    kept = sum(not is_robot(agent) for agent in people)
    marks.share(SET, "people kept", kept, len(people), at_least=0.98)


def test_a_long_agent_costs_no_time(marks: Marks) -> None:
    worst = ("Mozilla/5.0 (" + "a" * 50_000, "(" * 50_000, "Bot/" * 12_500, " " * 50_000)
    is_robot("Mozilla/5.0")
    before = time.process_time()
    for agent in worst:
        is_robot(agent)
    marks.at_most(SET, "four agents of 50 KB", time.process_time() - before, 0.2, "s")
