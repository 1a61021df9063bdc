import { DoctorList } from './doctor_list.js';
import { button, h } from './dom.js';
import { Frame } from './frame.js';
import { intro, LogView } from './log_view.js';
import { Menu } from './menu.js';
import { lines, mount, unmount } from './printing.js';
import { bar, isAlarm, levelOf, numbersFor, pinned, rank, tools, turnText, withCareTeam } from './turn_view.js';

const SIZES = 4; // 100, 125, 150, 200 %
const AFTER_FOCUS_MS = 150; // said before, a screen reader cuts it off
const ALARM_STAYS_MS = 10000;

export class Panel extends Frame {
  // `options`: title, greeting, position, careTeam, direction · `emit(name, detail)` tells the page
  constructor(conversation, options, say, emit) {
    super(say, options);
    const { title = say('title'), greeting, careTeam } = options;
    Object.assign(this, { conversation, say, emit, title, greeting, careTeam, size: 0, unseen: null });
    this.actions = {
      choose: ({ label, token }) => this.ask(label, token),
      copy: (text) => this.copy(text),
      print: (title, items) => this.print(title, lines(items)),
    };
    this.log = new LogView(this);
    this.questions = new DoctorList(this);
    this.questions.node.hidden = true;
    this.menu = new Menu(this);
    this.build();
    this.listen();
    this.draw();
  }

  get numbers() {
    return numbersFor(this.say.language, this.conversation.config, this.careTeam);
  }

