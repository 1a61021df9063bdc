// The call note: built from what was opened and ticked. It lives in this page alone and holds nothing a caller said.

const area = document.getElementById('note');
const paper = document.getElementById('paper');
const handout = document.getElementById('handout-all');
const EMPTY = area.value;
const { label: LABEL } = document.querySelector('.label').dataset;

let call = fresh();

function fresh() {
  return { begun: null, topics: new Map(), flags: [], tier: '', told: '' };
}

export function isEmpty() {
  return call.begun === null;
}

export function startAnew() {
  call = fresh();
  write();
}

export function lookedUp(card) {
  const { topic, title, review, withdrawn } = card.dataset;
  call.topics.set(topic, withdrawn ? `${title} (withdrawn: only the numbers were given)` : `${title} (${review})`);
  touched();
}

// What the red-flag aid shows now; the words of the caller stay out.
export function raised(aid) {
  const box = aid.querySelector('.raised');
  call.flags = [...aid.querySelectorAll('[data-flag]')].map(({ dataset }) => `${dataset.title}: ${dataset.tier} (${dataset.by === 'ticked' ? 'ticked' : 'found in the words'})`);
  call.tier = box?.dataset.tier ?? '';
  call.told = aid.querySelector('#tell')?.innerText.trim().replace(/\n+/g, ' ') ?? '';
  if (box || call.begun) touched();
}

function touched() {
  call.begun ??= new Date();
  write();
}

function write() {
  area.value = isEmpty() ? EMPTY : lines().join('\n');
  paper.textContent = area.value;
  handout.href = `/staff/handout?${new URLSearchParams([...call.topics.keys()].map((topic) => ['topic', topic]))}`;
}

function lines() {
  const listed = (title, items) => (items.length ? ['', `${title}:`, ...items.map((item) => `- ${item}`)] : []);
  return [
    `Call note, ${stamp(call.begun)}`,
    LABEL,
    ...listed('Looked up', [...call.topics.values()]),
    ...listed('Red flags', call.flags),
    ...(call.tier ? ['', `How soon: ${call.tier}`, `To tell: ${call.told}`] : []),
  ];
}

function stamp(date) {
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

addEventListener('beforeunload', (event) => {
  if (!isEmpty()) event.preventDefault();
});
