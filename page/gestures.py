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
  return [];
}"""
# Whoever drives the page, as tests do, can tell when it has arrived.
READY = "() => { document.documentElement.dataset.ready = 'yes'; return []; }"
# While an answer is awaited the page shows it, and makes room at once where the answer will stand: what is there
# moves under the visitor's own key and not later, when one may be reading it. What is handed on is what came in.
WAIT = """(...given) => {
  const [asked] = given;
  if (typeof asked === 'string' && !asked.trim()) return given;
  document.querySelector('#columns').classList.add('waiting');
  const room = document.querySelector('#conversation template');
  if (room && typeof asked === 'string') {
    const turn = room.content.cloneNode(true);
    turn.querySelector('.question').textContent = asked;
    room.after(turn);
  }
  return given;
}"""
WAITED = """() => {
  document.querySelector('#columns').classList.remove('waiting');
  document.querySelectorAll('#conversation .room').forEach((room) => room.remove());
  return [];
}"""
# A click on a button becomes an event that carries its data, `select` unless it names another one; those that copy or
# unfold are page.js's.
PICK = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button:not(.copy, .unfold, .back, .jump)');
  if (button && element.contains(button)) trigger(button.dataset.event || 'select', {...button.dataset});
});
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
});
"""
)
# A form of filters: each change is told whole. A year is typed digit by digit, so a date counts from the year 1000 on.
# The form is drawn anew with its counts, into the same fields: what these show has to follow; the focus stays.
FILTER = """
let last = null;
const told = () => trigger('select', Object.fromEntries(new FormData(element.querySelector('form'))));
element.addEventListener('submit', (event) => event.preventDefault());
element.addEventListener('change', (event) => {
  last = event.target.name;
  if (event.target.type !== 'date' || !event.target.value || event.target.value >= '1000') told();
});
element.addEventListener('click', (event) => {
  if (event.target.closest('button.reset')) { last = 'since'; trigger('select', {}); }
});
watch('value', () => {
  element.querySelectorAll('input').forEach((field) => { field.value = field.getAttribute('value') || ''; });
  element.querySelectorAll('select').forEach((field) => {
    field.value = field.querySelector('option[selected]')?.value || '';
  });
  const field = last && element.querySelector(`[name="${last}"]`);
  if (field && (document.activeElement === document.body || !document.activeElement)) field.focus();
  last = null;
});
"""
