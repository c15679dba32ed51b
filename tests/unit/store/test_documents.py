"""A bucket's documents, and work cut into pages in it."""

import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from leadloop.model.errors import NotFound
from leadloop.store.documents import Documents
from leadloop.store.paged_work import Manifest, PagedWork


@pytest.fixture
def documents() -> Iterator[Documents]:
    with mock_aws():
        s3 = boto3.client(
            "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        s3.create_bucket(Bucket="pages")
        yield Documents(s3, "pages")


def test_a_missing_document_is_none_and_a_missing_bucket_an_error(documents: Documents) -> None:
    assert documents.get("reports/a.json") is None
    documents.put("reports/a.json", b"{}")
    assert documents.get("reports/a.json") == b"{}"
    with pytest.raises(ClientError):
        Documents(documents._s3, "elsewhere").get("reports/a.json")


def test_keys_and_folders_are_listed_below_a_prefix(documents: Documents) -> None:
    for key in ("replays/b/1.json", "replays/b/2.json", "replays/a/1.json", "other/x.json"):
        documents.put(key, b"1")
    assert list(documents.keys("replays/b/")) == ["replays/b/1.json", "replays/b/2.json"]
    assert list(documents.folders("replays/")) == ["a", "b"]


def test_a_manifest_has_one_element_per_page(documents: Documents) -> None:
    work = PagedWork(documents, "imports/i", "rows/{:06d}.jsonl")
    with pytest.raises(NotFound):
        work.get_manifest()
    work.put_page(0, b"rows")
    manifest = work.put_manifest([{"import": "i", "page": 0}])
    assert manifest == Manifest(bucket="pages", manifest="imports/i/manifest.json", pages=1)
    assert json.loads(work.get_manifest()) == [{"import": "i", "page": 0}]
    assert documents.get("imports/i/rows/000000.jsonl") == work.get_page(0) == b"rows"
    with pytest.raises(NotFound):
        work.get_page(1)
