"""The part of a published playbook that a public door asks for."""

from typing import Self

from pydantic import ConfigDict

from leadloop.intake.policy import FormSource, Source, WebhookSource
from leadloop.model.base import Model


class Sources(Model):
    """Nothing else is read: the models of every section would make each cold start a fifth dearer.

    What is published has been checked as a whole before.
    """

    model_config = ConfigDict(extra="ignore")
    version: str
    sources: dict[str, Source]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Of a playbook as it was published.

        Raises:
            pydantic.ValidationError: its sources are none that this code understands.

        """
        return cls.model_validate_json(content)

    def form(self, name: str) -> FormSource | None:
        """The form of this name, if it is one."""
        source = self.sources.get(name)
        return source if isinstance(source, FormSource) else None

    def webhook(self, name: str) -> WebhookSource | None:
        """The webhook of this name, if it is one."""
        source = self.sources.get(name)
        return source if isinstance(source, WebhookSource) else None
