"""The captchas that a form may have: each provider's widget and its verification address.

Source: the providers' pages developers.cloudflare.com/turnstile, docs.hcaptcha.com and
developers.google.com/recaptcha.
"""

from typing import Literal, NamedTuple

CaptchaProvider = Literal["turnstile", "hcaptcha", "recaptcha"]


class CaptchaKind(NamedTuple):
    """How one provider is used.

    `field` is the name of the token in the form's post. `widget` is the CSS class and `script` the
    address of the widget. `origins` are what a page's content security policy must allow. `verify`
    is the address that a token is sent to.
    """

    field: str
    widget: str
    script: str
    origins: tuple[str, ...]
    verify: str


CAPTCHAS: dict[CaptchaProvider, CaptchaKind] = {
    "turnstile": CaptchaKind(
        field="cf-turnstile-response",
        widget="cf-turnstile",
        script="https://challenges.cloudflare.com/turnstile/v0/api.js",
        origins=("https://challenges.cloudflare.com",),
        verify="https://challenges.cloudflare.com/turnstile/v0/siteverify",
    ),
    "hcaptcha": CaptchaKind(
        field="h-captcha-response",
        widget="h-captcha",
        script="https://js.hcaptcha.com/1/api.js",
        origins=("https://hcaptcha.com", "https://*.hcaptcha.com"),
        verify="https://api.hcaptcha.com/siteverify",
    ),
    "recaptcha": CaptchaKind(
        field="g-recaptcha-response",
        widget="g-recaptcha",
        script="https://www.google.com/recaptcha/api.js",
        origins=(
            "https://www.google.com",
            "https://www.gstatic.com",
            "https://recaptcha.google.com",
        ),
        verify="https://www.google.com/recaptcha/api/siteverify",
    ),
}
