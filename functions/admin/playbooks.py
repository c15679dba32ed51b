"""The playbook: reading the live one, and publishing another without a deploy."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header
from pydantic import Field

from admin.roles import Right
from admin.routes import Routes, describe_request
from leadloop.edge.live_playbook import playbook, playbook_store
from leadloop.edge.wiring import get_wiring
from leadloop.model.base import Model
from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.load import load_playbook
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import Difference, diff

PLAYBOOK = "/admin/v1/playbook"
FILE_NAME = re.compile(r"(?:[a-z_]+/)?[A-Za-z0-9_][A-Za-z0-9_-]*\.yaml")
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The version this is to replace")
]

routes = Routes()


class Files(Model):
    """The playbook's folder: text by path (`company.yaml`, `sources/…yaml`)."""

    files: dict[str, str] = Field(min_length=1)


class PublishResult(Model):
    """`version` is live within seconds; `changes` against `replaced`, value by value."""

    version: str
    replaced: str
    changes: tuple[Difference, ...]


@routes.get(PLAYBOOK, summary="The live playbook; its version is the ETag")
def get_playbook() -> Response[Playbook]:
    routes.permit(Right.PLAYBOOK)
    live = playbook().playbook
    return Response(200, "application/json", live, {"ETag": f'"{live.version}"'})


@routes.post(
    PLAYBOOK,
    summary="Publish another; a broken one is refused with file, line and field of each fault",
    openapi_extensions=describe_request(Files),
)
def publish(if_match: IfMatch = None) -> PublishResult:
    routes.permit(Right.PUBLISH)
    draft = load_files(routes.body(Files, texts=False).files)
    live = playbook().playbook
    playbook_store(get_wiring()).publish(draft, instead_of=(if_match or "").strip('"') or None)
    return PublishResult(version=draft.version, replaced=live.version, changes=diff(live, draft))


def load_files(files: Mapping[str, str]) -> Playbook:
    """The playbook of files, which are texts by path.

    Raises:
        PlaybookInvalid: nothing reads a file of this name, or `load_playbook` finds faults.

    """
    faults = tuple(
        f"{name}:1: nothing reads this" for name in files if not FILE_NAME.fullmatch(name)
    )
    if faults:
        raise PlaybookInvalid(faults)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return load_playbook(Path(folder))
