import { button, h } from './dom.js';
import { conversationPaper, conversationText } from './printing.js';

export class Menu {
  constructor(panel) {
    const { say, conversation } = panel;
    this.keep = button(say('erase_no'), () => this.ask(false));
    this.question = h(
      'div',
      { class: 'confirm', role: 'group', 'aria-label': say('erase'), hidden: true },
      h('p', { text: say('erase_ask') }),
      h('div', { class: 'row' }, this.keep, button(say('erase_yes'), () => panel.erase(), { class: 'danger' })),
    );
    const item = (key, act) => button(say(key), () => {
      this.toggle(false);
      act();
    });
    const size = (key, step) => button(say(key), () => panel.resize(step)); // pressed more than once: the menu stays
    this.items = h(
      'ul',
      { id: 'menu', class: 'menu', hidden: true },
      [
        item('list', () => panel.show('list')),
        [size('larger', 1), size('smaller', -1)],
        item('copy_chat', () => panel.copy(conversationText(conversation.entries, panel))),
        item('print_chat', () => panel.print(panel.title, conversationPaper(conversation.entries, panel))),
        item('erase', () => this.ask(true)),
      ].map((entry) => h('li', {}, entry)),
    );
    this.opener = button(say('menu'), () => this.toggle(), { 'aria-expanded': 'false', 'aria-controls': 'menu' });
  }

  toggle(open = this.items.hidden) {
    this.items.hidden = !open;
    this.opener.setAttribute('aria-expanded', open);
    if (!open) this.opener.focus();
  }

  ask(open) {
    this.question.hidden = !open;
    (open ? this.keep : this.opener).focus();
  }

  // Answers whether there was anything to close.
  escape() {
    if (!this.items.hidden) this.toggle(false);
    else if (!this.question.hidden) this.ask(false);
    else return false;
    return true;
  }
}
