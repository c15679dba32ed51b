"""The counts of the funnel: how often each event happened that tells of a stage.

The event classes say which these are: those with a field `stage`.
"""

from collections import Counter
from collections.abc import Iterable

from leadloop.model.event import Event
from leadloop.model.events.catalogue import EVENT_CLASSES

STAGE_EVENTS = tuple(name for name, kind in EVENT_CLASSES.items() if "stage" in kind._fields)


def count_stage_events(events: Iterable[Event]) -> dict[str, int]:
    """How many events of each name tell of a stage; names that did not happen are left out."""
    return dict(Counter(event.name for event in events if event.name in STAGE_EVENTS))
