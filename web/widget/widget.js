// The one script tag: loads the rest and puts one <careline-chat> on the page for every such tag.
// When the rest cannot be loaded the page still gets the numbers to call.
import { NUMBERS } from './widget/numbers.js';

// Named here so that a slow phone fetches them side by side.
const MODULES = [
  'element', 'panel', 'menu', 'conversation', 'transport', 'turn_view', 'log_view', 'doctor_list', 'printing', 'dom', 'style.css',
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

// A page that writes <careline-chat> itself says where it wants it; the tag then adds none.
Promise.all([...MODULES, `strings/${language}`].map((name) => import(`./widget/${name}.js`))).then(
  () => written || scripts.forEach(place),
  showNumbers,
);
