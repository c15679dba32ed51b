"""A form's hosted page: it works without a script, and says what to mend beside each field.

The rules of this file: every value is escaped on its way in (`_filled`, `_attributes`); the page
runs no script but the form's own, from its own address; what was typed comes back as it was.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

from leadloop.content.form_texts import FORM_TEXTS, FormTexts, describe_form_fault, form_texts
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
    """What a post brought that could not be taken: its values, and per field the fault's code."""

    values: Mapping[str, str] = {}
    wrong: Mapping[str, str] = {}


NO_INPUT = RejectedInput()


def render_form_page(
    form: FormPage,
    hidden: Mapping[str, str],
    query: Mapping[str, str],
    typed: RejectedInput = NO_INPUT,
) -> str:
    """`hidden` travels with the post; `query` is kept when the language is changed.

    The form posts to the page's own address.
    """
    said = form_texts(form.language)
    parts = [
        *_paragraphs(form.intro),
        *_error_summary(form, typed, said),
        *_form(form, hidden, typed, said),
        *_languages(form, query, said),
        f"<script{_attributes(src=f'{form.id}.js?lang={form.language}', defer=True)}></script>",
    ]
    if form.captcha:
        parts.append(f"<script{_attributes(src=form.captcha.script, defer=True)}></script>")
    headline = form.headline or form.id.replace("-", " ").capitalize()
    return _render_page(form.language, headline, f"{said.mend} " if typed.wrong else "", parts)


def thanks_page(form: FormPage) -> str:
    """After a post without a script, where the form names no page of its own."""
    said = form_texts(form.language)
    return _render_page(
        form.language, said.thanks, "", _paragraphs(form.thanks or said.thanks_says)
    )


def too_large_page(form: FormPage) -> str:
    """A post that was not even read."""
    said = form_texts(form.language)
    return _render_page(form.language, said.refused, "", _paragraphs(said.too_large))


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


def _error_summary(form: FormPage, typed: RejectedInput, said: FormTexts) -> list[str]:
    """All that is to be mended, at the top, where a screen reader begins."""
    if not typed.wrong:
        return []
    labels = {field.name: (f"f{n}", field.label) for n, field in enumerate(form.fields)}
    if form.consent:
        labels[form.consent.name] = ("consent", form.consent.text)
    rows = [
        _fill_markup(
            '<li><a href="#{}">{}</a>: {}</li>',
            *labels[name],
            describe_form_fault(code, form.language),
        )
        if name in labels
        else _fill_markup("<li>{}: {}</li>", name, describe_form_fault(code, form.language))
        for name, code in typed.wrong.items()
    ]
    heading = _fill_markup("<h2>{}</h2>", said.mend)
    opening = '<div class="mend" role="alert" tabindex="-1" autofocus>'
    return [opening, heading, "<ul>", *rows, "</ul>", "</div>"]


def _form(
    form: FormPage, hidden: Mapping[str, str], typed: RejectedInput, said: FormTexts
) -> Iterable[str]:
    files = any(field.kind == "file" for field in form.fields)
    more = {"enctype": "multipart/form-data"} if files else {}
    yield f"<form{_attributes(method='post', **{'data-leadloop': form.id}, **more)}>"
    for name, value in hidden.items():
        yield f"<input{_attributes(type='hidden', name=name, value=value)}>"
    for n, field in enumerate(form.fields):
        yield _field(field, f"f{n}", typed, form.language)
    if form.honeypot:
        yield (
            '<div class="trap" aria-hidden="true">'
            + _fill_markup('<label for="trap">{}</label>', said.empty)
            + f"<input{_attributes(id='trap', name=form.honeypot, tabindex='-1')}"
            ' autocomplete="off"></div>'
        )
    if form.consent:
        yield _consent(form.consent, typed, form.language)
    if form.captcha:
        at = _attributes(**{"class": form.captcha.widget, "data-sitekey": form.captcha.site_key})
        yield f'<div class="field"><div{at}></div></div>'
        yield _fill_markup("<noscript><p>{}</p></noscript>", said.by_hand)
    yield _fill_markup("<button>{}</button>", form.button or said.send)
    yield '<p class="leadloop-status" role="status"></p>'
    yield "</form>"


