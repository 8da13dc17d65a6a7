"""What the browser does for single parts of the page; what it does for all of it stands in ``page.js``."""

from __future__ import annotations

from pathlib import Path

SCRIPT = Path(__file__).with_name("page.js")

# A link's language comes first, then what the visitor chose before, then the browser's.
CHOOSE_LANGUAGE = """() => {
  let kept = null;
  try { kept = localStorage.getItem('virgolettato-language'); } catch { /* storage may be forbidden */ }
  const asked = new URLSearchParams(location.search).get('lang');
  const own = (navigator.language || 'en').toLowerCase().startsWith('it') ? 'it' : 'en';
  const code = [asked, kept, own].find((code) => code === 'it' || code === 'en');
  document.documentElement.lang = code;
  return [code];
}"""
KEEP_LANGUAGE = """(code) => {
  document.documentElement.lang = code;
  try { localStorage.setItem('virgolettato-language', code); } catch { /* storage may be forbidden */ }
  const address = new URL(location);
  if (address.searchParams.has('lang')) {
    address.searchParams.set('lang', code);
    history.replaceState(history.state, '', address);
  }
  return [];
}"""
# Whoever drives the page, as tests do, can tell when it has arrived.
READY = "() => { asking.arrived(); document.documentElement.dataset.ready = 'yes'; return []; }"
# What ``page.js`` does while one asks: the field is emptied as a question is sent; questions are asked in their order,
# each when the one before is answered; and an answer that came, or did not, is told.
SEND = "(text) => [asking.send(text)]"
NEXT = "(...given) => asking.next(given)"
DONE = "() => { asking.done(); return []; }"
FAILED = "() => { asking.failed(); return []; }"
FORGET = "(code) => { asking.forget(); return [code]; }"
# A click on a button becomes an event that carries its data, `select` unless it names another one; those that copy or
# unfold are page.js's.
PICK = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button:not(.copy, .unfold, .back, .jump)');
  if (button && element.contains(button)) trigger(button.dataset.event || 'select', {...button.dataset});
});
watch('value', () => drawn(element));
"""
# The passage is scrolled to inside the reader; where the reader lies below the fold, as on a phone, and the visitor
# asked for it, the page follows. A step keeps the focus on its button.
READ = (
    PICK
    + """
let step = null;
element.addEventListener('click', (event) => {
  const button = event.target.closest('button.step');
  if (button) step = button.dataset.step;
});
watch('value', () => {
  // Hidden text cannot be scrolled.
  document.querySelector('#columns').classList.remove('waiting');
  const text = element.querySelector('.text');
  if (!text) return;
  const mark = element.querySelector('mark.current');
  text.scrollTop = mark ? mark.offsetTop - text.clientHeight / 3 : 0;
  const focused = step && element.querySelector(`button.step[data-step="${step}"]:not([disabled])`);
  if (focused) focused.focus({preventScroll: true});
  step = null;
  const asked = element.querySelector('article').dataset.asked === 'yes';
  if (asked && element.getBoundingClientRect().top > innerHeight * 0.6)
    element.scrollIntoView({block: 'start'});
  if (asked && mark && !(mark.getBoundingClientRect().top >= 0 && mark.getBoundingClientRect().top < innerHeight))
    mark.scrollIntoView({block: 'center'});
  element.dispatchEvent(new Event('read', {bubbles: true}));
});
"""
)
# The timeline begins with the oldest month, and is shown from its end, but stays where one has scrolled it.
NEWEST = """
let place = null;
element.addEventListener('scroll', (event) => { place = event.target.scrollLeft; }, true);
watch('value', () => {
  const wide = element.querySelector('.wide');
  if (wide) wide.scrollLeft = place === null ? wide.scrollWidth : place;
});
"""
# A form of filters: each change is told, and what is chosen is read whole when the page gets round to it, for that may
# be after a further change. A year is typed digit by digit, so a date counts from the year 1000 on. The form is drawn
# anew with its counts, into the same fields: what these show has to follow, but for what was chosen meanwhile; the
# focus stays.
FILTER = """
let last = null;
let meant = null;
const fields = () => [...element.querySelectorAll('input, select')];
const shown = () => Object.fromEntries(fields().map((field) =>
  [field.name, field.type === 'date' && field.value < '1000' ? '' : field.value]));
const told = (chosen) => { meant = chosen; trigger('select'); };
element.chosen = () => meant || shown();
element.addEventListener('submit', (event) => event.preventDefault());
element.addEventListener('change', (event) => {
  last = event.target.name;
  if (event.target.type !== 'date' || !event.target.value || event.target.value >= '1000') told(shown());
});
element.addEventListener('click', (event) => {
  if (event.target.closest('button.reset')) { last = 'since'; told({}); }
});
element.addEventListener('narrow', (event) => told({...element.chosen(), ...event.detail}));
watch('value', () => {
  const drawn = (field) => (field.querySelector('option[selected]') || field).getAttribute('value') || '';
  fields().forEach((field) => { field.value = drawn(field); });
  if (meant && fields().every((field) => field.value === (meant[field.name] || ''))) meant = null;
  if (meant) fields().forEach((field) => { field.value = meant[field.name] || ''; });
  const field = last && element.querySelector(`[name="${last}"]`);
  if (field && (document.activeElement === document.body || !document.activeElement)) field.focus();
  last = null;
});
"""


def choosing(name: str) -> str:
    """Hands on, for the first of what comes in, what is chosen in the form `name`."""
    return f"(_, ...rest) => [chosen('{name}'), ...rest]"
