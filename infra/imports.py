"""Imports: a file of rows is opened when it arrives or is confirmed, decided in pages, closed.

The graph shows how far a file has come, not the inside of a decision. Confirm (or release) once
more to try the pages that failed; rows that were decided are not decided twice.
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import RAW_PREFIX, DataStack
from infra.family import Family, FamilyContext
from infra.kit.alarms import AlarmNotice
from infra.kit.flow import build_task, map_pages
from infra.kit.function import LeadFunction

# Prefixes of the raw bucket. A new object below the first three starts the flow.
FILES_PREFIX = "files/"
CONFIRM_PREFIX = "confirmed/"
RELEASE_PREFIX = "released/"
RESULTS_PREFIX = "results/"

IMPORT_PAGES = "imports/"  # of the pages bucket
PAGES_AT_ONCE = 2  # more writers on the same pools would only lose races
OPENING_TIMEOUT = Duration.minutes(15)  # a big file is read and split in one run
IMPORT_ID = "$.import_id"


class Imports(Family):
    """`machine` is started by S3, with each new object below the three starting prefixes."""

    def __init__(self, scope: Construct, construct_id: str, context: FamilyContext) -> None:
        super().__init__(scope, construct_id, context)
        data = context.data
        function = self.worker("imports", timeout=OPENING_TIMEOUT)
        data.allow_decisions(function, queries="timelines")
        data.raw.use_in(function, read=(FILES_PREFIX,), write=(RESULTS_PREFIX, RAW_PREFIX))
        data.pages.use_in(function, read=(IMPORT_PAGES,), write=(IMPORT_PAGES,))

        self.machine = self.flow(
            "Machine",
            self._open(function),
            prefix=IMPORT_PAGES,
            notice=AlarmNotice(
                severity="ticket",
                consequence="An import stopped. The rows of its failed pages are no leads yet.",
                first_step="Confirm the import once more. Rows that were decided stay as they are.",
            ),
        )
        started_by = [
            {"prefix": prefix} for prefix in (FILES_PREFIX, CONFIRM_PREFIX, RELEASE_PREFIX)
        ]
        events.Rule(
            self,
            "Arrived",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={"bucket": {"name": [data.raw.bucket_name]}, "object": {"key": started_by}},
            ),
            targets=[
                targets.SfnStateMachine(
                    self.machine, input=events.RuleTargetInput.from_event_path("$.detail.object")
                )
            ],
        )

    def _open(self, function: lambda_.IFunction) -> sfn.IChainable:
        """Open the file, then do what the answer's `next` says: pages, close, or nothing.

        `{"next": "pages"}` comes with `bucket` and `manifest`.
        """
        key = sfn.JsonPath.string_at("$.key")
        open_file = build_task(self, "Open", function, {"task": "open", "key": key})
        open_file.add_catch(self._give_up(function, key), result_path="$.failure")
        close = self._close(function)
        pages = map_pages(self, "Pages", at_once=PAGES_AT_ONCE)
        pages.item_processor(self._rows(function))
        return open_file.next(
            sfn.Choice(self, "Next")
            .when(sfn.Condition.string_equals("$.next", "pages"), pages.next(close))
            .when(sfn.Condition.string_equals("$.next", "close"), close)
            .otherwise(sfn.Succeed(self, "WaitsOrDone"))
        )

    def _give_up(self, function: lambda_.IFunction, key: str) -> sfn.IChainable:
        """Record that the file could not be opened, and why, for the person who sent it."""
        error = sfn.JsonPath.string_at("$.failure.Error")
        give_up = build_task(
            self, "GiveUp", function, {"task": "give up", "key": key, "error": error}
        )
        return give_up.next(sfn.Fail(self, "NotOpened", error="NotOpened"))

    def _rows(self, function: lambda_.IFunction) -> sfn.IChainable:
        page = {
            "task": "rows",
            "import": sfn.JsonPath.string_at("$.import"),
            "page": sfn.JsonPath.number_at("$.page"),
        }
        return build_task(self, "Rows", function, page)

    def _close(self, function: lambda_.IFunction) -> sfn.IChainable:
        import_id = sfn.JsonPath.string_at(IMPORT_ID)
        close = build_task(self, "Close", function, {"task": "close", "import": import_id})
        is_done = sfn.Condition.string_equals("$.outcome", "done")
        return close.next(
            sfn.Choice(self, "AllDone")
            .when(is_done, sfn.Succeed(self, "Done"))
            .otherwise(sfn.Fail(self, "PagesMissing", error="PagesMissing"))
        )


def allow_import_upload(function: LeadFunction, data: DataStack) -> None:
    """Let `function` sign addresses that files are posted to, and read how imports stand.

    A signed address carries the rights of its signer.

    Source: Amazon S3 User Guide, "Uploading objects with presigned URLs".
    """
    data.raw.use_in(function, write=(FILES_PREFIX,))
    data.pages.use_in(function, read=(IMPORT_PAGES,))


def allow_import_confirmation(function: LeadFunction, data: DataStack) -> None:
    """Let `function` upload, confirm and release imports, and read their results."""
    allow_import_upload(function, data)
    data.raw.use_in(function, read=(RESULTS_PREFIX,), write=(CONFIRM_PREFIX, RELEASE_PREFIX))
