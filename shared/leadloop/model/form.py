"""A form as a person sees it: what is asked, in one language and in which order."""

from leadloop.model.base import Model
from leadloop.model.field_kind import FieldKind


class Option(Model):
    """What is sent, and what is read."""

    value: str
    label: str


class FormField(Model):
    """`name` is the source's own, as it is posted; `value` stands in it at first.

    `longest` counts characters.

    `autocomplete` is the browser's word for it. `accept` lists the endings of files.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    value: str = ""
    required: bool = False
    hint: str = ""
    options: tuple[Option, ...] = ()
    accept: tuple[str, ...] = ()
    autocomplete: str = ""
    longest: int = 500


class FormConsent(Model):
    """The wording in this language, and the version that proves it was this one."""

    name: str
    version: str
    text: str
    required: bool


class FormCaptcha(Model):
    """The class that its provider's `script` looks for, and the public key of this form."""

    widget: str
    site_key: str
    script: str


class FormPage(Model):
    """Empty words mean: the usual ones of the language. `languages` are all it can be shown in."""

    id: str
    language: str
    languages: tuple[str, ...]
    headline: str = ""
    intro: str = ""
    button: str = ""
    thanks: str = ""
    fields: tuple[FormField, ...] = ()
    consent: FormConsent | None = None
    captcha: FormCaptcha | None = None
    device: bool = False
    honeypot: str | None = None
    thank_you: str | None = None
