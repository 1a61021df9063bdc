const HOUR_MS = 60 * 60 * 1000;

export const newId = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

const empty = () => ({ token: null, entries: [], at: Date.now(), list: [], unsaved: false, dismissed: [], notice: null, keep: false });

// An entry is what the person said, {id, text, choice, status, at, tab}, and its turn.
// Status: queued, sending, later and failed (both tried again), sent, refused.
export class Record extends EventTarget {
  constructor(host, persist) {
    super();
    this.tab = newId();
    this.shelf = new Shelf(host, persist);
    this.tabs = new Tabs(host, (message) => this.heard(message));
    this.state = empty();
    this.erasing = []; // tokens of which the server does not know yet
    this.epoch = 0; // answers of an ended conversation are dropped
  }

  get entries() {
    return this.state.entries;
  }

  get pending() {
    return this.entries.filter(({ status }) => status !== 'sent' && status !== 'refused');
  }

  get stuck() {
    return this.pending.some(({ turn, late, status }) => !turn && (late || status === 'failed'));
  }

  // Answers whether this tab had anything.
  read() {
    const { erasing = [], ...kept } = this.shelf.read();
    this.erasing = erasing;
    if (!kept.entries) return false;
    this.state = { ...empty(), ...kept };
    for (const entry of this.pending) Object.assign(entry, { tab: this.tab, status: 'queued' });
    if (this.isOver()) this.renew([]); // another person may sit here now
    return true;
  }

  isOver() {
    return (this.state.token || this.entries.length) && Date.now() - this.state.at > HOUR_MS;
  }

  // The old conversation is gone; what is still unsent goes into the new one.
  renew(waiting = this.pending) {
    const said = this.entries.length > waiting.length;
    this.epoch += 1;
    this.state = { ...empty(), entries: waiting, keep: this.state.keep, notice: said ? 'renewed' : null };
    this.changed();
  }

  mark(entry, status) {
    entry.status = status;
    this.changed(entry);
  }

  announce(entry, elsewhere) {
    this.dispatchEvent(new CustomEvent('turn', { detail: { entry, elsewhere } }));
  }

  dismiss(id) {
    this.state.dismissed.push(id);
    this.changed();
  }

  forget() {
    this.epoch += 1;
    this.state = { ...empty(), notice: 'erased_here' };
    this.changed();
    this.dispatchEvent(new Event('erased'));
  }

  changed(entry) {
    this.save();
    if (entry) this.tabs.say({ kind: 'entry', token: this.state.token, entry });
    this.dispatchEvent(new Event('change'));
  }

  save() {
    this.shelf.write({ ...this.state, erasing: this.erasing });
    clearTimeout(this.hour);
    this.hour = setTimeout(() => this.shelf.write({ erasing: this.erasing }), HOUR_MS);
  }

  heard({ kind, state, token, entry }) {
    const blank = !this.state.token && !this.entries.length;
    if (kind === 'hello' && !blank) this.tabs.say({ kind: 'state', state: this.state });
    if (kind === 'state' && blank) {
      this.state = { ...empty(), ...state };
      this.changed();
    }
    if (kind === 'erased') this.forget();
    if (kind === 'entry' && (blank || !token || token === this.state.token)) {
      this.state.token ??= token;
      this.state.at = Date.now();
      this.merge(entry);
    }
  }

  // An entry from elsewhere: an answered one goes after the turns before it.
  merge(entry) {
    const known = this.entries.find(({ id }) => id === entry.id);
    if (known?.status === 'sent') return;
    if (known) Object.assign(known, entry, { text: entry.text || known.text });
    else this.entries.splice(this.placeOf(entry), 0, entry);
    if (!known && !entry.turn) this.watch(entry);
    this.changed();
    if (entry.turn && entry.tab) this.announce(known ?? entry, true);
  }

  placeOf({ turn }) {
    let place = this.entries.length;
    const before = (other) => other.status === 'sent' && other.turn.turn < turn.turn;
    while (turn && place > 0 && !before(this.entries[place - 1])) place -= 1;
    return place;
  }
}

// Either may be missing.
class Shelf {
  constructor(host, persist) {
    this.key = `careline ${host}`;
    this.name = persist ? 'localStorage' : 'sessionStorage';
  }

  read() {
    try {
      return JSON.parse(window[this.name].getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }

  write(state) {
    try {
      window[this.name].setItem(this.key, JSON.stringify(state));
    } catch { /* blocked or full */ }
  }
}

class Tabs {
  constructor(host, hear) {
    this.channel = window.BroadcastChannel && new BroadcastChannel(`careline ${host}`);
    if (this.channel) this.channel.onmessage = ({ data }) => hear(data);
  }

  say(message) {
    this.channel?.postMessage(message);
  }
}
