"""Is it a person who holds the device? Told by the user agent alone."""

import re
from functools import lru_cache

LONGEST = 512  # characters; a browser's has less
# What programs call themselves that are in nobody's list; Cubot makes telephones.
PROGRAM = re.compile(
    r"(?<!cu)bot(?![a-z])|\bbot|robot|crawl|spider|scrap(?:e|y)|headless|phantomjs|selenium"
    r"|^java/|^mozilla/\d\.\d$|python|http-?client|libwww|^curl|^wget|^okhttp|axios|node-fetch"
    r"|monitor|scanner|validator|archiver|slurp|harvest",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def is_robot(user_agent: str) -> bool:
    """Crawlers, scanners of links, proxies of pictures, libraries; and who says nothing at all."""
    from crawleruseragents import is_crawler  # noqa: PLC0415  a thousand patterns

    told = user_agent.strip()[:LONGEST]
    return not told or PROGRAM.search(told) is not None or bool(is_crawler(told))