def _field(field: FormField, id_: str, typed: RejectedInput, language: str) -> str:
    value = typed.values.get(field.name, field.value)
    if field.kind == "hidden":
        return f"<input{_attributes(type='hidden', name=field.name, value=value)}>"
    said = form_texts(language)
    fault = typed.wrong.get(field.name)
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
        label += _fill_markup(" <small>({})</small>", said.optional)
    parts = [f'<label for="{id_}">{label}</label>', _input(field, value, common, said)]
    if fault:
        parts.append(_error(id_, describe_form_fault(fault, language)))
    if field.hint:
        parts.append(_fill_markup('<p class="hint" id="{}-hint">{}</p>', id_, field.hint))
    if field.kind == "checkbox":
        parts[:2] = parts[1::-1]
        return f'<div class="field tick">{"".join(parts)}</div>'
    return f'<div class="field">{"".join(parts)}</div>'


def _input(field: FormField, value: str, common: Mapping[str, str | bool], said: FormTexts) -> str:
    longest = str(field.longest)
    match field.kind:
        case "textarea":
            # A line break right behind the tag is the parser's, so that one typed first stays.
            return (
                f"<textarea{_attributes(**common, maxlength=longest)}>\n{escape(value)}</textarea>"
            )
        case "select":
            first = _fill_markup('<option value="">{}</option>', said.choose)
            options = "".join(
                f"<option{_attributes(value=option.value, selected=option.value == value)}>"
                f"{escape(option.label)}</option>"
                for option in field.options
            )
            return f"<select{_attributes(**common)}>{first}{options}</select>"
        case "checkbox":
            ticked = bool(value)
            return f"<input{_attributes(**common, type='checkbox', value='yes', checked=ticked)}>"
        case "file":
            return f"<input{_attributes(**common, type='file', accept=','.join(field.accept))}>"
        case "number":  # letters stay typed, and are told of; a number input would drop them
            return f"<input{_attributes(**common, inputmode='numeric', value=value)}>"
        case kind:
            return f"<input{_attributes(**common, type=kind, maxlength=longest, value=value)}>"


def _consent(consent: FormConsent, typed: RejectedInput, language: str) -> str:
    fault = typed.wrong.get(consent.name)
    ticked = bool(typed.values.get(consent.name)) and fault is None
    box = _attributes(
        type="checkbox", id="consent", name=consent.name, value="yes",
        required=consent.required, checked=ticked,
        **{"aria-invalid": "true" if fault else "",
           "aria-describedby": "consent-error" if fault else ""},
    )  # fmt: skip
    version = _attributes(type="hidden", name="consent_version", value=consent.version)
    text = _fill_markup('<label for="consent">{}</label>', consent.text)
    error = _error("consent", describe_form_fault(fault, language)) if fault else ""
    return f'<div class="field tick"><input{version}><input{box}>{text}{error}</div>'


def _error(id_: str, text: str) -> str:
    return _fill_markup('<p class="leadloop-error" id="{}-error">{}</p>', id_, text)


def _languages(form: FormPage, query: Mapping[str, str], said: FormTexts) -> Iterable[str]:
    others = [each for each in form.languages if each != form.language]
    if not others:
        return
    yield f"<nav{_attributes(**{'aria-label': said.other_languages})}>"
    for each in others:
        name = FORM_TEXTS[each].language if each in FORM_TEXTS else each
        at = _attributes(href="?" + urlencode({**query, "lang": each}), lang=each, hreflang=each)
        yield f"<a{at}>{escape(name)}</a>"
    yield "</nav>"


def _attributes(**values: str | bool) -> str:
    """Each value escaped; what is empty or False is left out, but for an empty `value`."""
    given = ((name, value) for name, value in values.items() if value or name == "value")
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"' for name, value in given
    )


def _fill_markup(markup: str, *values: str) -> str:
    """The only way a text gets into a page: escaped."""
    return markup.format(*map(escape, values))
