// What is on the screen: the launcher, and the panel with the conversation or the list.
import { DoctorList } from './doctor_list.js';
import { button, h } from './dom.js';
import { LogView } from './log_view.js';
import { Menu } from './menu.js';
import { lines, mount, unmount } from './printing.js';
import { bar, isAlarm, levelOf, numbersFor, pinned, rank, tools, turnText, withCareTeam } from './turn_view.js';

const SIZES = 4; // 100, 125, 150, 200 %
const SMALL_SCREEN = '(max-width: 640px), (max-height: 480px)';
const AFTER_FOCUS_MS = 150; // an alarm said before the focus is cut off by screen readers
const ALARM_STAYS_MS = 10000;

export class Panel {
  // `options`: title, greeting, position, careTeam, direction · `emit(name, detail)` tells the page
  constructor(conversation, options, say, emit) {
    Object.assign(this, { conversation, options, say, emit, size: 0, open: false, unseen: null });
    this.small = matchMedia(SMALL_SCREEN);
    this.title = options.title || say('title');
    this.context = this.makeContext();
    this.log = new LogView(conversation, this.context);
    this.questions = new DoctorList(conversation, { ...this.context, ...this.context.actions, back: () => this.show('chat') });
    this.questions.node.hidden = true;
    this.menu = new Menu(this);
    this.build();
    this.listen();
    this.draw();
  }

  get numbers() {
    return numbersFor(this.say.language, this.conversation.config, this.options.careTeam);
  }

  get focused() {
    return this.frame.getRootNode().activeElement;
  }

  makeContext() {
    const { say, conversation } = this;
    return {
      say,
      careTeam: this.options.careTeam,
      numbers: () => this.numbers,
      retry: (id) => conversation.retry(id),
      ask: (text) => this.ask(text),
      feedback: (...verdict) => conversation.feedback(...verdict),
      tell: (text) => this.tell(text),
      actions: {
        choose: ({ label, token }) => this.ask(label, token),
        copy: (text) => this.copy(text),
        print: (title, items) => this.print(title, lines(items)),
      },
    };
  }

