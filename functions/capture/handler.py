"""All public HTTP → the queues: forms, clicks, opens, the landing page's script, unsubscribing.

Reads no lead and has no right to; the one item it may write is a person's stop.
"""

from leadloop.edge.cold_start import ready  # isort: split

from aws_lambda_powertools.utilities.typing import LambdaContext

from capture import forms, lazy_routes, touches
from leadloop.edge.http import Event, door
from leadloop.edge.telemetry import answered

app = door()
for subject in (forms, touches, lazy_routes):
    app.include_router(subject.routes)


@ready
def handler(event: Event, context: LambdaContext) -> Event:
    return answered("Captured", app.resolve(event, context))
