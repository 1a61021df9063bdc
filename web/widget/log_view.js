import { button, h, hidden } from './dom.js';
import { isAlarm, staticCard, turnView } from './turn_view.js';

const QUIET_MS = 500;

export class LogView {
  constructor(panel) {
    Object.assign(this, { panel, conversation: panel.conversation });
    this.shown = new Map();
    this.node = h('div', { class: 'log', role: 'log', 'aria-relevant': 'additions', 'aria-label': panel.say('conversation') });
    this.notice = h('p', { class: 'notice' });
  }

  draw() {
    const { entries, state: { notice }, stuck } = this.conversation;
    if (entries.some(({ id, turn }) => isAlarm(turn) && this.shown.get(id)?.turn !== turn)) this.hush();
    const nodes = entries.map((entry) => this.entryView(entry).node);
    if (notice) {
      this.notice.textContent = this.panel.say(notice);
      nodes.unshift(this.notice);
    }
    this.card = stuck ? this.card ?? this.numbers() : null;
    if (this.card) nodes.push(this.card);
    this.place(nodes);
    this.retireChoices(entries);
  }

  numbers() {
    return staticCard(this.panel.numbers, this.panel.say);
  }

  // A node in its place is not touched: it would be announced again.
  place(nodes) {
    const { children } = this.node;
    [...children].filter((node) => !nodes.includes(node)).forEach((node) => node.remove());
    nodes.forEach((node, index) => children[index] === node || this.node.insertBefore(node, children[index] ?? null));
  }

  entryView(entry) {
    const view = this.shown.get(entry.id) ?? this.newEntry(entry);
    if (view.status !== entry.status) this.showStatus(view, entry);
    if (entry.turn && view.turn !== entry.turn) {
      const answer = this.turnNode(entry.turn);
      view.answer?.remove();
      view.node.append(answer);
      Object.assign(view, { answer, turn: entry.turn });
    }
    return view;
  }

  // A turn this page cannot draw must not become silence.
  turnNode(turn) {
    try {
      return turnView(turn, this.panel);
    } catch {
      return this.numbers();
    }
  }

  newEntry({ id, text }) {
    const mine = h('div', { class: 'mine', tabindex: '-1' }, hidden(this.panel.say('you'), 'h3'), h('p', { text, dir: 'auto' }));
    const delivery = h('div');
    const view = { mine, delivery, node: h('div', { class: 'entry' }, text && mine, delivery) };
    this.shown.set(id, view);
    return view;
  }

  showStatus(view, { id, status }) {
    const { panel: { say }, conversation } = this;
    const again = ['failed', 'refused'].includes(status) ? button(say('retry'), () => conversation.retry(id)) : '';
    view.delivery.className = `delivery ${status}`;
    view.delivery.replaceChildren(h('span', { text: say(status) }), again);
    view.status = status;
  }

  // An old choice would be understood in the wrong place.
  retireChoices(entries) {
    const last = entries[entries.length - 1];
    for (const [id, { answer }] of this.shown) if (id !== last?.id) answer?.querySelector('.choices')?.remove();
  }

  answerNode(id) {
    return this.shown.get(id)?.answer;
  }

  // What is restored is no news, and an alarm is announced by other means.
  hush() {
    this.node.setAttribute('aria-live', 'off');
    clearTimeout(this.loud);
    this.loud = setTimeout(() => this.node.setAttribute('aria-live', 'polite'), QUIET_MS);
  }
}

export function intro(panel) {
  const { say, conversation, greeting, numbers: { emergency, crisis } } = panel;
  const box = h('input', { type: 'checkbox', onchange: () => conversation.allow(box.checked) });
  box.checked = conversation.state.keep;
  return h(
    'section',
    { class: 'intro' },
    h('p', { class: 'hello', text: greeting || say('hello') }),
    h('p', { text: say('what_it_is') }),
    h('p', { class: 'first', text: say('first', { emergency: emergency.phone, crisis: crisis.phone }) }),
    !conversation.entries.length && [
      h('p', { text: say('starters_lead') }),
      h('ul', { class: 'choices' }, say.list('starters').map((text) => h('li', {}, button(text, () => panel.ask(text), { class: 'choice' })))),
    ],
    h('p', { class: 'fine', text: say('kept') }),
    h('label', { class: 'allow fine' }, box, h('span', { text: say('allow') })),
  );
}
