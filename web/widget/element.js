import { conversationWith } from './conversation.js';
import { Panel } from './panel.js';
import { applyStyles, STYLE, theme } from './style.css.js';

const LANGUAGES = ['en', 'es'];

export async function strings(asked) {
  const wanted = (asked ?? '').toLowerCase().slice(0, 2);
  const language = LANGUAGES.includes(wanted) ? wanted : LANGUAGES[0];
  const { default: table } = await import(`./strings/${language}.js`);
  const say = (key, values = {}) => table[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  return Object.assign(say, { language, list: (key) => table[key] });
}

export class CarelineChat extends HTMLElement {
  static observedAttributes = ['host', 'language', 'title', 'color', 'position', 'greeting', 'care-team-name', 'care-team-phone', 'persist'].map((name) => `data-${name}`);

  connectedCallback() {
    if (!this.shadowRoot) applyStyles(this.attachShadow({ mode: 'open' }), STYLE);
    this.build();
  }

  disconnectedCallback() {
    this.panel?.stop();
    this.panel = null;
  }

  attributeChangedCallback() {
    if (this.panel) this.build();
  }

  // Frameworks set attributes one by one: only the last call builds.
  async build() {
    const call = (this.call = {});
    await null;
    const { host, language, color, persist } = this.dataset;
    const say = await strings(language ?? document.documentElement.lang);
    if (!this.isConnected || call !== this.call) return;
    const open = this.panel?.open;
    this.panel?.stop();
    this.removeTheme?.();
    this.removeTheme = applyStyles(this.shadowRoot, theme(color));
    const conversation = conversationWith((host ?? new URL(import.meta.url).origin).replace(/\/+$/, ''), (persist ?? 'false') !== 'false');
    this.panel = new Panel(conversation, this.options(), say, (name, detail) => this.emit(name, detail));
    this.shadowRoot.append(this.panel.launcher, this.panel.node);
    if (open) this.panel.reveal();
    this.emit('ready');
  }

  options() {
    const { title, greeting, position, careTeamName, careTeamPhone } = this.dataset;
    const careTeam = careTeamPhone && { id: 'care_team', name: careTeamName, phone: careTeamPhone, tel: careTeamPhone };
    return { title, greeting, careTeam, position: position === 'bottom-left' ? position : 'bottom-right', direction: this.getAttribute('dir') };
  }

  // For the page: kinds and tiers, never a word that was said.
  emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`careline:${name}`, { bubbles: true, composed: true, detail }));
  }

  open() {
    this.panel?.reveal();
  }

  close() {
    this.panel?.hide();
  }
}

if (!customElements.get('careline-chat')) customElements.define('careline-chat', CarelineChat);
