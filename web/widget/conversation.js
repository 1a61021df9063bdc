import { newId, Record } from './record.js';
import { Transport } from './transport.js';

const LATE_MS = 8000;
const ADOPT_MS = 10000; // until another tab sends what a closed one left
const PAUSE_MS = [500, 8000];
const TRIES = 3; // when the server itself answers with an error
const HELLO_MS = 200;
const AGAIN_MS = 30000;
const ALARMS = ['emergency', 'crisis', 'urgent'];

const all = new Map();

export function conversationWith(host, persist) {
  const key = `${host} ${persist}`;
  if (!all.has(key)) all.set(key, new Conversation(host, persist));
  return all.get(key);
}

class Conversation extends Record {
  constructor(host, persist) {
    super(host, persist);
    this.transport = new Transport(host);
    this.failures = 0;
    this.reachable = true;
    this.ready = this.restore();
    addEventListener('online', () => this.awake());
    this.addEventListener('erased', () => this.wake?.());
    document.addEventListener('visibilitychange', () => document.hidden || this.awake());
  }

  async restore() {
    if (!this.read()) {
      this.tabs.say({ kind: 'hello' });
      await new Promise((resolve) => { setTimeout(resolve, HELLO_MS); });
    }
    this.changed();
    this.pending.forEach((entry) => this.watch(entry));
    this.sync();
    this.pump();
  }

  async sync() {
    const { epoch, state: { token } } = this;
    if (!token) return;
    const last = this.entries.reduce((id, { turn }) => (turn && turn.turn > id ? turn.turn : id), '');
    try {
      const { turns, more } = await this.transport.turns(token, last);
      if (epoch !== this.epoch) return;
      turns.forEach((turn) => this.merge({ id: turn.reply_to || turn.turn, text: turn.text ?? '', turn, status: 'sent' }));
      if (more) await this.sync();
    } catch ({ status }) {
      if (status === 401 && epoch === this.epoch) this.renew();
    }
  }

  send(text, choice) {
    if (this.isOver()) this.renew();
    const entry = { id: newId(), text, choice, status: 'queued', at: Date.now(), tab: this.tab };
    this.state.at = entry.at;
    this.entries.push(entry);
    this.watch(entry);
    this.changed(entry);
    this.ready.then(() => this.pump());
    return entry;
  }

  retry(id) {
    const entry = this.entries.find((one) => one.id === id);
    Object.assign(entry, { status: 'queued', tries: 0, tab: this.tab });
    this.changed(entry);
    this.awake();
  }

  watch(entry) {
    setTimeout(() => {
      entry.late = true;
      if (!entry.turn) this.changed();
    }, Math.max(0, entry.at + LATE_MS - Date.now()));
    if (entry.tab !== this.tab) setTimeout(() => this.pump(), ADOPT_MS + 100);
  }

  // One at a time: what was typed offline arrives in order.
  async pump() {
    if (this.pumping) return;
    this.pumping = true;
    let entry;
    while ((entry = this.next())) await this.deliver(entry);
    this.pumping = false;
    this.settle();
  }

  next() {
    return this.pending.find(({ tab, at }) => tab === this.tab || Date.now() - at > ADOPT_MS);
  }

  async deliver(entry) {
    const { epoch } = this;
    const { id, text, choice } = entry;
    if (!['failed', 'later'].includes(entry.status)) this.mark(entry, 'sending');
    try {
      const turn = await this.transport.message(await this.token(), choice ? { id, choice } : { id, text });
      if (epoch === this.epoch) this.answered(entry, turn);
    } catch (problem) {
      if (epoch === this.epoch) await this.failed(entry, problem);
    }
  }

  async token() {
    const { epoch } = this;
    const token = this.state.token ?? (await this.transport.session(this.state.keep));
    if (epoch === this.epoch) this.state.token ??= token;
    return token;
  }

  answered(entry, turn) {
    const news = entry.status !== 'sent';
    if (!this.reachable) this.sync();
    Object.assign(this, { reachable: true, failures: 0 });
    this.state.at = Date.now();
    entry.turn = turn;
    this.mark(entry, 'sent');
    if (news) this.announce(entry);
  }

  async failed(entry, problem) {
    if (problem.status === 401 && !entry.anew) {
      entry.anew = true; // once; after that the server counts as gone
      this.renew();
      return;
    }
    const { later } = problem;
    entry.tries = problem.unreachable ? 0 : (entry.tries ?? 0) + 1;
    const over = entry.tries >= TRIES || (entry.tries && problem.status < 500);
    const { turn } = problem;
    const first = !entry.turn;
    // A safe turn is shown when there will be no answer; an alarm in it at once.
    if (turn && (over || ALARMS.includes(turn.tier))) entry.turn = turn;
    this.reachable = later || !problem.unreachable;
    this.mark(entry, over ? 'refused' : later ? 'later' : 'failed');
    if (entry.turn && first) this.announce(entry);
    if (later && problem.wait) this.failures = 0;
    if (!over) await this.pause(problem.wait);
  }

  pause(atLeast) {
    const base = Math.min(PAUSE_MS[1], PAUSE_MS[0] * 2 ** this.failures);
    this.failures += 1;
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, Math.max(atLeast, base * (0.75 + Math.random() / 2)));
    });
  }

  awake() {
    this.wake?.();
    this.ready.then(() => this.pump());
  }

  feedback(turn, helpful, why) {
    return this.transport.feedback(this.state.token, { turn, helpful, ...(why && { why }) });
  }

  // May scrubbed words be kept? A new session is told when it begins.
  allow(keep) {
    this.state.keep = keep;
    this.changed();
    if (this.state.token) this.transport.allow(this.state.token, keep).catch(() => {});
  }

  // Here at once; on the server when it can be reached.
  async erase() {
    if (this.state.token) this.erasing.push(this.state.token);
    this.forget();
    this.tabs.say({ kind: 'erased' });
    await this.settle();
    if (!this.erasing.length) this.state.notice = 'erased';
    this.changed();
  }

  // Does what was put off while the server was gone.
  settle() {
    this.settling ??= this.settleNow().finally(() => {
      this.settling = null;
      if (this.erasing.length || this.state.unsaved) setTimeout(() => this.settle(), AGAIN_MS);
    });
    return this.settling;
  }

  async settleNow() {
    for (const token of [...this.erasing]) {
      const left = await this.transport.erase(token).then(() => false, ({ status }) => status !== 401);
      if (left) break;
      this.erasing = this.erasing.filter((one) => one !== token);
      this.save();
    }
    if (this.state.unsaved) await this.syncList(this.state.list);
  }

  readList() {
    return this.state.token && !this.state.unsaved ? this.syncList() : false;
  }

  writeList(list) {
    Object.assign(this.state, { list, unsaved: true });
    this.changed();
    return this.syncList(list);
  }

  // Answers whether the server has the list.
  async syncList(list) {
    const { epoch, state } = this;
    try {
      const items = await this.transport.list(await this.token(), list);
      if (epoch === this.epoch && (list ? state.list === list : !state.unsaved)) Object.assign(state, { list: items, unsaved: false });
    } catch {
      return false;
    }
    this.changed();
    return true;
  }

  async readConfig() {
    this.config ??= await this.transport.config().catch(() => null);
  }
}
