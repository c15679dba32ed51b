"""Work in pages: bodies in S3, and a manifest from which a Distributed Map starts a task per page.

Source: Step Functions, "ItemReader (Map)", an S3 object that is one JSON array.
"""

import json
from collections.abc import Mapping, Sequence

from leadloop.model.base import Model
from leadloop.model.errors import NotFound
from leadloop.store.documents import Documents


class Manifest(Model):
    """`manifest` is the key of a JSON array with one element per page; `pages` is its length."""

    bucket: str
    manifest: str
    pages: int


class PagedWork:
    """The pages and the manifest of one job, in the folder `folder`.

    `page_name` is a format of the page's number, which counts from 0.
    """

    def __init__(self, documents: Documents, folder: str, page_name: str = "{}.json") -> None:
        self._documents, self._folder, self._page_name = documents, folder, page_name
        self.manifest_key = f"{folder}/manifest.json"

    def page_key(self, number: int) -> str:
        """The key of a page's body."""
        return f"{self._folder}/{self._page_name.format(number)}"

    def put_page(self, number: int, body: bytes) -> None:
        """Write what is to be done on a page."""
        self._documents.put(self.page_key(number), body)

    def get_page(self, number: int) -> bytes:
        """What is to be done on a page.

        Raises:
            NotFound: there is no such page.

        """
        return self._require(self.page_key(number))

    def put_manifest(self, elements: Sequence[Mapping[str, str | int]]) -> Manifest:
        """Write the manifest; each of `elements` becomes the input of one task."""
        body = json.dumps(elements, separators=(",", ":"))
        self._documents.put(self.manifest_key, body.encode())
        return self.manifest(len(elements))

    def get_manifest(self) -> bytes:
        """The manifest as JSON.

        Raises:
            NotFound: it was not written yet.

        """
        return self._require(self.manifest_key)

    def manifest(self, pages: int) -> Manifest:
        """The name of the manifest, for the state machine; written only if there are `pages`."""
        return Manifest(bucket=self._documents.bucket, manifest=self.manifest_key, pages=pages)

    def _require(self, key: str) -> bytes:
        body = self._documents.get(key)
        if body is None:
            raise NotFound(key)
        return body
