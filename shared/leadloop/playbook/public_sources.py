"""The part of a published playbook that a public door asks for."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Discriminator, Tag

from leadloop.intake.public_sources import PublicForm, PublicSource, PublicWebhook
from leadloop.model.base import Model


def _kind(source: object) -> str:
    kind = source.get("kind") if isinstance(source, Mapping) else None
    return kind if kind in ("form", "webhook") else "other"


class PublicSources(Model):
    """Nothing else is read: the models of every section would make each cold start a fifth dearer.

    What is published has been checked as a whole before.
    """

    version: str
    sources: dict[
        str,
        Annotated[
            Annotated[PublicForm, Tag("form")]
            | Annotated[PublicWebhook, Tag("webhook")]
            | Annotated[PublicSource, Tag("other")],
            Discriminator(_kind),
        ],
    ]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Of a playbook as it was published.

        Raises:
            pydantic.ValidationError: its sources are none that this code understands.

        """
        return cls.model_validate_json(content, extra="ignore")

    def form(self, name: str) -> PublicForm | None:
        """The form of this name, if it is one."""
        source = self.sources.get(name)
        return source if isinstance(source, PublicForm) else None

    def webhook(self, name: str) -> PublicWebhook | None:
        """The webhook of this name, if it is one."""
        source = self.sources.get(name)
        return source if isinstance(source, PublicWebhook) else None
