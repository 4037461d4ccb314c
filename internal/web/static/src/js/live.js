// Live parts: an element with data-live is replaced every so often by the same element of the page it names.
// The check-in code and the list of those present use it; without script the page has a link to load again.
export function live() {
  document.querySelectorAll('[data-live]').forEach(watch);
}

function watch(el) {
  const seconds = Math.max(3, Number(el.dataset.liveEvery) || 15);
  setTimeout(() => refresh(el), seconds * 1000);
}

async function refresh(el) {
  let next = el;
  try {
    if (!document.hidden) {
      const answer = await fetch(el.dataset.live, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById(el.id);
      if (fresh) { el.replaceWith(fresh); next = fresh; }
    }
    next.classList.remove('is-stale');
  } catch {
    el.classList.add('is-stale'); // no network: what stands there is old, and looks it
  }
  if (next.dataset.live) watch(next);
}
