/*
 * Tells what a visitor does on your pages, to be tied to the person once a form of ours is filled
 * in. Nothing is kept and nothing told before you say that the visitor agreed:
 *
 *   <script src="https://…/b" async></script>
 *   leadloopVisits.agreed()              once, from your consent banner: tells this page from then on
 *   leadloopVisits.tell('download')      what else is done: visit, download, webinar, follow
 *   leadloopVisits.forget()              the visitor changed his mind
 */
(function () {
  'use strict';

  const NAME = 'leadloop.visitor';
  const beacon = document.currentScript.src.split('?')[0];

  function drawn() {
    const bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_');
  }

  function visitor() {
    try {
      return JSON.parse(localStorage.getItem(NAME));
    } catch (forbidden) {
      return null;
    }
  }

  function tell(signal) {
    const known = visitor();
    if (!known) return;
    const event = { id: drawn(), signal: signal || 'visit', page: location.origin + location.pathname };
    const body = JSON.stringify({ visitor: known, events: [event] });
    // As text, so that no question is asked before it; the event's id makes a second copy harmless.
    if (!(navigator.sendBeacon && navigator.sendBeacon(beacon, body))) {
      fetch(beacon, { method: 'POST', body, mode: 'no-cors', keepalive: true }).catch(() => {});
    }
  }

  function agreed() {
    if (visitor()) return;
    try {
      localStorage.setItem(NAME, JSON.stringify(drawn()));
    } catch (forbidden) {
      return;
    }
    tell('visit');
  }

  function forget() {
    try {
      localStorage.removeItem(NAME);
    } catch (forbidden) {
      /* then there is nothing */
    }
  }

  window.leadloopVisits = { agreed, tell, forget };
  tell('visit');
})();
