"""All public HTTP → the queues: forms, clicks, opens, the landing page's script, unsubscribing.

Reads no lead and has no right to; the one item it may write is a person's stop.
"""

from leadloop.edge.cold_start import ready  # isort: split

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from capture import forms, touches
from leadloop.edge.http import Event, door, request
from leadloop.edge.telemetry import answered

app = door()


@app.get("/f/<form>")
def show_form(form: str) -> Response[str]:
    return forms.show(form, request(app))


@app.post("/f/<form>")
def post_form(form: str) -> Response[str]:
    return forms.post(form, request(app))


@app.route("/f/<form>", method="OPTIONS")
def preflight_form(form: str) -> Response[str]:
    return forms.preflight(form, request(app))


@app.post("/hooks/<source>")
def post_hook(source: str) -> Response[str]:
    from capture import hooks  # noqa: PLC0415  forms need not wait for it

    return hooks.post(source, request(app))


@app.get("/hooks/<source>")
def shake_hands(source: str) -> Response[str]:
    from capture import hooks  # noqa: PLC0415  the same

    return hooks.handshake(source, request(app))


@app.get("/t/<token>")
def click(token: str) -> Response[str]:
    return touches.click(token, request(app))


@app.get("/o/<token>")
def opened(token: str) -> Response[bytes]:
    return touches.opened(token)


@app.get("/d/<token>")
def download(token: str) -> Response[str]:
    from capture import downloads  # noqa: PLC0415 - few of many calls

    return downloads.fetch(token, request(app))


@app.post("/b")
def beacon() -> Response[str]:
    told = request(app)
    if not touches.is_visit(told):
        return touches.confirm(told)
    from capture import visits  # noqa: PLC0415 - few of many calls

    return visits.take(told)


@app.get("/b")
def visits_script() -> Response[str]:
    from capture import visits  # noqa: PLC0415 - the same

    return visits.script()


@app.route("/b", method="OPTIONS")
def preflight_beacon() -> Response[str]:
    return touches.preflight()


@app.get("/u/<token>")
def preferences(token: str) -> Response[str]:
    from capture import unsubscribe  # noqa: PLC0415 - few of many calls

    return unsubscribe.page(token, request(app))


@app.post("/u/<token>")
def stop(token: str) -> Response[str]:
    from capture import unsubscribe  # noqa: PLC0415 - the same

    return unsubscribe.stop(token, request(app))


@ready
def handler(event: Event, context: LambdaContext) -> Event:
    return answered("Captured", app.resolve(event, context))
