import { button, h } from './dom.js';

const LONGEST = 300;
const MOST = 30;

export class DoctorList {
  constructor(panel) {
    Object.assign(this, { panel, conversation: panel.conversation });
    const { say, actions } = panel;
    this.heading = h('h3', { tabindex: '-1', text: say('list') });
    this.items = h('ol', { class: 'questions' });
    this.empty = h('p', { text: say('list_empty') });
    this.fresh = h('textarea', { id: 'fresh', rows: '2', maxlength: LONGEST });
    this.form = h('form', { onsubmit: (event) => this.add(event) }, h('label', { for: 'fresh', text: say('list_new') }), this.fresh, h('button', { class: 'strong', text: say('add') }));
    this.node = h(
      'section',
      { class: 'list', 'aria-label': say('list'), tabindex: '0' },
      button(say('back'), () => panel.show('chat')),
      this.heading,
      h('p', { text: say('list_lead') }),
      this.empty,
      this.items,
      this.form,
      h('div', { class: 'row' }, button(say('copy'), () => actions.copy(this.text())), button(say('print'), () => actions.print(say('list'), this.list))),
    );
  }

  get list() {
    return this.conversation.state.list;
  }

  text() {
    return [this.panel.say('list'), ...this.list.map((item, index) => `${index + 1}. ${item}`)].join('\n');
  }

  async open() {
    this.draw();
    this.heading.focus();
    await this.conversation.readList();
    this.draw();
  }

  // A field in which somebody is writing is left alone.
  draw() {
    const asked = JSON.stringify(this.list);
    this.form.hidden = this.list.length >= MOST;
    if (asked === this.drawn || this.items.querySelector('textarea:focus')) return;
    this.drawn = asked;
    this.items.replaceChildren(...this.list.map((item, index) => this.row(item, index)));
    this.empty.hidden = this.list.length > 0;
  }

  row(item, index) {
    const { say } = this.panel;
    const label = say('list_item', { number: index + 1 });
    const field = h('textarea', { rows: '2', maxlength: LONGEST, 'aria-label': label, onchange: () => this.change(index, field.value) });
    field.value = item;
    return h('li', {}, field, button(say('remove'), () => this.remove(index), { 'aria-label': `${say('remove')}: ${label}` }));
  }

  add(event) {
    event.preventDefault();
    const text = this.fresh.value.trim();
    if (text && this.list.length < MOST) this.save([...this.list, text]);
    this.fresh.value = '';
    this.fresh.focus();
  }

  change(index, value) {
    const text = value.trim();
    if (text) this.save(this.list.map((item, place) => (place === index ? text : item)));
    else this.remove(index);
  }

  remove(index) {
    this.save(this.list.filter((_, place) => place !== index));
    (this.items.querySelectorAll('button')[Math.max(0, index - 1)] ?? this.heading).focus();
  }

  async save(items) {
    const kept = this.conversation.writeList(items);
    this.draw();
    this.panel.tell(this.panel.say((await kept) ? 'saved' : 'saved_here'));
  }
}
