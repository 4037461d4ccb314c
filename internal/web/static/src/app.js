// Qingfeng's small layer above pages that work without it. Server round trips are htmx's.
import { charts, resizeCharts } from './js/charts.js';
import { shortcuts } from './js/keys.js';
import { countPicked, pickAll } from './js/table.js';
import { toast, say } from './js/toast.js';
import { display } from './js/display.js';
import { live } from './js/live.js';

document.addEventListener('click', e => {
  const jump = e.target.closest('.esum a');
  if (jump) return toField(e, jump);
  const open = e.target.closest('[data-open]');
  if (open) openDialog(e, open.dataset.open);
  if (e.target.closest('[data-close]')) closeDialog(e);
  if (e.target.matches('dialog')) e.target.close(); // the backdrop
  const act = e.target.closest('[data-act]');
  if (act) acts[act.dataset.act]?.(act, e);
});

const acts = {
  print: (_, e) => { e.preventDefault(); print(); },
  filters: button => button.setAttribute('aria-expanded', button.closest('form').classList.toggle('is-open')),
  copy: async button => { await navigator.clipboard?.writeText(button.dataset.text); toast(say('copied')); },
  dismiss: button => button.closest('.toast, .note').remove(),
};

// The summary of errors is a list of links to fields; the field gets the focus.
function toField(e, link) {
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  e.preventDefault();
  field.focus();
  field.scrollIntoView({ block: 'center' });
}

// What opens a dialog is a link to a page that does the same, so it works without this.
function openDialog(e, id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal) return;
  e.preventDefault();
  dialog.showModal();
}

function closeDialog(e) {
  const dialog = e.target.closest('dialog');
  if (!dialog) return;
  e.preventDefault();
  dialog.close();
}

document.addEventListener('change', e => {
  if (e.target.matches('[data-all]')) pickAll(e.target);
  if (e.target.matches('form[data-auto] select')) e.target.form.requestSubmit();
  countPicked();
});

// A form is sent once: the second press of a button does nothing while the first is on its way.
document.addEventListener('submit', e => {
  if (e.defaultPrevented || e.target.method === 'dialog' || e.target.matches('[data-display], [hx-get], [hx-post]')) return;
  if (e.target.dataset.sent) e.preventDefault();
  e.target.dataset.sent = 'yes';
});
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(f => delete f.dataset.sent));

// A summary that has just come takes the focus; one that was there lets people go on typing.
function freshProblems() {
  const summary = document.querySelector('.esum:not([data-seen])');
  if (summary) summary.dataset.seen = 'yes';
  return summary;
}
document.addEventListener('htmx:after:swap', () => { freshProblems()?.focus(); countPicked(); charts(); });
document.addEventListener('htmx:error', () => toast(say('offline'), true));
addEventListener('resize', resizeCharts);

// The chart library comes after this file; everything deferred has run by now.
addEventListener('DOMContentLoaded', () => {
  shortcuts(openDialog);
  display(charts);
  freshProblems();
  countPicked();
  charts();
  live();
  showNow();
});

// A calendar too wide for the screen opens at the present month.
function showNow() {
  for (const now of document.querySelectorAll('.oblig th.is-now')) {
    const wrap = now.closest('.table-wrap');
    wrap.scrollLeft = now.offsetLeft - wrap.clientWidth + 2.5 * now.offsetWidth;
  }
}
