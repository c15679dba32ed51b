"""A file's way in, as the state machine goes it; what is sent goes to S3 as a browser would."""

import json
from typing import Any

from imports.handler import handler
from tests.functions.aws_fixture import AwsFixture, http_event
from tests.lambda_context import FakeLambdaContext

ADMIN = {
    "sub": "u-1",
    "cognito:groups": "admin",
    "email": "a@aqua.example",
    "email_verified": "true",
}
CONTEXT = FakeLambdaContext()
PEOPLE = (
    "E-Mail,Name,Firma,Halle\n"
    "ada@lovelace.example,Ada Lovelace,Engines Ltd,4\n"
    "grace@navy.example,Grace Hopper,,5\n"
    ",Nobody To Reach,,6\n"
    "ada@lovelace.example,Ada Byron,,7\n"
)


def upload_file(home: AwsFixture, import_id: str, data: str | bytes) -> None:
    """Where the address of the answer leads to."""
    body = data.encode() if isinstance(data, str) else data
    home.aws.s3.put_object(Bucket="raw", Key=f"files/{import_id}", Body=body)


def open_import(import_id: str, prefix: str = "files") -> dict[str, Any]:
    return handler({"task": "open", "key": f"{prefix}/{import_id}"}, CONTEXT)


def list_pages(home: AwsFixture, found: dict[str, Any]) -> list[dict[str, Any]]:
    listed = home.aws.s3.get_object(Bucket=found["bucket"], Key=found["manifest"])
    return list(json.loads(listed["Body"].read()))


def run_import(home: AwsFixture, import_id: str, prefix: str = "files") -> dict[str, Any]:
    """To its end; the answer of its last task."""
    found = open_import(import_id, prefix)
    if found["next"] == "nothing":
        return found
    if found["next"] == "pages":
        for page in list_pages(home, found):
            handler({"task": "rows", **page}, CONTEXT)
    return handler({"task": "close", "import": import_id}, CONTEXT)


def call_admin(method: str, path: str, body: object = None, **query: str) -> dict[str, Any]:
    """As an admin asks."""
    from admin.handler import handler as desk  # noqa: PLC0415

    event = http_event(method, f"/admin/v1/imports{path}", json.dumps(body) if body else None)
    event["requestContext"]["authorizer"] = {"claims": ADMIN}
    event["queryStringParameters"] = query or None
    event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} or None
    answer = desk(event, CONTEXT)
    return {"status": answer["statusCode"], **json.loads(answer["body"] or "{}")}


def start_import(source: str = "fair") -> str:
    """The id of a new import."""
    return str(call_admin("POST", "", {"source": source, "name": "march.csv"})["import_id"])


def import_file(home: AwsFixture, data: str | bytes = PEOPLE, source: str = "fair") -> str:
    """A file that was brought and done."""
    import_id = start_import(source)
    upload_file(home, import_id, data)
    assert run_import(home, import_id).get("outcome") == "done"
    return import_id


def read_result(home: AwsFixture, import_id: str) -> str:
    found = home.aws.s3.get_object(Bucket="raw", Key=f"results/{import_id}.csv")
    return str(found["Body"].read().decode("utf-8-sig"))
