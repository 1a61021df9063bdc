import { h } from './dom.js';
import { applyStyles, PAPER } from './style.css.js';
import { contactsText, turnText, turnView } from './turn_view.js';

const PAGE = `
[data-careline-print] { display: none }
@media print {
  body > :not([data-careline-print]) { display: none !important }
  [data-careline-print] { display: block !important }
}`;

let current = null;

export function mount(title, language, content) {
  unmount();
  const host = h('div', { 'data-careline-print': true, lang: language });
  const root = host.attachShadow({ mode: 'open' });
  applyStyles(root, PAPER);
  root.append(h('h1', { text: title }), h('p', { text: new Date().toLocaleString(language, { dateStyle: 'long', timeStyle: 'short' }) }), ...content);
  document.body.append(host);
  const remove = applyStyles(document, PAGE);
  current = () => {
    host.remove();
    remove();
  };
}

export function unmount() {
  current?.();
  current = null;
}

// Some phones say "after" too early.
addEventListener('afterprint', () => setTimeout(unmount, 1000));

export const lines = (items) => (items.length > 1 ? [h('ol', {}, items.map((text) => h('li', { text })))] : [h('p', { text: items[0] })]);

export function conversationPaper(entries, context) {
  const paper = { ...context, actions: null };
  const told = ({ text, turn }) => h('section', {}, text && h('p', {}, h('b', { text: `${context.say('you')}: ` }), text), turn && turnView(turn, paper));
  return [...entries.map(told), h('p', { class: 'note', text: context.say('print_note') })];
}

export function conversationText(entries, { say }) {
  const told = (turn) => [`${say('title')}: ${turnText(turn, say)}`, contactsText(turn.referral.contacts)].join('\n');
  const said = entries.flatMap(({ text, turn }) => [text && `${say('you')}: ${text}`, turn && told(turn)]);
  return [say('title'), ...said.filter(Boolean), say('print_note')].join('\n\n');
}