  build() {
    const { say, menu } = this;
    this.form = this.composer();
    this.status = h('p', { class: 'status', role: 'status' });
    this.alarm = h('div', { class: 'sr', role: 'alert' });
    [this.barPlace, this.introPlace, this.toolsPlace] = [h('div', { class: 'top' }), h('div'), h('div')];
    this.heading = h('h2', { id: 'title', tabindex: '-1', text: this.title });
    this.scroll = h('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': say('conversation') }, this.introPlace, this.log.node, this.toolsPlace);
    this.node.append(
      h('div', { class: 'head' }, this.heading, menu.opener, button(say('close'), () => this.hide(), { class: 'close', shape: 'close' }), h('p', { text: say('subtitle') })),
      menu.items,
      menu.question,
      this.barPlace,
      this.scroll,
      this.questions.node,
      this.status,
      this.form,
      this.alarm,
    );
  }

  composer() {
    const { say } = this;
    this.input = h('textarea', { id: 'input', rows: '1', enterkeyhint: 'send', autocomplete: 'off', onkeydown: (event) => this.key(event), oninput: () => this.grow() });
    const line = h('div', { class: 'line' }, this.input, h('button', { class: 'strong', text: say('send') }));
    return h('form', { class: 'composer', onsubmit: (event) => this.submit(event) }, h('label', { for: 'input', text: say('input') }), line);
  }

  listen() {
    const { conversation } = this;
    this.on(conversation, 'change', () => this.draw());
    this.on(conversation, 'turn', ({ detail }) => this.arrived(detail));
    this.on(conversation, 'erased', () => this.emit('erased'));
  }

  stop() {
    super.stop();
    unmount();
  }

  opened() {
    const { unseen } = this;
    this.unseen = null;
    this.conversation.readConfig().then(() => this.draw());
    this.draw();
    const answer = unseen && this.log.answerNode(unseen.id);
    (answer ?? this.heading).focus();
    this.scrollTo(answer ?? this.log.node.lastElementChild);
    if (unseen && isAlarm(unseen.turn)) this.sound(unseen.turn);
    this.emit('open');
  }

  closed() {
    this.labelLauncher();
    this.emit('close');
  }

  escaped() {
    if (this.menu.escape()) return;
    if (this.scroll.hidden) this.show('chat');
    else this.hide();
  }

  labelLauncher() {
    const alarm = isAlarm(this.unseen?.turn);
    this.label(this.say(alarm ? 'new_alarm' : this.unseen ? 'new_answer' : this.open ? 'close' : 'open'), alarm);
  }

  draw() {
    const { entries } = this.conversation;
    this.once(entries.length > 0, this.introPlace, () => intro(this));
    if (!this.restored) this.log.hush();
    this.conversation.ready.then(() => { this.restored = true; });
    const { card } = this.log;
    this.log.draw();
    if (!card) this.scrollTo(this.log.card);
    const alarm = entries.filter(({ id, turn }) => isAlarm(turn) && !this.conversation.state.dismissed.includes(id))
      .sort((a, b) => rank(b.turn) - rank(a.turn)).pop(); // the worst, of these the latest
    this.once(alarm?.id + alarm?.turn.turn, this.barPlace, () => (alarm ? this.pin(alarm) : bar(this.numbers, this.say)));
    const last = entries[entries.length - 1];
    const turn = last?.status === 'sent' && last.turn;
    this.once(turn?.turn, this.toolsPlace, () => (turn && tools(turn, this)) || '');
    this.drawStatus();
    if (this.scroll.hidden) this.questions.draw();
    this.labelLauncher();
  }

  // Only what has changed: somebody's focus may be in it.
  once(key, place, make) {
    const known = key + JSON.stringify(this.numbers);
    if (place.known !== known) place.replaceChildren(make());
    place.known = known;
  }

  pin({ id, turn }) {
    const contacts = withCareTeam(turn.referral.contacts, this.careTeam);
    const show = () => {
      this.show('chat');
      const answer = this.log.answerNode(id);
      answer.focus({ preventScroll: true });
      this.scrollTo(answer);
    };
    return pinned(levelOf(turn), contacts, this.say, show, () => {
      this.conversation.dismiss(id);
      show();
    });
  }

  drawStatus(anew) {
    const { pending, reachable } = this.conversation;
    const text = pending.length ? this.say(reachable ? 'looking' : 'offline') : '';
    if (anew || text !== this.waiting) this.tell(text);
    this.waiting = text;
  }

  tell(text) {
    this.status.textContent = text;
  }

  arrived({ entry, elsewhere }) {
    const { turn, id } = entry;
    this.draw();
    this.emit('turn', { kind: turn.kind, tier: turn.tier });
    if (!this.open) {
      this.unseen = entry;
      if (isAlarm(turn) && this.asked === id) this.reveal(); // closed while it was on its way
      else this.labelLauncher();
    } else if (isAlarm(turn)) this.alarmed(entry, elsewhere);
    else if (!elsewhere) this.scrollTo(this.log.shown.get(id).node);
  }

  // Nobody loses the focus in the middle of a sentence.
  alarmed({ id, turn }, elsewhere) {
    const { focused } = this;
    const answer = this.log.answerNode(id);
    this.scrollTo(answer);
    if (focused && !focused.value?.trim() && !elsewhere) answer.focus({ preventScroll: true });
    this.sound(turn);
  }

  sound(turn) {
    setTimeout(() => { this.alarm.textContent = turnText(turn, this.say); }, AFTER_FOCUS_MS);
    setTimeout(() => { this.alarm.textContent = ''; }, ALARM_STAYS_MS);
  }

  // Not scrollIntoView: it moves the site's page too.
  scrollTo(node) {
    if (!node) return;
    const box = this.scroll.scrollHeight > this.scroll.clientHeight ? this.scroll : this.node;
    const covered = getComputedStyle(this.barPlace).position === 'sticky' ? this.barPlace.offsetHeight : 0;
    box.scrollTop += node.getBoundingClientRect().top - box.getBoundingClientRect().top - covered - 8;
  }

  ask(text, choice) {
    const typed = this.focused === this.input;
    const entry = this.conversation.send(text, choice);
    const { node, mine } = this.log.entryView(entry);
    this.asked = entry.id;
    this.scrollTo(node);
    // Focusing the field would bring a phone's keyboard over the answer.
    if (!typed) mine.focus({ preventScroll: true });
  }

  submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    this.input.value = '';
    this.grow();
    this.input.focus();
    if (text) this.ask(text);
  }

  key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.submit(event);
  }

  grow() {
    this.input.rows = Math.min(4, Math.ceil(this.input.value.length / 32) + this.input.value.split('\n').length - 1 || 1);
  }

  show(view) {
    this.questions.node.hidden = view === 'chat';
    this.scroll.hidden = this.form.hidden = view !== 'chat';
    if (view === 'chat') this.menu.opener.focus();
    else this.questions.open();
    this.drawStatus(true); // what was said of the other view is over
  }

  resize(step) {
    this.node.classList.remove(`size-${this.size}`);
    this.size = Math.min(SIZES - 1, Math.max(0, this.size + step));
    this.node.classList.add(`size-${this.size}`);
  }

  async copy(text) {
    // Some pages forbid the clipboard.
    const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    this.tell(this.say(done ? 'copied' : 'not_copied'));
  }

  print(title, content) {
    mount(title, this.say.language, content);
    print();
  }

  async erase() {
    this.menu.ask(false);
    this.show('chat');
    await this.conversation.erase();
    this.tell(this.say(this.conversation.state.notice));
  }
}
