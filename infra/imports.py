"""Files of rows: opened when they arrive or are confirmed, decided page by page, and closed.

The graph shows how far a file has come, not the inside of a decision. A page that failed is met
again by whoever confirms (or releases) once more; what is counted is not done twice.
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import DataStack
from infra.family import Family, FamilyContext, grant_lead_decisions
from infra.kit import rights
from infra.kit.flow import build_task, map_pages

FILES_PREFIX, CONFIRM_PREFIX, RELEASE_PREFIX = (
    "files/",
    "confirmed/",
    "released/",
)  # of the raw bucket
RESULTS_PREFIX = "results/"  # the same
PAGES = "imports/"
PAGES_AT_ONCE = 2  # more writers on the same pools would only lose races
OPENING_TIMEOUT = Duration.minutes(15)  # a big file is read and split in one go
IMPORT_ID = "$.import_id"


class Imports(Family):
    """`machine` is started by S3: a file below `files/`, a word below `confirmed/`, `released/`."""

    def __init__(self, scope: Construct, construct_id: str, ground: FamilyContext) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        function = self.worker(
            "imports", told.table, told.playbook, told.raw, told.journey, timeout=OPENING_TIMEOUT
        )
        grant_lead_decisions(function, data)
        rights.grant_timeline_read(function, data.table)
        rights.grant_object_read(function, data.raw, FILES_PREFIX)
        for prefix in (RESULTS_PREFIX, rights.RAW_PREFIX):
            rights.grant_object_write(function, data.raw, prefix)
        rights.grant_object_read(function, data.pages, PAGES)
        rights.grant_object_write(function, data.pages, PAGES)

        self.machine = self.flow(
            "Machine",
            self._open(function),
            prefix=PAGES,
            what="an import stopped: confirm it once more, nothing is done twice",
        )
        arrived = [{"prefix": prefix} for prefix in (FILES_PREFIX, CONFIRM_PREFIX, RELEASE_PREFIX)]
        events.Rule(
            self,
            "Arrived",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={"bucket": {"name": [data.raw.bucket_name]}, "object": {"key": arrived}},
            ),
            targets=[
                targets.SfnStateMachine(
                    self.machine, input=events.RuleTargetInput.from_event_path("$.detail.object")
                )
            ],
        )

    def _open(self, function: lambda_.IFunction) -> sfn.IChainable:
        """Answers what comes next: nothing, pages (`bucket`, `manifest`), or only to close."""
        key = sfn.JsonPath.string_at("$.key")
        opened = build_task(self, "Open", function, {"task": "open", "key": key})
        opened.add_catch(self._give_up(function, key), result_path="$.failure")
        close = self._close(function)
        pages = map_pages(self, "Pages", at_once=PAGES_AT_ONCE)
        pages.item_processor(self._rows(function))
        return opened.next(
            sfn.Choice(self, "Next")
            .when(sfn.Condition.string_equals("$.next", "pages"), pages.next(close))
            .when(sfn.Condition.string_equals("$.next", "close"), close)
            .otherwise(sfn.Succeed(self, "WaitsOrDone"))
        )

    def _give_up(self, function: lambda_.IFunction, key: str) -> sfn.IChainable:
        """Whoever sent the file sees that it failed, and what of."""
        error = sfn.JsonPath.string_at("$.failure.Error")
        given_up = build_task(
            self, "GiveUp", function, {"task": "give up", "key": key, "error": error}
        )
        return given_up.next(sfn.Fail(self, "NotOpened", error="NotOpened"))

    def _rows(self, function: lambda_.IFunction) -> sfn.IChainable:
        page = {
            "task": "rows",
            "import": sfn.JsonPath.string_at("$.import"),
            "page": sfn.JsonPath.number_at("$.page"),
        }
        return build_task(self, "Rows", function, page)

    def _close(self, function: lambda_.IFunction) -> sfn.IChainable:
        import_id = sfn.JsonPath.string_at(IMPORT_ID)
        closed = build_task(self, "Close", function, {"task": "close", "import": import_id})
        done = sfn.Condition.string_equals("$.outcome", "done")
        return closed.next(
            sfn.Choice(self, "AllDone")
            .when(done, sfn.Succeed(self, "Done"))
            .otherwise(sfn.Fail(self, "PagesMissing", error="PagesMissing"))
        )


def grant_import_start(function: lambda_.IFunction, data: DataStack) -> None:
    """Have files sent: what an address is signed with must itself have the right."""
    rights.grant_object_write(function, data.raw, FILES_PREFIX)
    rights.grant_object_read(function, data.pages, PAGES)


def grant_import_confirm(function: lambda_.IFunction, data: DataStack) -> None:
    """Have files sent, decided, their results fetched, and released what was kept quiet."""
    grant_import_start(function, data)
    for prefix in (CONFIRM_PREFIX, RELEASE_PREFIX):
        rights.grant_object_write(function, data.raw, prefix)
    rights.grant_object_read(function, data.raw, RESULTS_PREFIX)
