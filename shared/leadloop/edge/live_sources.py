"""The sources of the live playbook, for doors that decide nothing."""

from functools import cache

from leadloop.edge.versioned_objects import Published
from leadloop.edge.wiring import Wiring, wired
from leadloop.playbook.public_sources import Sources
from leadloop.settings import PlaybookSettings


def sources() -> Sources:
    """Those of this process."""
    return _published(wired()).live()


@cache
def _published(wiring: Wiring) -> Published[Sources]:
    bucket = wiring.settings(PlaybookSettings).PLAYBOOK_BUCKET
    return Published(wiring.s3, bucket, Sources.parse)
