/*
 * A form of leadloop in your page. Put this where the form is to stand:
 *
 *   <script src="https://…/f/FORM.js" async></script>
 *
 * A form that is in your page already is taken over instead, if it says whose it is:
 *
 *   <form data-leadloop="FORM" action="https://…/f/FORM" method="post">
 *
 * On the script: data-into="#here" renders it elsewhere, data-into="" nowhere (a page without a
 * form, which only remembers where the visitor came from), ?lang=de in its address chooses the
 * language, data-remember="30" keeps the first touch for 30 days in localStorage; without it all
 * that is kept is kept for this tab only. Ask your visitor before you set it.
 *
 * Events on the form, which bubble: "leadloop:sent" (detail.submission_id; preventDefault() keeps
 * the thanks away) and "leadloop:refused" (detail.errors).
 *
 * The server wraps this function and calls it with the form as data.
 */
function leadloop(given) {
  'use strict';

  const asked = given.form;
  const words = given.words;
  const here = document.currentScript || document.querySelector('script[src*="/f/' + asked.id + '.js"]');
  const address = here.src.replace(/\.js(\?.*)?$/, '');
  const WAITS = [1, 2, 4, 8, 16]; // seconds before each further try
  const BARRED = {}; // instead of an answer
  const PATIENCE = 20; // seconds for one answer

  /* ---- What is kept. A browser may forbid it; then nothing is, and all else still works. ---- */

  function kept(store, name) {
    try {
      return JSON.parse(window[store].getItem('leadloop.' + name));
    } catch (forbidden) {
      return null;
    }
  }

  function keep(store, name, value) {
    try {
      if (value === null) window[store].removeItem('leadloop.' + name);
      else window[store].setItem('leadloop.' + name, JSON.stringify(value));
    } catch (forbidden) {
      /* forbidden or full */
    }
  }

  let device = null; // the browser's fingerprint; '' while it is being taken

  /* ---- Where the visitor came from: the first page of the visit counts. ---- */

  function firstTouch() {
    const days = Number(here.dataset.remember) || 0;
    const old = days ? kept('localStorage', 'touch') : null;
    if (old && old.until > Date.now()) return old.touch;
    const touch = kept('sessionStorage', 'touch') || thisTouch();
    keep('sessionStorage', 'touch', touch);
    if (days) keep('localStorage', 'touch', { touch, until: Date.now() + days * 864e5 });
    return touch;
  }

  // As links really carry them: in the path or the fragment, behind a second "?", in capitals,
  // parted by ";", encoded as a whole, and with an ampersand that was escaped once too often.
  // The server reads an address in the same way (intake/fields/attribution.py).
  function tagsOf(address) {
    const found = new Map();
    const joint = /[?&#]|;(?=[a-z_]{2,20}=)/i;
    const escaped = /&(?:amp;|#38;|#x26;)(?:amp;)*|%26amp%3B(?=[a-z_]{2,20}(?:=|%3D))/gi;
    const parts = address.replace(escaped, '&').split(joint).slice(1).flatMap((part) =>
      /^[\w.-]{1,40}%3D/i.test(part) ? decoded(part).replace(escaped, '&').split(joint) : [part]);
    for (const part of parts) {
      for (const [name, value] of new URLSearchParams(part)) {
        if (value && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
      }
    }
    return found;
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch (malformed) {
      return text;
    }
  }

  function thisTouch() {
    const query = tagsOf(location.pathname + location.search + location.hash);
    const tags = new URLSearchParams();
    const touch = {};
    for (const name of given.touch) {
      const value = query.get(name);
      if (value) {
        touch[name] = value;
        tags.set(name, value);
      }
    }
    // Of the address only what tells of the way here: a query may hold more.
    touch.landing_page = location.origin + location.pathname + (tags.toString() && '?' + tags);
    if (document.referrer && !document.referrer.startsWith(location.origin + '/')) {
      touch.referrer = document.referrer;
    }
    return touch;
  }

  function confirmClick() {
    const token = new URLSearchParams(location.search).get('ll');
    if (!token || kept('sessionStorage', 'click') === token) return;
    keep('sessionStorage', 'click', token);
    const beacon = new URL('../b', address).href;
    fetch(beacon, { method: 'POST', body: token, mode: 'no-cors', keepalive: true }).catch(() => {});
  }

  /* ---- Elements. ---- */

  function make(tag, attributes, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === true) element.setAttribute(name, '');
      else if (value) element.setAttribute(name, value);
    }
    element.append(...inside);
    return element;
  }

  function rendered() {
    const form = make('form', {
      class: 'leadloop-form', 'data-leadloop': asked.id, lang: asked.language,
      action: address, method: 'post',
    });
    asked.fields.forEach((field, n) => form.append(renderedField(field, 'leadloop-' + asked.id + '-' + n)));
    if (asked.honeypot) {
      const trap = make('div', { 'aria-hidden': 'true' },
        make('input', { name: asked.honeypot, tabindex: '-1', autocomplete: 'off', 'aria-label': words.empty }));
      Object.assign(trap.style, { position: 'absolute', left: '-100vw' });
      form.append(trap);
    }
    if (asked.consent) {
      const id = 'leadloop-' + asked.id + '-consent';
      form.append(
        make('input', { type: 'hidden', name: 'consent_version', value: asked.consent.version }),
        make('div', { class: 'leadloop-field leadloop-tick' },
          make('input', { type: 'checkbox', id, name: asked.consent.name, value: 'yes', required: asked.consent.required }),
          make('label', { for: id }, asked.consent.text)));
    }
    if (asked.captcha) {
      form.append(
        make('div', { class: asked.captcha.widget, 'data-sitekey': asked.captcha.site_key }),
        make('script', { src: asked.captcha.script, async: true }));
    }
    form.append(make('button', {}, asked.button || words.send));
    return form;
  }

  function renderedField(field, id) {
    const common = { id, name: field.name, required: field.required, autocomplete: field.autocomplete };
    const long = { maxlength: String(field.longest) };
    let input;
    if (field.kind === 'textarea') {
      input = make('textarea', Object.assign(long, common, { rows: '5' }));
    } else if (field.kind === 'select') {
      input = make('select', common, make('option', {}, words.choose));
      input.options[0].value = '';
      for (const option of field.options) input.append(new Option(option.label, option.value));
    } else if (field.kind === 'file') {
      input = make('input', Object.assign(common, { type: 'file', accept: field.accept.join(',') }));
    } else if (field.kind === 'checkbox') {
      input = make('input', Object.assign(common, { type: 'checkbox', value: 'yes' }));
    } else if (field.kind === 'number') {
      input = make('input', Object.assign(common, { inputmode: 'numeric' }));
    } else {
      input = make('input', Object.assign(long, common, { type: field.kind, value: field.value }));
    }
    if (field.kind === 'hidden') return input;
    const label = make('label', { for: id }, field.label);
    if (!field.required) label.append(' ', make('small', {}, '(' + words.optional + ')'));
    const wrap = make('div', { class: 'leadloop-field' });
    if (field.kind === 'checkbox') {
      wrap.classList.add('leadloop-tick');
      wrap.append(input, label);
    } else {
      wrap.append(label, input);
    }
    if (field.hint) {
      wrap.append(make('p', { class: 'leadloop-hint', id: id + '-hint' }, field.hint));
      input.setAttribute('aria-describedby', id + '-hint');
    }
    return wrap;
  }

  /* A look to begin with. Your own style sheet wins over any of it. */
  function dress() {
    if (!document.adoptedStyleSheets || !('replaceSync' in CSSStyleSheet.prototype)) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ':where(.leadloop-form){max-width:40rem;font:inherit}' +
      ':where(.leadloop-field){margin:0 0 1rem}' +
      ':where(.leadloop-field label){display:block;font-weight:600}' +
      ':where(.leadloop-field input,.leadloop-field select,.leadloop-field textarea){display:block;' +
      'box-sizing:border-box;width:100%;min-height:2.75rem;padding:.5rem .75rem;font:inherit}' +
      ':where(.leadloop-tick){display:grid;grid-template-columns:1.5rem 1fr;gap:0 .75rem}' +
      ':where(.leadloop-tick input){width:1.375rem;min-height:1.375rem;height:1.375rem;margin:0}' +
      ':where(.leadloop-tick label){font-weight:400}' +
      ':where(.leadloop-tick .leadloop-error){grid-column:2}' +
      ':where(.leadloop-form button){min-height:2.75rem;padding:.5rem 1.5rem;font:inherit}' +
      ':where(.leadloop-hint){margin:.25rem 0 0}' +
      ':where(.leadloop-form [aria-invalid=true]){border:2px solid #b3261e}' +
      ':where(.leadloop-error){margin:.25rem 0 0;font-weight:600;color:#b3261e}');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  /* ---- One form at work, ours or the page's own. ---- */

  function work(form, n) {
    const place = asked.id + (n ? '.' + n : '');
    const draft = kept('sessionStorage', 'draft.' + place) || { key: newKey(), values: {}, began: 0 };
    const status = form.querySelector('.leadloop-status') ||
      form.appendChild(make('p', { class: 'leadloop-status', role: 'status' }));
    let waiting = null; // what is to be sent, until it was answered
    let seen = ''; // the address to which a better one was suggested
    let wake = () => {};

    form.leadloop = true;
    form.noValidate = true; // we say what to mend, in the form's language and beside the field
    restore();
    form.addEventListener('input', remember);
    form.addEventListener('change', remember);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submit();
    });
    if (asked.device) {
      form.addEventListener('change', knowDevice);
      knowDevice();
    }
    const unsent = kept('sessionStorage', 'unsent.' + place);
    if (unsent) deliver(unsent);

    function fields() {
      return Array.from(form.elements).filter((each) =>
        each.name && each.name !== asked.honeypot && !/-response$/.test(each.name) && !/^(hidden|password|file|submit|button)$/.test(each.type));
    }

    function remember() {
      draft.began = draft.began || Date.now();
      draft.typed = 0;
      draft.values = {};
      for (const each of fields()) {
        if (each.type === 'checkbox' || each.type === 'radio') {
          if (each.checked) draft.values[each.name] = each.value;
        } else if (each.value) draft.values[each.name] = each.value;
      }
      keep('sessionStorage', 'draft.' + place, draft);
    }

    function restore() {
      for (const each of fields()) {
        const value = draft.values[each.name];
        if (value === undefined) continue;
        if (each.type === 'checkbox' || each.type === 'radio') each.checked = each.value === value;
        else if (!each.value) each.value = value;
      }
    }

    async function submit() {
      if (!checked()) return;
      const data = new FormData(form);
      const more = Object.assign({}, firstTouch(), { submission_key: draft.key, address_seen: seen });
      const visitor = kept('localStorage', 'visitor'); // there only if the visitor agreed
      if (visitor) more.visitor_id = visitor;
      if (given.page_token && !data.has('page_token')) more.page_token = given.page_token;
      draft.typed = draft.typed || Date.now(); // a second click changes nothing
      if (draft.began) more.typed_seconds = String(Math.round((draft.typed - draft.began) / 1000));
      if (device && data.has(asked.consent.name)) more.device = device;
      for (const [name, value] of Object.entries(more)) data.set(name, value);
      if (Array.from(data.values()).some((value) => value instanceof File && value.name)) {
        if (waiting) return;
        // Too big to keep over a reload: what was typed is, and the button is there again.
        // Packed once, so that each try sends the same bytes.
        const packed = new Response(data);
        deliver({ body: await packed.arrayBuffer(), type: packed.headers.get('Content-Type') });
        return;
      }
      const plain = {};
      for (const [name, value] of data) if (typeof value === 'string') plain[name] = value;
      deliver({ body: JSON.stringify(plain), type: 'application/json' });
    }

    /* Only once the person has agreed: before, not even the script that looks is loaded. */
    function knowDevice() {
      const box = form.elements[asked.consent.name];
      if (device !== null || !box || !box.checked) return;
      device = '';
      document.addEventListener('leadloop:device', (told) => { device = told.detail; }, { once: true });
      document.head.append(make('script', { src: address + '.device.js', async: true }));
    }

    /* The browser's own rules, before anything is sent. */
    function checked() {
      const wrong = fields().concat(Array.from(form.querySelectorAll('input[type=file]')))
        .filter((each) => each.willValidate && !each.validity.valid);
      tell(wrong.map((each) => ({ field: each.name, text: mend(each) })));
      return !wrong.length;
    }

    function mend(input) {
      const why = input.validity;
      if (why.valueMissing) {
        return asked.consent && input.name === asked.consent.name ? words.consent_required : words.required;
      }
      if (why.typeMismatch && input.type === 'email') return words.email;
      return why.tooLong ? words.too_long : words.wrong;
    }

    /* The same bytes with the same key until there is an answer: however often, it is one.
       Who changes something meanwhile and sends again is not made to wait for the old one. */
    async function deliver(whole) {
      const running = waiting;
      waiting = whole;
      if (whole.type === 'application/json') keep('sessionStorage', 'unsent.' + place, whole);
      if (running) {
        wake();
        return;
      }
      say(words.sending);
      let barred = 0; // how often the browser kept the answer from us although somebody is there
      for (let tries = 0; tries <= WAITS.length; tries += 1) {
        const sent = waiting;
        let answer = await attempt(sent);
        if (answer === BARRED) {
          barred += 1;
          answer = barred > 1 ? { ok: false, said: {} } : null;
        } else barred = 0;
        if (answer && (!answer.ok || sent.body === waiting.body)) {
          waiting = null;
          keep('sessionStorage', 'unsent.' + place, null);
          settle(answer);
          return;
        }
        if (answer) continue; // the old one is there, the new one is not yet
        if (!barred) say(words.kept);
        if (tries < WAITS.length) await pause(WAITS[tries] * (500 + Math.random() * 1000));
      }
      waiting = null; // the button tries again, and so does the next look at this page
    }

    /* Until the time is over, or, without a connection, until there is one. */
    function pause(milliseconds) {
      return new Promise((go) => {
        wake = go;
        if (navigator.onLine === false) window.addEventListener('online', go, { once: true });
        else setTimeout(go, milliseconds);
      });
    }

    /* The answer, or null: nobody answered, or only that they cannot now. */
    async function attempt(whole) {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), PATIENCE * 1000);
      try {
        const answer = await fetch(address, {
          method: 'POST',
          headers: { Accept: 'application/json', 'Content-Type': whole.type },
          body: whole.body,
          keepalive: whole.type === 'application/json', // who leaves the page has sent it all the same
          signal: patience.signal,
          credentials: 'omit',
        });
        if (answer.status >= 500 || answer.status === 429) return null;
        return { ok: answer.ok, said: await answer.json().catch(() => ({})) };
      } catch (unreached) {
        const isBarred = await barredByBrowser();
        console.warn('leadloop: nobody answered. If the browser speaks of CORS: allowed_origins of “' +
          asked.id + '” is to name ' + location.origin);
        return isBarred ? BARRED : null;
      } finally {
        clearTimeout(timer);
      }
    }

    /* Somebody answers there, so it is not the connection: the browser refuses (CORS). */
    async function barredByBrowser() {
      if (navigator.onLine === false || new URL(address).origin === location.origin) return false;
      try {
        await fetch(address + '.js', { mode: 'no-cors', cache: 'no-store', credentials: 'omit' });
        return true;
      } catch (unreached) {
        return false;
      }
    }

    function settle(answer) {
      if (!answer.ok) {
        const errors = answer.said.errors || [];
        tell(errors.map((each) => ({ field: each.field, text: worded(each) })));
        if (!errors.length) say(words.refused + ' ' + (answer.said.detail || ''));
        event('leadloop:refused', { errors });
        return;
      }
      keep('sessionStorage', 'draft.' + place, null);
      if (!event('leadloop:sent', answer.said)) return;
      const next = wished() || asked.thank_you;
      if (next) location.assign(next);
      else thank();
    }

    function worded(fault) {
      const text = words[fault.code] || fault.text;
      if (fault.code !== 'email_suggestion') return text;
      seen = form.elements[fault.field] ? form.elements[fault.field].value : '';
      return text.replace('{address}', (fault.text.match(/\S+@\S+(?=\?$)/) || [''])[0]);
    }

    /* The page's own wish, within its own site. */
    function wished() {
      const own = form.elements.thank_you;
      const next = own && own.value && new URL(own.value, location.href);
      return next && next.origin === location.origin ? next.href : null;
    }

    function thank() {
      const thanks = make('div', { class: 'leadloop-thanks', tabindex: '-1', role: 'status' },
        make('p', {}, make('strong', {}, words.thanks)), make('p', {}, asked.thanks || words.thanks_says));
      form.replaceWith(thanks);
      thanks.focus();
    }

    function event(name, detail) {
      return form.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
    }

    function say(text) {
      status.textContent = text;
    }

    /* Beside each field what to mend; the first of them is where the person is led. */
    function tell(faults) {
      form.querySelectorAll('.leadloop-error').forEach((each) => each.remove());
      form.querySelectorAll('[aria-invalid]').forEach((each) => {
        each.removeAttribute('aria-invalid');
        describe(each, '');
      });
      say('');
      const rest = [];
      let first = null;
      for (const fault of faults) {
        let input = fault.field && form.elements[fault.field];
        if (input && !input.setAttribute) input = input[0]; // several of one name
        if (!input || input.type === 'hidden') {
          rest.push(fault.text);
          continue;
        }
        input.id = input.id || 'leadloop-' + place + '-' + fault.field;
        const error = make('p', { class: 'leadloop-error', id: input.id + '-error' }, fault.text);
        (input.parentElement.classList.contains('leadloop-tick') || input.parentElement.classList.contains('tick')
          ? input.parentElement.lastElementChild : input.closest('label') || input).after(error);
        input.setAttribute('aria-invalid', 'true');
        describe(input, error.id);
        first = first || input;
      }
      if (rest.length) say(rest.join(' '));
      if (first) first.focus();
    }

    function describe(input, error) {
      const others = (input.getAttribute('aria-describedby') || '').split(' ').filter((id) => id && !id.endsWith('-error'));
      const ids = error ? [error].concat(others) : others;
      if (ids.length) input.setAttribute('aria-describedby', ids.join(' '));
      else input.removeAttribute('aria-describedby');
    }
  }

  function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /* ---- Begin. ---- */

  function begin() {
    firstTouch();
    confirmClick();
    const own = Array.from(document.querySelectorAll('form[data-leadloop]'))
      .filter((form) => form.dataset.leadloop === asked.id);
    const into = here.dataset.into;
    if (!own.length && into !== '') {
      const form = rendered();
      if (into) document.querySelector(into).append(form);
      else here.after(form);
      own.push(form);
    }
    if (own.length) dress();
    own.filter((form) => !form.leadloop).forEach(work); // this script may be here twice
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
  else begin();
}
