"""Routes that few calls use: their modules load with the first call, not at the cold start."""

from importlib import import_module

from aws_lambda_powertools.event_handler import Response

from leadloop.edge.http import Routes

# Method, path, and the function of this package that answers, as `module.function`. It is called
# with the path's values and the request.
TARGETS = (
    ("POST", "/hooks/<source>", "hooks.post"),
    ("GET", "/hooks/<source>", "hooks.answer_handshake"),
    ("GET", "/d/<token>", "downloads.redirect_to_file"),
    ("GET", "/b", "visits.script"),
    ("GET", "/u/<token>", "unsubscribe.page"),
    ("POST", "/u/<token>", "unsubscribe.unsubscribe_address"),
    ("GET", "/c/<token>", "confirm.page"),
    ("POST", "/c/<token>", "confirm.confirm_address"),
)

routes = Routes()


def _add_route(method: str, path: str, target: str) -> None:
    module, _, function = target.partition(".")

    @routes.route(path, method=method)
    def call_target(**path_values: str) -> Response[str]:
        answer = getattr(import_module(f"capture.{module}"), function)
        response: Response[str] = answer(*path_values.values(), routes.current_request)
        return response


for _target in TARGETS:
    _add_route(*_target)
