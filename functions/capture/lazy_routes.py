"""What few of many calls are for: its rooms are loaded when somebody first comes."""

# ruff: noqa: PLC0415

from aws_lambda_powertools.event_handler import Response

from leadloop.edge.http import Routes

routes = Routes()


@routes.post("/hooks/<source>")
def post_hook(source: str) -> Response[str]:
    from capture import hooks

    return hooks.post(source, routes.current_request)


@routes.get("/hooks/<source>")
def answer_handshake(source: str) -> Response[str]:
    from capture import hooks

    return hooks.answer_handshake(source, routes.current_request)


@routes.get("/d/<token>")
def download(token: str) -> Response[str]:
    from capture import downloads

    return downloads.redirect_to_file(token, routes.current_request)


@routes.get("/b")
def visits_script() -> Response[str]:
    from capture import visits

    return visits.script()


@routes.get("/u/<token>")
def preferences(token: str) -> Response[str]:
    from capture import unsubscribe

    return unsubscribe.page(token, routes.current_request)


@routes.post("/u/<token>")
def post_unsubscribe(token: str) -> Response[str]:
    from capture import unsubscribe

    return unsubscribe.unsubscribe_address(token, routes.current_request)
