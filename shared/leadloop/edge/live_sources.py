"""The sources of the live playbook, for doors that only accept."""

from functools import cache

from leadloop.edge.versioned_objects import VersionedStore
from leadloop.edge.wiring import Wiring, get_wiring
from leadloop.playbook.public_sources import PublicSources
from leadloop.settings import PlaybookSettings


def sources() -> PublicSources:
    """The live sources."""
    return _source_store(get_wiring()).live()


@cache
def _source_store(wiring: Wiring) -> VersionedStore[PublicSources]:
    bucket = wiring.settings(PlaybookSettings).PLAYBOOK_BUCKET
    return VersionedStore(wiring.signed_calls, bucket, PublicSources.parse)
