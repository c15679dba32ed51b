"""A form's hosted page. It works without a script and shows each fault beside its field.

- Every value is escaped when it enters the page (`_fill_markup`, `_attributes`).
- The page runs no script but the form's own, from its own address, and a captcha's.
- What a visitor typed comes back unchanged.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from leadloop.content.page_texts import FormTexts, describe_form_fault, form_texts, page_languages
from leadloop.model.form import FormConsent, FormField, FormPage

_STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#4a5560;--paper:#f4f5f7;--card:#fff;
--line:#7b8794;--deed:#0b5cad;--deed-over:#084a8c;--wrong:#b3261e}
*{box-sizing:border-box}
body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:40rem;margin:0 auto;padding:2rem 1.25rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .75rem}
p{margin:0 0 1rem}
form{margin:1.5rem 0 0;padding:1.5rem 1.25rem;background:var(--card);border-radius:.75rem;
border:1px solid color-mix(in srgb,var(--line) 40%,transparent)}
.field{margin:0 0 1.25rem}
label{display:block;font-weight:600;margin:0 0 .25rem}
label small,.hint{font-weight:400;font-size:.9375rem;color:var(--soft)}
.hint{margin:.25rem 0 0}
input,select,textarea{display:block;width:100%;font:inherit;color:inherit;padding:.625rem .75rem;
background:var(--paper);border:1px solid var(--line);border-radius:.375rem;min-height:2.875rem}
textarea{min-height:8rem;resize:vertical}
.tick{display:grid;grid-template-columns:1.5rem 1fr;gap:0 .75rem;align-items:start}
.tick input{width:1.375rem;min-height:1.375rem;height:1.375rem;margin:.125rem 0 0;
accent-color:var(--deed)}
.tick label{font-weight:400;margin:0}
.tick .leadloop-error{grid-column:2}
:focus-visible{outline:3px solid #d97706;outline-offset:2px}
button{font:inherit;font-weight:600;padding:.75rem 1.75rem;min-height:2.875rem;border:0;
border-radius:.375rem;color:#fff;background:var(--deed);cursor:pointer}
button:hover{background:var(--deed-over)}
.leadloop-error{margin:.25rem 0 0;font-weight:600;color:var(--wrong)}
[aria-invalid=true]{border:2px solid var(--wrong)}
.leadloop-status:empty{display:none}
.leadloop-status{margin:1rem 0 0}
.mend{margin:1.5rem 0 0;padding:1rem 1.25rem;border:2px solid var(--wrong);border-radius:.75rem}
.mend ul{margin:.5rem 0 0;padding:0 0 0 1.25rem}
.mend h2{font-size:1.0625rem;margin:0}
a{color:var(--deed)}
.mend a{color:var(--wrong)}
.trap{position:absolute;left:-100vw;width:1px;height:1px;overflow:hidden}
nav{margin:1.5rem 0 0;font-size:.9375rem}
nav a{display:inline-block;margin:0 .75rem 0 0;padding:.375rem 0}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#aab4be;--paper:#16191d;
--card:#20252b;--line:#8b96a2;--deed:#6bb1ff;--deed-over:#93c6ff;--wrong:#ff8a80}
button{color:#10151a}}
@media(min-width:40rem){form{padding:2rem}}
"""
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{headline}</h1>
{parts}
</main>
</body>
</html>
"""


class RejectedInput(NamedTuple):
    """A refused post: by field name its values, the code of its fault, and a better address."""

    values: Mapping[str, str] = {}
    wrong: Mapping[str, str] = {}
    suggestions: Mapping[str, str] = {}

    def describe(self, name: str, language: str) -> str:
        """What a visitor must change in the field."""
        return describe_form_fault(self.wrong[name], language, self.suggestions.get(name, ""))


NO_INPUT = RejectedInput()


def render_form_page(
    form: FormPage,
    hidden: Mapping[str, str],
    query: Mapping[str, str],
    rejected: RejectedInput = NO_INPUT,
) -> str:
    """The page with the form, which posts to the page's own address.

    `hidden` are the values of hidden inputs. `query` is kept in the links to other languages.
    `rejected` is a post that was refused: its values are filled in, its faults are shown.
    """
    texts = form_texts(form.language)
    parts = [
        *_paragraphs(form.intro),
        *_error_summary(form, rejected, texts),
        *_form(form, hidden, rejected, texts),
        *_language_links(form, query, texts),
        f"<script{_attributes(src=f'{form.id}.js?lang={form.language}', defer=True)}></script>",
    ]
    if form.captcha:
        parts.append(f"<script{_attributes(src=form.captcha.script, defer=True)}></script>")
    headline = form.headline or form.id.replace("-", " ").capitalize()
    return _render_page(form.language, headline, f"{texts.mend} " if rejected.wrong else "", parts)


def thanks_page(form: FormPage) -> str:
    """The page after a post without a script, for a form that names no page of its own."""
    texts = form_texts(form.language)
    return _render_page(
        form.language, texts.thanks, "", _paragraphs(form.thanks or texts.thanks_says)
    )


def too_large_page(form: FormPage) -> str:
    """The page for a post that was too large to read."""
    texts = form_texts(form.language)
    return _render_page(form.language, texts.refused, "", _paragraphs(texts.too_large))


def _render_page(language: str, headline: str, before: str, parts: Iterable[str]) -> str:
    return _PAGE.format(
        language=escape(language),
        title=escape(before + headline),
        style=_STYLE,
        headline=escape(headline),
        parts="\n".join(parts),
    )


def _paragraphs(text: str) -> list[str]:
    return [_fill_markup("<p>{}</p>", text)] if text else []


def _error_summary(form: FormPage, rejected: RejectedInput, texts: FormTexts) -> list[str]:
    """All faults in one list at the top of the page, where a screen reader begins."""
    if not rejected.wrong:
        return []
    labels = {field.name: (f"f{n}", field.label) for n, field in enumerate(form.fields)}
    if form.consent:
        labels[form.consent.name] = ("consent", form.consent.text)
    rows = [
        _fill_markup(
            '<li><a href="#{}">{}</a>: {}</li>',
            *labels[name],
            rejected.describe(name, form.language),
        )
        if name in labels
        else _fill_markup("<li>{}: {}</li>", name, rejected.describe(name, form.language))
        for name in rejected.wrong
    ]
    heading = _fill_markup("<h2>{}</h2>", texts.mend)
    opening = '<div class="mend" role="alert" tabindex="-1" autofocus>'
    return [opening, heading, "<ul>", *rows, "</ul>", "</div>"]


def _form(
    form: FormPage, hidden: Mapping[str, str], rejected: RejectedInput, texts: FormTexts
) -> Iterable[str]:
    files = any(field.kind == "file" for field in form.fields)
    more = {"enctype": "multipart/form-data"} if files else {}
    yield f"<form{_attributes(method='post', **{'data-leadloop': form.id}, **more)}>"
    for name, value in hidden.items():
        yield f"<input{_attributes(type='hidden', name=name, value=value)}>"
    for n, field in enumerate(form.fields):
        yield _field(field, f"f{n}", rejected, form.language)
    if form.honeypot:
        yield (
            '<div class="trap" aria-hidden="true">'
            + _fill_markup('<label for="trap">{}</label>', texts.empty)
            + f"<input{_attributes(id='trap', name=form.honeypot, tabindex='-1')}"
            ' autocomplete="off"></div>'
        )
    if form.consent:
        yield _consent(form.consent, rejected, form.language)
    if form.captcha:
        at = _attributes(**{"class": form.captcha.widget, "data-sitekey": form.captcha.site_key})
        yield f'<div class="field"><div{at}></div></div>'
        yield _fill_markup("<noscript><p>{}</p></noscript>", texts.by_hand)
    yield _fill_markup("<button>{}</button>", form.button or texts.send)
    yield '<p class="leadloop-status" role="status"></p>'
    yield "</form>"


def _field(field: FormField, id_: str, rejected: RejectedInput, language: str) -> str:
    value = rejected.values.get(field.name, field.value)
    if field.kind == "hidden":
        return f"<input{_attributes(type='hidden', name=field.name, value=value)}>"
    texts = form_texts(language)
    fault = rejected.wrong.get(field.name)
    common: dict[str, str | bool] = {
        "id": id_,
        "name": field.name,
        "autocomplete": field.autocomplete,
        "required": field.required,
        "aria-invalid": "true" if fault else "",
        "aria-describedby": " ".join(
            f"{id_}-{what}" for what in ("error" if fault else "", "hint" if field.hint else "")
            if what
        ),
    }  # fmt: skip
    label = _fill_markup("{}", field.label)
    if not field.required:
        label += _fill_markup(" <small>({})</small>", texts.optional)
    parts = [f'<label for="{id_}">{label}</label>', _input(field, value, common, texts)]
    if fault:
        parts.append(_error(id_, rejected.describe(field.name, language)))
    if field.hint:
        parts.append(_fill_markup('<p class="hint" id="{}-hint">{}</p>', id_, field.hint))
    if field.kind == "checkbox":
        parts[:2] = parts[1::-1]
        return f'<div class="field tick">{"".join(parts)}</div>'
    return f'<div class="field">{"".join(parts)}</div>'


def _input(field: FormField, value: str, common: Mapping[str, str | bool], texts: FormTexts) -> str:
    longest = str(field.longest)
    match field.kind:
        case "textarea":
            # An HTML parser drops a line break right after the tag, so a first one is added here.
            return (
                f"<textarea{_attributes(**common, maxlength=longest)}>\n{escape(value)}</textarea>"
            )
        case "select":
            first = _fill_markup('<option value="">{}</option>', texts.choose)
            options = "".join(
                f"<option{_attributes(value=option.value, selected=option.value == value)}>"
                f"{escape(option.label)}</option>"
                for option in field.options
            )
            return f"<select{_attributes(**common)}>{first}{options}</select>"
        case "checkbox":
            checked = bool(value)
            return f"<input{_attributes(**common, type='checkbox', value='yes', checked=checked)}>"
        case "file":
            return f"<input{_attributes(**common, type='file', accept=','.join(field.accept))}>"
        case "number":  # letters stay in the field and are a fault; a number input would drop them
            return f"<input{_attributes(**common, inputmode='numeric', value=value)}>"
        case kind:
            return f"<input{_attributes(**common, type=kind, maxlength=longest, value=value)}>"


def _consent(consent: FormConsent, rejected: RejectedInput, language: str) -> str:
    fault = rejected.wrong.get(consent.name)
    checked = bool(rejected.values.get(consent.name)) and fault is None
    box = _attributes(
        type="checkbox", id="consent", name=consent.name, value="yes",
        required=consent.required, checked=checked,
        **{"aria-invalid": "true" if fault else "",
           "aria-describedby": "consent-error" if fault else ""},
    )  # fmt: skip
    version = _attributes(type="hidden", name="consent_version", value=consent.version)
    text = _fill_markup('<label for="consent">{}</label>', consent.text)
    error = _error("consent", describe_form_fault(fault, language)) if fault else ""
    return f'<div class="field tick"><input{version}><input{box}>{text}{error}</div>'


def _error(id_: str, text: str) -> str:
    return _fill_markup('<p class="leadloop-error" id="{}-error">{}</p>', id_, text)


def _language_links(form: FormPage, query: Mapping[str, str], texts: FormTexts) -> Iterable[str]:
    others = [each for each in form.languages if each != form.language]
    if not others:
        return
    yield f"<nav{_attributes(**{'aria-label': texts.other_languages})}>"
    for each in others:
        known = each in page_languages("form")
        name = form_texts(each).language if known else each
        at = _attributes(href="?" + urlencode({**query, "lang": each}), lang=each, hreflang=each)
        yield f"<a{at}>{escape(name)}</a>"
    yield "</nav>"


def _attributes(**values: str | bool) -> str:
    """HTML attributes, escaped. Empty and False ones are left out, except an empty `value`."""
    attributes = ((name, value) for name, value in values.items() if value or name == "value")
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attributes
    )


def _fill_markup(markup: str, *values: str) -> str:
    """`markup` with each `{}` replaced by a value, escaped. Texts enter a page only here."""
    return markup.format(*map(escape, values))
