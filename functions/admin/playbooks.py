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
from leadloop.edge.example_check import load_checked_playbook
from leadloop.edge.live_playbook import playbook_store
from leadloop.edge.wiring import get_wiring
from leadloop.model.base import Model
from leadloop.model.errors import PlaybookInvalid, VersionUnnamed
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import Difference, diff

PLAYBOOK = "/admin/v1/playbook"
FILE_NAME = re.compile(r"(?:[a-z_]{1,40}/)?[A-Za-z0-9_][A-Za-z0-9_-]{0,99}\.yaml")
LONGEST_SHOWN = 100  # characters of a refused name
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The version this is to replace, or *")
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
    # Publishing names this version, so that of ten seconds ago would be refused as stale.
    live = playbook_store(get_wiring()).reread().playbook
    return Response(200, "application/json", live, {"ETag": f'"{live.version}"'})


@routes.post(
    PLAYBOOK,
    summary="Publish another; a broken one is refused with file, line and field of each fault",
    openapi_extensions=describe_request(Files),
)
def publish(if_match: IfMatch = None) -> PublishResult:
    routes.permit(Right.PUBLISH)
    if if_match is None:
        raise VersionUnnamed("Say in If-Match which version this is to replace: the GET's ETag.")
    store = playbook_store(get_wiring())
    instead_of = None if if_match == "*" else if_match.removeprefix("W/").strip('"')
    store.refuse_stale(instead_of)  # before faults of a draft that is based on an older one
    draft = load_files(routes.body(Files, texts=False).files)
    if missing := store.missing_assets(draft):
        raise PlaybookInvalid(
            tuple(f"assets/{name}:1: an offer gives it away, it is not stored" for name in missing)
        )
    replaced = store.publish(draft, instead_of=instead_of)
    if replaced is None:
        return PublishResult(version=draft.version, replaced="", changes=())
    before = store.version(replaced).playbook
    return PublishResult(version=draft.version, replaced=replaced, changes=diff(before, draft))


def load_files(files: Mapping[str, str]) -> Playbook:
    """The playbook of files, which are texts by path, if its examples hold.

    Raises:
        PlaybookInvalid: nothing reads a file of this name, `load_playbook` finds faults, or an
            example becomes something else.

    """
    faults = tuple(
        f"{name[:LONGEST_SHOWN]}:1: nothing reads this"
        for name in files
        if not FILE_NAME.fullmatch(name)
    )
    if faults:
        raise PlaybookInvalid(faults)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return load_checked_playbook(Path(folder))
