"""What few of many calls are for: its rooms are loaded when somebody first comes."""

# ruff: noqa: PLC0415

from aws_lambda_powertools.event_handler import Response

from leadloop.edge.http import Routes

routes = Routes()


@routes.post("/hooks/<source>")
def post_hook(source: str) -> Response[str]:
    from capture import hooks

    return hooks.post(source, routes.asked)


@routes.get("/hooks/<source>")
def shake_hands(source: str) -> Response[str]:
    from capture import hooks

    return hooks.handshake(source, routes.asked)


@routes.get("/d/<token>")
def download(token: str) -> Response[str]:
    from capture import downloads

    return downloads.fetch(token, routes.asked)


@routes.get("/b")
def visits_script() -> Response[str]:
    from capture import visits

    return visits.script()


@routes.get("/u/<token>")
def preferences(token: str) -> Response[str]:
    from capture import unsubscribe

    return unsubscribe.page(token, routes.asked)


@routes.post("/u/<token>")
def stop(token: str) -> Response[str]:
    from capture import unsubscribe

    return unsubscribe.stop(token, routes.asked)
