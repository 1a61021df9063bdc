// The call page: search, card, red flags and note put together, and the keys that reach them.

import { fill } from './fragments.js';
import { lookedUp, startAnew } from './note.js';
import { clearAid, focusAid, openChecklist, tick } from './red_flags.js';
import { clearSearch, focusSearch, markCurrent } from './search.js';

const answer = document.getElementById('answer');
const status = document.getElementById('status');
const keys = document.getElementById('keys');
const PREFERENCE = 'careline-console-keys';

async function openCard(topic) {
  if (!await fill(answer, `/staff/topics/${encodeURIComponent(topic)}`)) return;
  const card = answer.querySelector('.card');
  lookedUp(card);
  markCurrent(topic);
  card.querySelector('h2').focus();
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText((source.value ?? source.innerText).trim());
    say(button, 'Copied');
  } catch { // not allowed here: no HTTPS, or the person said no
    say(button, 'Copying failed: select the text and copy it by hand');
  }
}

function say(button, words) {
  button.dataset.label ??= button.textContent;
  button.textContent = words;
  status.textContent = words;
  setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
}

function onClick(event) {
  const link = event.target.closest('a, button');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { topic, checklist, copy: copied } = link.dataset;
  if (copied) copy(link);
  else if (checklist) openChecklist(checklist);
  else if (topic) openCard(topic);
  else return;
  event.preventDefault();
}

const ACTIONS = {
  '/': focusSearch,
  r: focusAid,
  c: () => openChecklist(answer.querySelector('.card')?.dataset.topic ?? ''),
  n: () => document.getElementById('note').focus(),
};

function onKey(event) {
  const typing = event.target.closest('input:not([type=checkbox]), textarea:not([readonly]), select');
  if (!keys.checked || typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const act = ACTIONS[event.key] ?? (/^[1-9]$/.test(event.key) ? () => tick(Number(event.key)) : null);
  if (!act) return;
  event.preventDefault();
  act();
}

function showKeys() {
  document.body.classList.toggle('no-keys', !keys.checked);
}

document.addEventListener('click', onClick);
document.addEventListener('keydown', onKey);
keys.checked = localStorage.getItem(PREFERENCE) !== 'off';
keys.addEventListener('change', () => {
  localStorage.setItem(PREFERENCE, keys.checked ? 'on' : 'off');
  showKeys();
});
document.getElementById('new-call').addEventListener('click', async () => {
  startAnew();
  clearSearch();
  await clearAid();
  answer.replaceChildren();
  focusSearch();
});
document.getElementById('print-note').addEventListener('click', () => print());
showKeys();
const opened = answer.querySelector('.card');
if (opened) lookedUp(opened);
if (!opened) focusSearch();
