/* What the browser does for the whole page: copying, and the keyboard. */
(() => {
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

  const shown = (selector) => [...document.querySelectorAll(selector)].filter((found) => found.offsetParent);
  const typing = (target) => target.matches('input, textarea, select, [contenteditable]');
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const {target, key} = event;
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
