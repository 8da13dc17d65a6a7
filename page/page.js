/* What the browser does for the whole page: asking in order, copying, and the keyboard. */
(() => {
  // Questions are asked one after another, in the order in which they were sent. While an answer is awaited the page
  // shows it, and makes room at once where the answer will stand: what is there moves under the visitor's own key and
  // not later, when one may be reading it. From the moment it is sent a question stands in the address as well.
  const sent = [];
  let current = null;
  let last = Promise.resolve();
  const talk = () => document.querySelector('#conversation [data-searching]');
  const address = (query) => history.replaceState(history.state, '', location.pathname + query);
  const made = (name, kind, text) => {
    const element = document.createElement(name);
    element.className = kind;
    element.textContent = text;
    element.dir = 'auto';
    return element;
  };
  // What is said here is heard by screen readers, whatever is drawn anew meanwhile.
  const announcer = made('p', 'announcer', '');
  announcer.setAttribute('aria-live', 'polite');
  const begin = () => document.body.append(announcer);
  if (document.body) begin();
  else document.addEventListener('DOMContentLoaded', begin);
  const trouble = made('p', 'notice', '');
  trouble.setAttribute('role', 'alert');
  const awaited = (text) => {
    const {searching, former} = talk().dataset;
    document.querySelector('#columns').classList.add('waiting');
    announcer.textContent = searching;
    const filters = Object.entries(JSON.parse(chosen('ask-filters'))).filter(([, value]) => value);
    const follows = former ? [['former', former]] : [];
    address('?' + new URLSearchParams([['q', text], ['lang', document.documentElement.lang], ...follows, ...filters]));
    if (!document.querySelector('#conversation .turn')) return;
    const room = made('section', 'room', '');
    room.append(made('h2', 'question', text), made('p', 'hint', searching));
    talk().after(room);
  };
  const rested = () => {
    document.querySelector('#columns').classList.remove('waiting');
    document.querySelectorAll('#conversation .room').forEach((room) => room.remove());
  };
  const over = () => {
    const {answered} = current || {};
    current = null;
    if (answered) answered();
  };
  // What was asked for in one language, and comes when another one was chosen meanwhile, is said anew.
  window.drawn = (element) => {
    const part = element.querySelector('section[lang]');
    if (part && part.lang !== document.documentElement.lang) document.querySelector('#reword').click();
  };
  window.chosen = (name) => {
    let form = document.querySelector(`#${name} form`);
    while (!form.chosen) form = form.parentElement;
    return JSON.stringify(form.chosen());
  };
  const asking = window.asking = {
    send(text) {
      trouble.remove();
      sent.push(text);
      if (!current && text.trim()) awaited(text);
      return '';
    },
    async next(given) {
      const [text, before, waits] = [sent.shift() || '', last, current !== null];
      const mine = {text};
      last = new Promise((resolve) => { mine.answered = resolve; });
      current = current || mine;
      await before;
      current = mine;
      if (waits && text.trim()) awaited(text);
      return [text, chosen('ask-filters'), ...given.slice(2)];
    },
    done() {
      rested();
      if (!current || current.text.trim()) asking.arrived();
      over();
    },
    arrived() {
      const turn = document.querySelector('#conversation .turn');
      if (!turn) return;
      announcer.textContent = turn.dataset.said;
      const link = turn.querySelector('.about button.link');
      if (!link) return;
      const query = new URLSearchParams(link.dataset.link);
      query.set('lang', document.documentElement.lang);
      address('?' + query);
    },
    // The text of a question that got no answer goes back into the field, unless something else is written there.
    failed(said = talk().dataset.failed) {
      rested();
      const field = document.querySelector('#question textarea');
      const text = [current && current.text, ...sent].find((one) => one && one.trim());
      if (text && !field.value) {
        field.value = text;
        field.dispatchEvent(new Event('input', {bubbles: true}));
      }
      trouble.textContent = said;
      document.querySelector('#columns').before(trouble);
      over();
    },
    forget: () => address(''),
  };
  document.addEventListener('click', (event) => {
    const example = event.target.closest && event.target.closest('button.example');
    if (example) asking.send(example.dataset.question);
  }, true);
  // Where the connection breaks Gradio says so in English, forgets what was asked, and opens the page anew when it is
  // back: the address then asks again.
  new MutationObserver(() => {
    const toast = document.querySelector('.toast-body.error');
    if (!toast || toast.hidden || !/connection/i.test(toast.textContent)) return;
    toast.hidden = true;
    asking.failed(talk().dataset.lost);
  }).observe(document, {childList: true, subtree: true});

  const write = async (text) => {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    // Without TLS a page from another machine has no clipboard but this.
    const field = document.createElement('textarea');
    field.value = text;
    field.style.position = 'fixed';
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  };
  document.addEventListener('click', async (event) => {
    const button = event.target.closest && event.target.closest('button.copy');
    if (!button) return;
    const {copy, link, done} = button.dataset;
    await write(link === undefined ? copy : location.origin + location.pathname + link);
    const said = button.textContent;
    if (said === done) return;
    button.textContent = done;
    button.setAttribute('role', 'status');
    setTimeout(() => { button.textContent = said; button.removeAttribute('role'); }, 1500);
  });

  // A click on the timeline sets the form of filters beside it.
  document.addEventListener('click', (event) => {
    const bar = event.target.closest && event.target.closest('.timeline button');
    if (!bar) return;
    const {since, until, speaker = ''} = bar.getAttribute('aria-pressed') === 'true' ? {since: '', until: ''} : bar.dataset;
    document.querySelector('#quotes-filters form').dispatchEvent(
      new CustomEvent('narrow', {bubbles: true, detail: {since, until, speaker}}));
  });

  // What cannot be undone is asked once more, before the page hears of the click.
  document.addEventListener('click', (event) => {
    const sure = event.target.closest && event.target.closest('button[data-sure]');
    if (sure && !confirm(sure.dataset.sure)) event.stopImmediatePropagation();
  }, true);
  document.addEventListener('click', (event) => {
    if (!event.target.closest) return;
    const unfold = event.target.closest('button.unfold');
    if (unfold) {
      const whole = unfold.closest('.card').classList.toggle('whole');
      unfold.setAttribute('aria-expanded', whole);
      unfold.textContent = whole ? unfold.dataset.hide : unfold.dataset.show;
    }
    if (event.target.closest('button.back')) {
      document.querySelector('#tabs').scrollIntoView({block: 'start'});
      const open = shown('.card')[0];
      if (open) open.focus({preventScroll: true});
    }
    const jump = event.target.closest('button.jump');
    if (jump) {
      const place = jump.closest('.turn').querySelector('.differ');
      place.scrollIntoView({block: 'start', behavior: 'smooth'});
      place.focus({preventScroll: true});
    }
    const menu = event.target.closest('details.menu');
    document.querySelectorAll('details.menu[open]').forEach((other) => { if (other !== menu) other.open = false; });
  });

  // Who opened the article from the keyboard goes on in it, and back to where he was by Escape.
  let from = null;
  const enter = () => {
    const text = document.querySelector('#reader .text');
    if (text) text.focus({preventScroll: true});
  };
  document.addEventListener('click', (event) => {
    const open = event.detail === 0 && event.target.closest && event.target.closest('.card button.open');
    if (!open) return;
    from = open.closest('.card');
    const link = (part) => (part.querySelector('button.link') || {dataset: {}}).dataset.link;
    const place = open.closest('.place') || from;
    if (link(place) === link(document.querySelector('#reader'))) enter();
    else document.querySelector('#reader').addEventListener('read', enter, {once: true});
  });

  const shown = (selector) => [...document.querySelectorAll(selector)].filter((found) => found.offsetParent);
  const typing = (target) => target.matches('input, textarea, select, [contenteditable]');
  document.addEventListener('keydown', (event) => {
    const {target, key} = event;
    if ((event.ctrlKey || event.metaKey) && key === 'Enter' && target.closest('#draft')) {
      event.preventDefault();
      document.querySelector('#check-draft').click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.matches('[role="tab"]') && (key === 'ArrowLeft' || key === 'ArrowRight')) {
      const tabs = shown('[role="tab"]').filter((tab) => tab.parentElement === target.parentElement);
      const next = tabs[(tabs.indexOf(target) + (key === 'ArrowRight' ? 1 : -1) + tabs.length) % tabs.length];
      event.preventDefault();
      next.focus();
      next.click();
      return;
    }
    if (key === 'Escape' && target.closest('#reader') && !target.closest('details.menu[open]')) {
      const back = from && from.offsetParent ? from : shown('.card')[0];
      if (back) back.focus();
      return;
    }
    const field = shown('.primary-field textarea, .primary-field input')[0];
    if (key === '/' && !typing(target) && field) {
      event.preventDefault();
      field.focus();
      return;
    }
    const card = target.classList.contains('card') ? target : null;
    const menu = target.closest('details.menu[open]');
    if (menu && key === 'Escape') {
      menu.open = false;
      menu.querySelector('summary').focus();
      return;
    }
    if (card && key === 'Enter') {
      const open = card.querySelector('button.open');
      if (open) { event.preventDefault(); open.click(); }
      return;
    }
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
    const cards = shown('.card');
    let next;
    if (card) next = cards[cards.indexOf(card) + (key === 'ArrowDown' ? 1 : -1)] || (key === 'ArrowUp' ? field : null);
    else if (target === field && !field.value && key === 'ArrowDown')
      next = cards[0];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({block: 'nearest'});
  });
})();
