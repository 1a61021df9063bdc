// Puts a <careline-chat> on the page for every tag that names this file; without the rest, the numbers.
import { NUMBERS } from './widget/numbers.js';

// Fetched side by side, for slow phones.
const MODULES = [
  'element', 'panel', 'frame', 'menu', 'conversation', 'record', 'transport', 'turn_view', 'log_view',
  'doctor_list', 'printing', 'dom', 'style.css',
];
const { url } = import.meta;
const scripts = [...document.scripts].filter(({ src }) => src === url);
const written = document.querySelector('careline-chat');
const asked = written ?? scripts[0] ?? document.body;
const language = (asked.dataset.language ?? document.documentElement.lang).startsWith('es') ? 'es' : 'en';

// Plain page text: it must work when nothing else does.
function showNumbers() {
  const box = document.createElement('aside');
  box.dataset.carelineNumbers = '';
  box.lang = language;
  for (const { name, phone, tel } of Object.values(NUMBERS[language])) {
    const link = document.createElement('a');
    link.href = `tel:${tel}`;
    link.textContent = `${name}: ${phone}`;
    box.append(link, document.createElement('br'));
  }
  document.body.append(box);
}

function place(script) {
  const chat = document.createElement('careline-chat');
  Object.assign(chat.dataset, { host: new URL(url).origin, ...script.dataset });
  document.body.append(chat);
}

// A page that writes <careline-chat> itself says where.
Promise.all([...MODULES, `strings/${language}`].map((name) => import(`./widget/${name}.js`))).then(
  () => written || scripts.forEach(place),
  showNumbers,
);
