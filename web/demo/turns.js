// Every sample as the chat shows it. Without scripts the page keeps its plain form.
import { h } from '/widget/dom.js';
import { strings } from '/widget/element.js';
import { applyStyles, STYLE } from '/widget/style.css.js';
import { isAlarm, levelOf, pinned, tools, turnView } from '/widget/turn_view.js';

const nothing = () => {};
const say = await strings('en');
const context = { say, ask: nothing, tell: nothing, conversation: { feedback: async () => {} }, actions: { choose: nothing, copy: nothing, print: nothing } };

function draw(turn) {
  const place = document.querySelector(`[data-sample="${turn.kind}"]`);
  const root = place.attachShadow({ mode: 'open' });
  applyStyles(root, STYLE);
  const bar = isAlarm(turn) && pinned(levelOf(turn), turn.referral.contacts, say, nothing, nothing);
  root.append(...[bar, turnView(turn, context), tools(turn, context)].filter(Boolean));
}

(await (await fetch('/demo/turns.json')).json()).forEach(draw);
