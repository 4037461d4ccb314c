// Words the script may have to say stand in the page, in the reader's language.
export function say(key) {
  return document.getElementById('say')?.dataset[key] ?? key;
}

// A toast goes away by itself after six seconds; a bad one stays until dismissed.
export function toast(text, bad) {
  const box = document.querySelector('.toasts');
  const mould = document.getElementById(bad ? 'toast-bad' : 'toast-ok');
  if (!box || !mould) return;
  const t = mould.content.firstElementChild.cloneNode(true);
  t.querySelector('.m').textContent = text;
  box.append(t);
  if (!bad) setTimeout(() => t.remove(), 6000);
}
