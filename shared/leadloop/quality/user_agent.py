"""Is it a person who holds the device? Told by the user agent alone."""

import re
from functools import cache, lru_cache
from typing import Any

from leadloop.policy.patterns import compiled

LONGEST = 512  # characters; a browser's has less
# What programs call themselves that are in nobody's list; Cubot makes telephones.
PROGRAM = re.compile(
    r"(?<!cu)bot(?![a-z])|\bbot|robot|crawl|spider|scrap(?:e|y)|headless|phantomjs|selenium"
    r"|^java/|^mozilla/\d\.\d$|python|http-?client|libwww|^curl|^wget|^okhttp|axios|node-fetch"
    r"|monitor|scanner|validator|archiver|slurp|harvest",
    re.IGNORECASE,
)


# A row of the list that names nobody (a build number, a few digits) would lose people.
NAME = re.compile(r"[A-Za-z]{4}|\.[a-z]{2}")


@lru_cache(maxsize=256)
def is_robot(user_agent: str) -> bool:
    """Crawlers, scanners of links, proxies of pictures, libraries; and who says nothing at all."""
    told = user_agent.strip()[:LONGEST].encode("ascii", "replace").decode()  # as the list is
    return not told or PROGRAM.search(told) is not None or _is_listed(told)


def _is_listed(told: str) -> bool:
    return _list().search(told) is not None


@cache
def _list() -> Any:  # noqa: ANN401  a pattern of RE2
    """All in one, which only RE2 does in no time."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # noqa: PLC0415  few ever ask

    rows = (row["pattern"] for row in CRAWLER_USER_AGENTS_DATA)
    return compiled("|".join(row for row in rows if NAME.search(row)))
