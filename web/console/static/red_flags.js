// The red-flag aid: typed words and ticks go to the server together, and nothing of them is kept there.
// A tick stays until it is taken back or the call is over, whichever checklist is open.

import { fill, stop } from './fragments.js';
import { raised } from './note.js';

const PAUSE = 250; // milliseconds after the last letter
const form = document.getElementById('red-flags');
const symptom = document.getElementById('symptom');
const checklist = document.getElementById('checklist');
const aid = document.getElementById('aid');
const ticked = new Set();
let opening = Promise.resolve();
let timer;

async function look() {
  const asked = new FormData(form);
  asked.delete('flag');
  for (const flag of ticked) asked.append('flag', flag);
  const empty = !asked.get('said').trim() && !ticked.size;
  if (empty) {
    stop(aid);
    aid.replaceChildren();
  }
  if (empty || await fill(aid, form.getAttribute('action'), asked)) raised(aid);
}

async function exchange(topic) {
  await fill(checklist, `/staff/checklist?symptom=${encodeURIComponent(topic)}`);
  for (const box of checklist.querySelectorAll('input')) box.checked = ticked.has(box.value);
  await look();
}

// Opens the checklist of a symptom or an answer and goes to its first box.
export async function openChecklist(topic) {
  symptom.value = [...symptom.options].some((option) => option.value === topic) ? topic : '';
  opening = exchange(topic);
  await opening;
  checklist.querySelector('input')?.focus();
}

export function focusAid() {
  document.getElementById('said').focus();
}

// Ticks a box by its number, in the list that is about to open where one is.
export async function tick(number) {
  await opening;
  checklist.querySelectorAll('input')[number - 1]?.click();
}

export async function clearAid() {
  form.reset();
  ticked.clear();
  symptom.value = '';
  await exchange('');
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  look();
});
form.addEventListener('input', ({ target }) => {
  if (target === symptom) return;
  if (target.type === 'checkbox') ticked[target.checked ? 'add' : 'delete'](target.value);
  clearTimeout(timer);
  timer = setTimeout(look, target.type === 'checkbox' ? 0 : PAUSE);
});
symptom.addEventListener('change', () => openChecklist(symptom.value));