  build() {
    const { say, menu, options: { position, direction } } = this;
    this.status = h('p', { class: 'status', role: 'status' });
    this.alarm = h('div', { class: 'sr', role: 'alert' });
    [this.barPlace, this.introPlace, this.toolsPlace] = [h('div'), h('div'), h('div')];
    this.heading = h('h2', { id: 'title', tabindex: '-1', text: this.title });
    this.scroll = h('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': say('conversation') }, this.introPlace, this.log.node, this.toolsPlace);
    this.frame = h(
      'dialog',
      { id: 'panel', class: `frame ${position}`, lang: say.language, dir: direction ?? 'ltr', 'aria-labelledby': 'title' },
      h('div', { class: 'head' }, this.heading, menu.opener, button(say('close'), () => this.hide()), h('p', { text: say('subtitle') })),
      menu.items,
      menu.question,
      this.barPlace,
      this.scroll,
      this.questions.node,
      this.status,
      this.composer(),
      this.alarm,
    );
    this.launcher = button('', () => (this.open ? this.hide() : this.reveal()), { class: `launcher ${position}`, shape: 'chat', 'aria-expanded': 'false', 'aria-controls': 'panel', lang: say.language });
  }

  intro() {
    const { say, conversation, numbers: { emergency, crisis } } = this;
    const line = (key, values, props) => h('li', { ...props, text: say(key, values) });
    const box = h('input', { type: 'checkbox', onchange: () => conversation.allow(box.checked) });
    box.checked = conversation.state.keep;
    return h(
      'section',
      { class: 'intro' },
      h('p', { class: 'hello', text: this.options.greeting || say('hello') }),
      h(
        'ul',
        {},
        line('what_it_is'),
        line('what_it_is_not'),
        line('emergency_line', { emergency: emergency.phone }, { class: 'loud' }),
        line('crisis_line', { crisis: crisis.phone }, { class: 'loud' }),
        line('no_names'),
        line('kept'),
      ),
      !conversation.entries.length && [
        h('p', { text: say('starters_lead') }),
        h('ul', { class: 'choices' }, say.list('starters').map((text) => h('li', {}, button(text, () => this.ask(text), { class: 'choice' })))),
      ],
      h('label', { class: 'allow' }, box, h('span', { text: say('allow') })),
    );
  }

  composer() {
    const { say } = this;
    this.input = h('textarea', { id: 'input', rows: '1', enterkeyhint: 'send', autocomplete: 'off', onkeydown: (event) => this.key(event), oninput: () => this.grow() });
    this.form = h(
      'form',
      { class: 'composer', onsubmit: (event) => this.submit(event) },
      h('label', { for: 'input', text: say('input') }),
      h('div', { class: 'line' }, this.input, h('button', { class: 'strong', text: say('send') })),
    );
    return this.form;
  }

  listen() {
    const { conversation, frame } = this;
    this.stops = [];
    const on = (target, name, act) => {
      target?.addEventListener(name, act);
      this.stops.push(() => target?.removeEventListener(name, act));
    };
    on(conversation, 'change', () => this.draw());
    on(conversation, 'turn', ({ detail }) => this.arrived(detail));
    on(conversation, 'erased', () => this.emit('erased'));
    on(this.small, 'change', () => this.open && this.remode());
    on(frame, 'keydown', (event) => event.key === 'Escape' && this.escape(event));
    on(frame, 'cancel', (event) => event.preventDefault());
    on(frame, 'close', () => frame.open || this.closed());
    on(window.visualViewport, 'resize', () => this.fit());
  }

  stop() {
    this.stops.forEach((stop) => stop());
    this.frame.remove();
    this.launcher.remove();
    unmount();
  }

  reveal() {
    if (this.open) return;
    const { unseen } = this;
    this.open = true;
    this.unseen = null;
    this.remode();
    this.conversation.readConfig().then(() => this.draw());
    this.draw();
    const answer = unseen && this.log.answerNode(unseen.id);
    (answer ?? this.heading).focus();
    this.scrollTo(answer ?? this.log.node.lastElementChild);
    if (unseen && isAlarm(unseen.turn)) this.sound(unseen.turn);
    this.emit('open');
  }

  // Modal, keeping the focus, only where it covers the page.
  remode() {
    const { focused, frame } = this;
    this.modal = this.small.matches;
    frame.close();
    frame[this.modal ? 'showModal' : 'show']();
    this.fit();
    focused?.focus();
  }

  // A phone's keyboard covers the lower half: the field must stay in sight.
  fit() {
    const { height, offsetTop, scale } = window.visualViewport ?? {};
    const covered = this.modal && scale === 1 && innerHeight - height > 80;
    this.frame.style.height = covered ? `${height}px` : '';
    this.frame.style.top = covered ? `${offsetTop}px` : '';
  }

  hide() {
    this.frame.close();
    this.closed();
  }

  closed() {
    if (!this.open) return;
    this.open = false;
    this.labelLauncher();
    this.launcher.focus();
    this.emit('close');
  }

  escape(event) {
    event.preventDefault();
    event.stopPropagation();
    if (this.menu.escape()) return;
    if (this.scroll.hidden) this.show('chat');
    else this.hide();
  }

  labelLauncher() {
    const alarm = isAlarm(this.unseen?.turn);
    const label = alarm ? 'new_alarm' : this.unseen ? 'new_answer' : this.open ? 'close' : 'open';
    this.launcher.classList.toggle('alarm', alarm);
    this.launcher.setAttribute('aria-expanded', this.open);
    this.launcher.lastChild.textContent = this.say(label);
  }

  draw() {
    const { entries } = this.conversation;
    this.once(entries.length > 0, this.introPlace, () => this.intro());
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
    this.once(turn?.turn, this.toolsPlace, () => (turn && tools(turn, this.context)) || '');
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
    const contacts = withCareTeam(turn.referral.contacts, this.options.careTeam);
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

  drawStatus() {
    const { pending, reachable } = this.conversation;
    const text = pending.length ? this.say(reachable ? 'looking' : 'offline') : '';
    if (text !== this.waiting) this.tell(text);
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
    const box = this.scroll.scrollHeight > this.scroll.clientHeight ? this.scroll : this.frame;
    box.scrollTop += node.getBoundingClientRect().top - box.getBoundingClientRect().top - 8;
  }

  ask(text, choice) {
    const typed = this.focused === this.input;
    const entry = this.conversation.send(text, choice);
    const { node, mine } = this.log.entryView(entry);
    this.asked = entry.id;
    this.scrollTo(node);
    // The pressed button is gone; focusing the field would bring a phone's keyboard over the answer.
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
  }

  resize(step) {
    this.frame.classList.remove(`size-${this.size}`);
    this.size = Math.min(SIZES - 1, Math.max(0, this.size + step));
    this.frame.classList.add(`size-${this.size}`);
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
