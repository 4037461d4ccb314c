// Keyboard: / and Ctrl K search, ? help, g + letter to a page, j k x Enter in lists, Ctrl Enter submits.
// Single keys obey the reader's setting (data-keys="off" on <html>) and are ignored in fields.
import { countPicked } from './table.js';

const root = document.documentElement;
let chord = false;

export function shortcuts(openDialog) {
  document.addEventListener('keydown', e => {
    const ctrl = e.ctrlKey || e.metaKey;
    if (ctrl && e.key.toLowerCase() === 'k') return openDialog(e, 'dlg-find');
    if (ctrl && e.key === 'Enter') return submit(e);
    if (root.dataset.keys === 'off' || ctrl || e.altKey || e.target.closest('input,textarea,select,[contenteditable],dialog[open]')) return;
    single(e, openDialog);
  });
  document.addEventListener('keydown', inPalette);
}

function submit(e) {
  const form = e.target.form ?? document.querySelector('main form[data-main]');
  if (!form) return;
  e.preventDefault();
  form.requestSubmit();
}

function single(e, openDialog) {
  if (chord) {
    chord = false;
    const link = document.querySelector(`[data-chord="${CSS.escape(e.key)}"]`);
    if (link) location.href = link.href;
    return;
  }
  switch (e.key) {
    case 'g': chord = true; setTimeout(() => { chord = false; }, 900); break;
    case '/': openDialog(e, 'dlg-find'); break;
    case '?': openDialog(e, 'dlg-keys'); break;
    default: inRows(e);
  }
}

function inRows(e) {
  const rows = [...document.querySelectorAll('main [data-rows] > *')];
  const at = rows.findIndex(r => r.classList.contains('is-cursor'));
  if (!rows.length) return;
  if (e.key === 'j' || e.key === 'k') move(rows, at, e.key === 'j' ? 1 : -1);
  if (e.key === 'x' && at >= 0) pick(rows[at]);
  if (e.key === 'Enter' && at >= 0 && document.activeElement === document.body) rows[at].querySelector('a')?.click();
}

function move(rows, at, by) {
  rows[at]?.classList.remove('is-cursor');
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  next.classList.add('is-cursor');
  next.scrollIntoView({ block: 'nearest' });
}

function pick(row) {
  const box = row.querySelector('input[type=checkbox]');
  if (!box) return;
  box.checked = !box.checked;
  countPicked();
}

// In the search palette the arrow keys walk the answers while the field keeps the focus.
function inPalette(e) {
  const palette = e.target.closest?.('.palette');
  if (!palette || !['ArrowDown', 'ArrowUp', 'Enter', 'Escape'].includes(e.key)) return;
  if (e.key === 'Escape') { // at once: a search field would first empty itself
    e.preventDefault();
    palette.close();
    return;
  }
  const links = [...palette.querySelectorAll('a[href]')];
  const at = links.findIndex(a => a.classList.contains('is-cursor'));
  if (e.key === 'Enter') {
    if (at < 0) return; // the form goes to the full search page
    e.preventDefault();
    links[at].click();
    return;
  }
  e.preventDefault();
  if (links.length) move(links, at, e.key === 'ArrowDown' ? 1 : -1);
}
