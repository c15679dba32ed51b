"""Is it a person who holds the device? Told by the user agent alone."""

import re
from functools import cache, lru_cache

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
PART = 25


@lru_cache(maxsize=256)
def is_robot(user_agent: str) -> bool:
    """Crawlers, scanners of links, proxies of pictures, libraries; and who says nothing at all."""
    told = user_agent.strip()[:LONGEST]
    return not told or PROGRAM.search(told) is not None or _is_listed(told)


def _is_listed(told: str) -> bool:
    return any(some.search(told) for some in _lists())


@cache
def _lists() -> tuple[re.Pattern[str], ...]:
    """In parts: one expression of them all is slower, each by itself far slower."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # noqa: PLC0415  few ever ask

    patterns = [row["pattern"] for row in CRAWLER_USER_AGENTS_DATA if NAME.search(row["pattern"])]
    return tuple(
        re.compile("|".join(patterns[start : start + PART]))
        for start in range(0, len(patterns), PART)
    )
