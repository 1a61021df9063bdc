import { button, h } from './dom.js';

const SMALL_SCREEN = '(max-width: 640px), (max-height: 480px)';

// Of what fills it, it asks `opened()`, `closed()` and `escaped()`.
export class Frame {
  constructor(say, { position, direction }) {
    this.open = false;
    this.gone = new AbortController();
    this.small = matchMedia(SMALL_SCREEN);
    this.node = h('dialog', { id: 'panel', class: `frame ${position}`, lang: say.language, dir: direction ?? 'ltr', 'aria-labelledby': 'title' });
    this.launcher = button('', () => (this.open ? this.hide() : this.reveal()), { class: `launcher ${position}`, shape: 'chat', 'aria-controls': 'panel', lang: say.language });
    this.on(this.small, 'change', () => this.open && this.remode());
    this.on(this.node, 'keydown', (event) => event.key === 'Escape' && this.escape(event));
    this.on(this.node, 'cancel', (event) => event.preventDefault());
    this.on(this.node, 'close', () => this.node.open || this.shut());
    this.on(window.visualViewport, 'resize', () => this.fit());
  }

  get focused() {
    return this.node.getRootNode().activeElement;
  }

  on(target, name, act) {
    target?.addEventListener(name, act, { signal: this.gone.signal });
  }

  stop() {
    this.gone.abort();
    this.node.remove();
    this.launcher.remove();
  }

  reveal() {
    if (this.open) return;
    this.open = true;
    this.remode();
    this.opened();
  }

  remode() {
    const { focused, node } = this;
    this.modal = this.small.matches;
    node.close();
    node[this.modal ? 'showModal' : 'show']();
    this.fit();
    focused?.focus();
  }

  // A phone's keyboard covers the lower half: the field must stay in sight.
  fit() {
    const { height, offsetTop, scale } = window.visualViewport ?? {};
    const covered = this.modal && scale === 1 && innerHeight - height > 80;
    this.node.style.height = covered ? `${height}px` : '';
    this.node.style.top = covered ? `${offsetTop}px` : '';
  }

  hide() {
    this.node.close();
    this.shut();
  }

  shut() {
    if (!this.open) return;
    this.open = false;
    this.launcher.focus();
    this.closed();
  }

  escape(event) {
    event.preventDefault();
    event.stopPropagation();
    this.escaped();
  }

  label(text, alarm) {
    this.launcher.classList.toggle('alarm', alarm);
    this.launcher.setAttribute('aria-expanded', this.open);
    this.launcher.lastChild.textContent = text;
  }
}
