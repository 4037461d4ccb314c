// Choosing rows of a register for a batch.
export function pickAll(box) {
  box.closest('table').querySelectorAll('tbody input[type=checkbox]').forEach(x => { x.checked = box.checked; });
}

export function countPicked() {
  for (const panel of document.querySelectorAll('[data-table]')) {
    const n = panel.querySelectorAll('tbody input[type=checkbox]:checked').length;
    const bar = panel.querySelector('.batch');
    if (!bar) continue;
    bar.classList.toggle('is-on', n > 0);
    const shown = bar.querySelector('[data-n]');
    if (shown) shown.textContent = n;
  }
}
