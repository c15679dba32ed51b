"""The part of a published playbook that a public door needs.

Only this part is read: the models of all sections would make each cold start a fifth dearer. The
whole playbook was checked before it was published.
"""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Discriminator, Tag

from leadloop.intake.public_sources import PublicForm, PublicSource, PublicWebhook
from leadloop.model.base import Model


def _kind(source: object) -> str:
    kind = source.get("kind") if isinstance(source, Mapping) else None
    return kind if kind in ("form", "webhook") else "other"


class PublicSources(Model):
    """The sources of a published playbook; of those that are no form or webhook, only the kind."""

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
        """The public sources of a published playbook in JSON.

        Raises:
            pydantic.ValidationError: this code does not understand its sources.

        """
        return cls.model_validate_json(content, extra="ignore")

    def form(self, name: str) -> PublicForm | None:
        """The form called `name`; None: no source has this name, or it is no form."""
        source = self.sources.get(name)
        return source if isinstance(source, PublicForm) else None

    def webhook(self, name: str) -> PublicWebhook | None:
        """The webhook called `name`; None: no source has this name, or it is no webhook."""
        source = self.sources.get(name)
        return source if isinstance(source, PublicWebhook) else None
