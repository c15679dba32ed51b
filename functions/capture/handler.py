"""All public HTTP → the queues: forms, clicks, opens, the landing page's script, unsubscribing.

It may not read leads. The only item that it may write is a person's stop.
"""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from aws_lambda_powertools.utilities.typing import LambdaContext

from capture import forms, lazy_routes, touches
from leadloop.edge.http import LambdaEvent, build_resolver
from leadloop.edge.telemetry import log_answer

app = build_resolver()
for subject in (forms, touches, lazy_routes):
    app.include_router(subject.routes)


@freeze_gc
def handler(event: LambdaEvent, context: LambdaContext) -> LambdaEvent:
    return log_answer("Captured", app.resolve(event, context))
