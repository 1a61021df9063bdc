// Search as you type, and the list of answers by keyboard.

import { fill, stop } from './fragments.js';

const PAUSE = 60; // milliseconds between the last key and the question to the server
const form = document.getElementById('search');
const field = document.getElementById('q');
const found = document.getElementById('found');
const status = document.getElementById('status');
let timer;

export function focusSearch() {
  field.focus();
  field.select();
}

export function clearSearch() {
  form.reset();
  field.value = '';
  look();
}

const hits = () => [...found.querySelectorAll('.hit')];

async function look() {
  const asked = new URLSearchParams(new FormData(form));
  if (!await fill(found, `/staff/search?${asked}`)) return;
  const count = hits().length;
  status.textContent = field.value.trim() ? `${count} ${count === 1 ? 'answer' : 'answers'}${count ? `, best: ${hits()[0].querySelector('.name').textContent}` : ''}` : '';
}

function move(from, by) {
  clearTimeout(timer);
  stop(found); // a list exchanged under the fingers would lose the place in it
  const all = [field, ...hits()];
  all[Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1)].focus();
}

export function markCurrent(topic) {
  for (const hit of hits()) hit.toggleAttribute('aria-current', hit.dataset.topic === topic);
}

form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  await look();
  hits()[0]?.click();
});
for (const place of [field, found]) {
  place.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') move(event.target, 1);
    else if (event.key === 'ArrowUp') move(event.target, -1);
    else if (event.key === 'Escape' && event.target !== field) focusSearch();
    else if (event.key === 'Escape') clearSearch();
    else return;
    event.preventDefault();
  });
}
