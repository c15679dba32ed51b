"""A file's way in, as the state machine goes it; what is sent goes to S3 as a browser would."""

import json
from typing import Any

from imports.handler import handler
from tests.functions.aws_fixture import House, http_event
from tests.lambda_context import Call

ADMIN = {
    "sub": "u-1",
    "cognito:groups": "admin",
    "email": "a@aqua.example",
    "email_verified": "true",
}
CONTEXT = Call()
PEOPLE = (
    "E-Mail,Name,Firma,Halle\n"
    "ada@lovelace.example,Ada Lovelace,Engines Ltd,4\n"
    "grace@navy.example,Grace Hopper,,5\n"
    ",Nobody To Reach,,6\n"
    "ada@lovelace.example,Ada Byron,,7\n"
)


def sent(home: House, import_id: str, data: str | bytes) -> None:
    """Where the address of the answer leads to."""
    body = data.encode() if isinstance(data, str) else data
    home.aws.s3.put_object(Bucket="raw", Key=f"files/{import_id}", Body=body)


def opened(import_id: str, prefix: str = "files") -> dict[str, Any]:
    return handler({"task": "open", "key": f"{prefix}/{import_id}"}, CONTEXT)


def pages(home: House, found: dict[str, Any]) -> list[dict[str, Any]]:
    listed = home.aws.s3.get_object(Bucket=found["bucket"], Key=found["manifest"])
    return list(json.loads(listed["Body"].read()))


def run(home: House, import_id: str, prefix: str = "files") -> dict[str, Any]:
    """To its end; the answer of its last task."""
    found = opened(import_id, prefix)
    if found["next"] == "nothing":
        return found
    if found["next"] == "pages":
        for page in pages(home, found):
            handler({"task": "rows", **page}, CONTEXT)
    return handler({"task": "close", "import": import_id}, CONTEXT)


def admin(method: str, path: str, body: object = None, **query: str) -> dict[str, Any]:
    """As an admin asks."""
    from admin.handler import handler as desk  # noqa: PLC0415

    event = http_event(method, f"/admin/v1/imports{path}", json.dumps(body) if body else None)
    event["requestContext"]["authorizer"] = {"claims": ADMIN}
    event["queryStringParameters"] = query or None
    event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} or None
    answer = desk(event, CONTEXT)
    return {"status": answer["statusCode"], **json.loads(answer["body"] or "{}")}


def begun(source: str = "fair") -> str:
    """The id of a new import."""
    return str(admin("POST", "", {"source": source, "name": "march.csv"})["import_id"])


def imported(home: House, data: str | bytes = PEOPLE, source: str = "fair") -> str:
    """A file that was brought and done."""
    import_id = begun(source)
    sent(home, import_id, data)
    assert run(home, import_id).get("outcome") == "done"
    return import_id


def result(home: House, import_id: str) -> str:
    found = home.aws.s3.get_object(Bucket="raw", Key=f"results/{import_id}.csv")
    return str(found["Body"].read().decode("utf-8-sig"))
