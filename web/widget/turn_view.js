import { button, dial, h, hidden, icon, textWithNumbers } from './dom.js';
import { NUMBERS } from './numbers.js';

const LEVELS = ['emergency', 'crisis', 'urgent', 'today'];

// Kind or tier, whichever is worse.
export const levelOf = (turn) => LEVELS.find((level) => turn.kind === level || turn.tier === level);
export const rank = (turn) => LEVELS.indexOf(levelOf(turn));
export const isAlarm = (turn) => Boolean(turn) && [0, 1, 2].includes(rank(turn));

export function turnText(turn, say) {
  const level = levelOf(turn);
  return [level && say(`level_${level}`), ...turn.parts.flatMap((part) => [part.title, part.text]), turn.referral.text]
    .filter(Boolean)
    .join('\n');
}

export const contactsText = (contacts) => contacts.map(({ name, phone, hours }) => [name, phone, hours].filter(Boolean).join(', ')).join('\n');

// Without `actions` (on paper) there is nothing to press.
export function turnView(turn, { say, careTeam, actions }) {
  const level = levelOf(turn);
  const parts = turn.parts.map((part) => partView(part, say, actions));
  return h(
    'article',
    { class: `turn ${level ?? ''} ${isAlarm(turn) ? 'loud' : ''}`, tabindex: actions && '-1', 'aria-label': say('title'), 'data-turn': turn.turn, 'data-kind': turn.kind },
    level ? h('h3', { class: 'level' }, icon(level), h('span', { text: say(`level_${level}`) })) : hidden(say('title'), 'h3'),
    h('div', { class: 'said', lang: turn.language, dir: 'auto' }, parts),
    sourcesView(turn, say, actions),
    actions && choicesView(turn, say, actions),
    referralView(turn, say, careTeam),
  );
}

function partView(part, say, actions) {
  const role = ['reminder', 'question', 'note'].includes(part.role) ? part.role : 'text';
  const heading = part.title || (role === 'reminder' && say(role));
  return h(
    'div',
    { class: `part ${role}` },
    heading && h('h4', { text: heading }),
    h('p', {}, textWithNumbers(part.text)),
    role === 'note' && actions && h(
      'div',
      { class: 'row' },
      button(say('copy'), () => actions.copy(part.text)),
      button(say('print'), () => actions.print(heading || say('title'), [part.text])),
    ),
  );
}

function choicesView(turn, say, actions) {
  if (!turn.choices?.length) return null;
  const one = (choice) => h('li', {}, button(choice.label, () => actions.choose(choice), { class: 'choice', lang: turn.language }));
  return h('ul', { class: 'choices' }, turn.choices.map(one));
}

function referralView(turn, say, careTeam) {
  return h(
    'div',
    { class: 'referral', role: 'group', 'aria-label': say('card_title') },
    h('p', { lang: turn.language, dir: 'auto' }, textWithNumbers(turn.referral.text)),
    callRows(withCareTeam(turn.referral.contacts, careTeam), say, levelOf(turn)),
  );
}

function sourcesView(turn, say, actions) {
  const told = turn.parts.filter((part) => part.sources?.length);
  if (!told.length) return null;
  return h(
    'details',
    { class: 'sources', open: !actions },
    h('summary', { text: say('sources') }),
    told.map((part) => [
      told.length > 1 && part.title && h('p', { text: part.title }),
      h('ul', {}, part.sources.map((source) => h('li', { text: sourceText(source) }))),
      part.reviewed && h('p', { text: say('reviewed', { date: dateText(part.reviewed, say.language) }) }),
    ]),
  );
}

const sourceText = ({ title, document, section, year }) => [title || document, section].filter(Boolean).join(': ') + (year ? ` (${year})` : '');

const dateText = (day, language) => new Date(day).toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' });

const JUDGED = ['answer', 'symptom_advice', 'no_diagnosis', 'today', 'out_of_scope'];
const WHY = ['other_question', 'hard', 'not_enough'];

