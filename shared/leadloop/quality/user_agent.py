"""Whether a program or a person made a request, by its User-Agent header alone."""

import re
from functools import cache, lru_cache
from typing import Any

from leadloop.policy.patterns import compile_pattern

LONGEST = 512  # characters; those of browsers are shorter
# Names of programs that are in no list. Cubot is a maker of telephones.
PROGRAM_PATTERN = re.compile(
    r"(?<!cu)bot(?![a-z])|\bbot|robot|crawl|spider|scrap(?:e|y)|headless|phantomjs|selenium"
    r"|^java/|^mozilla/\d\.\d$|python|http-?client|libwww|^curl|^wget|^okhttp|axios|node-fetch"
    r"|monitor|scanner|validator|archiver|slurp|harvest",
    re.IGNORECASE,
)


# A row of the list without a name (a build number, a few digits) would match people too.
USABLE_PATTERN = re.compile(r"[A-Za-z]{4}|\.[a-z]{2}")


@lru_cache(maxsize=256)
def is_robot(user_agent: str) -> bool:
    """Whether it is a crawler, link scanner, image proxy or library, or says nothing at all."""
    agent = user_agent.strip()[:LONGEST].encode("ascii", "replace").decode()  # the list is ASCII
    return not agent or PROGRAM_PATTERN.search(agent) is not None or _is_known_crawler(agent)


def _is_known_crawler(agent: str) -> bool:
    return _crawler_pattern().search(agent) is not None


@cache
def _crawler_pattern() -> Any:  # noqa: ANN401  a pattern of RE2
    """The patterns of all known crawlers as one; RE2 matches it in linear time."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # noqa: PLC0415  few calls need it

    rows = (row["pattern"] for row in CRAWLER_USER_AGENTS_DATA)
    return compile_pattern("|".join(row for row in rows if USABLE_PATTERN.search(row)))
