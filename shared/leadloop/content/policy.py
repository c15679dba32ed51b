"""The templates section of the playbook: what we say, per language."""

from leadloop.model.base import Model


class Text(Model):
    """Subject and plain-text body, both Liquid; the HTML part is made from the body."""

    subject: str
    body: str


class Template(Model):
    """`texts` by language; the company's default language must be among them."""

    id: str
    texts: dict[str, Text]
