"""A form as a person sees it: its fields in order, in one language."""

from leadloop.model.base import Model
from leadloop.model.field_kind import FieldKind


class Option(Model):
    """One choice: `value` is sent, `label` is read."""

    value: str
    label: str


class FormField(Model):
    """One field. `name` is the source's own, as it is posted; `value` stands in it at first.

    `longest` is in characters. `autocomplete` is the browser's word for it. `accept` lists file
    name endings.

    Source: HTML standard, "Autofill", and the attribute `accept`.
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
    """The consent text in this language, and the version that proves which text it was."""

    name: str
    version: str
    text: str
    required: bool


class FormCaptcha(Model):
    """The CSS class that the provider's `script` looks for, and the public key of this form."""

    widget: str
    site_key: str
    script: str


class FormPage(Model):
    """One page. An empty text stands for the usual one of the language.

    `languages` are all that the form can be shown in.
    """

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
