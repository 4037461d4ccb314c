// Theme and size change at once; the form that would do it with a new page tells the server to remember.
const root = document.documentElement;
const off = { theme: 'light', size: 'normal' };

export function display(redraw) {
  document.addEventListener('submit', e => {
    const name = e.submitter?.name;
    if (!e.target.matches('form[data-display]') || !(name in off)) return;
    e.preventDefault();
    const body = new URLSearchParams(new FormData(e.target, e.submitter));
    apply(name, e.submitter.value);
    redraw();
    fetch(e.target.action, { method: 'POST', body, redirect: 'manual' }).catch(() => {}); // the page already looks right; the next visit asks again
  });
}

function apply(name, value) {
  const isOn = value !== off[name];
  if (isOn) root.dataset[name] = value; else delete root.dataset[name];
  for (const b of document.querySelectorAll(`form[data-display] button[name="${name}"]`)) {
    b.setAttribute('aria-pressed', isOn);
    b.value = isOn ? off[name] : b.dataset.on;
  }
}
