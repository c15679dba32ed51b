"""Is it a person who holds the device? Told by the user agent alone."""

import re
from functools import cache, lru_cache
from typing import Any

from leadloop.policy.patterns import compile_pattern

LONGEST = 512  # characters; a browser's has less
# What programs call themselves that are in nobody's list; Cubot makes telephones.
PROGRAM_PATTERN = re.compile(
    r"(?<!cu)bot(?![a-z])|\bbot|robot|crawl|spider|scrap(?:e|y)|headless|phantomjs|selenium"
    r"|^java/|^mozilla/\d\.\d$|python|http-?client|libwww|^curl|^wget|^okhttp|axios|node-fetch"
    r"|monitor|scanner|validator|archiver|slurp|harvest",
    re.IGNORECASE,
)


# A row of the list that names nobody (a build number, a few digits) would lose people.
USABLE_PATTERN = re.compile(r"[A-Za-z]{4}|\.[a-z]{2}")


@lru_cache(maxsize=256)
def is_robot(user_agent: str) -> bool:
    """Crawlers, scanners of links, proxies of pictures, libraries; and who says nothing at all."""
    told = user_agent.strip()[:LONGEST].encode("ascii", "replace").decode()  # as the list is
    return not told or PROGRAM_PATTERN.search(told) is not None or _is_known_crawler(told)


def _is_known_crawler(told: str) -> bool:
    return _crawler_pattern().search(told) is not None


@cache
def _crawler_pattern() -> Any:  # noqa: ANN401  a pattern of RE2
    """All in one, which only RE2 does in no time."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # noqa: PLC0415  few ever ask

    rows = (row["pattern"] for row in CRAWLER_USER_AGENTS_DATA)
    return compile_pattern("|".join(row for row in rows if USABLE_PATTERN.search(row)))