export function tools(turn, context) {
  if (isAlarm(turn) || turn.kind === 'symptom_question') return null;
  const { say } = context;
  const judged = JUDGED.includes(turn.kind);
  return h(
    'div',
    { class: 'tools' },
    judged && verdict(turn, context),
    h(
      'div',
      { class: 'row' },
      judged && button(say('simpler'), () => context.ask(say('simpler'))),
      button(say('who_to_call'), () => context.ask(say('who_to_call'))),
    ),
  );
}

function verdict(turn, context) {
  const { say } = context;
  const row = h('div', { class: 'row', role: 'group', tabindex: '-1', 'aria-label': say('helpful') });
  const show = (question, ...buttons) => row.replaceChildren(h('span', { text: question }), ...buttons);
  const give = async (helpful, why) => {
    const said = await context.conversation.feedback(turn.turn, helpful, why).then(() => 'thanks', () => 'not_saved');
    show(say(said));
    row.focus(); // the pressed button is gone
    context.tell(say(said));
  };
  const askWhy = () => {
    show(say('why'), ...WHY.map((why) => button(say(`why_${why}`), () => give(false, why))));
    row.setAttribute('aria-label', say('why'));
    row.focus();
  };
  show(say('helpful'), button(say('yes'), () => give(true)), button(say('no'), askWhy));
  return row;
}

export function numbersFor(language, config, careTeam) {
  const table = config?.contacts?.[language];
  const numbers = table?.emergency?.phone && table.crisis?.phone ? table : NUMBERS[language];
  return careTeam ? { ...numbers, care_team: careTeam } : numbers;
}

const callText = (contact, say) => say('call', { phone: contact.phone });

// An urgent turn sends people to their own team first.
const leads = ({ id }, level) => ['emergency', 'crisis'].includes(level) || (level === 'urgent' && id === 'care_team');

function callRow(contact, say, lead) {
  const about = [contact.name, contact.hours].filter(Boolean).join(' · ');
  return dial(contact, { class: `call ${lead ? 'strong' : ''}` }, icon('phone'), h('span', {}, h('b', {}, textWithNumbers(callText(contact, say))), h('span', { class: 'about', text: about })));
}

function callRows(contacts, say, level) {
  return h('ul', { class: 'calls' }, contacts.map((contact, index) => h('li', {}, callRow(contact, say, !index && leads(contact, level)))));
}

// The site's own line comes first, but after an emergency or crisis number that leads.
export function withCareTeam(contacts, careTeam) {
  if (!careTeam || contacts.some(({ id }) => id === careTeam.id)) return contacts;
  const lead = contacts[0].tel.length < 5 ? 1 : 0;
  return [...contacts.slice(0, lead), careTeam, ...contacts.slice(lead)];
}

export function staticCard({ emergency, crisis, care_team: careTeam, hotline }, say) {
  return h(
    'section',
    { class: 'turn card', 'data-card': true },
    h('h3', { class: 'level' }, icon('phone'), h('span', { text: say('card_title') })),
    h('p', { text: say('late') }),
    callRows([emergency, crisis, careTeam, hotline].filter(Boolean), say),
  );
}

export function bar(numbers, say) {
  const link = (role) => dial(numbers[role], {}, icon('phone'), h('span', { text: say(`bar_${role}`, { phone: numbers[role].phone }) }));
  return h('nav', { class: 'bar', 'aria-label': say('card_title') }, link('emergency'), link('crisis'));
}

// An alarm takes the place of the bar until the person puts it away.
export function pinned(level, contacts, say, show, dismiss) {
  const name = say(`level_${level}`);
  return h(
    'section',
    { class: `bar pinned ${level}`, 'aria-label': name },
    h('p', { class: 'level' }, icon(level), h('span', { text: name })),
    button(say('hide'), dismiss),
    contacts.slice(0, 2).map((contact) => dial(contact, { class: leads(contact, level) && 'strong' }, icon('phone'), h('span', { text: callText(contact, say) }))),
    button(say('show_again'), show),
  );
}
