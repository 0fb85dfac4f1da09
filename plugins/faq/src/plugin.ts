// Answers what is asked again and again, and calls customer service for what nobody answers.

import { Action, type Event, Finding, definePlugin, state, timers } from 'usher-plugin';
import { type Entry, Faq, isQuestion } from './faq';
import manifest from './manifest.json';

interface Settings {
  entries: Entry[];
  question_words: string[];
  escalate_after_ms: number;
  staff_roles: string[];
  quiet_ms: number;
  share_over_ms: number;
}

const properties = manifest.settings_schema.properties;
const DEFAULTS: Settings = {
  entries: [],
  question_words: properties.question_words.default,
  escalate_after_ms: properties.escalate_after_ms.default,
  staff_roles: properties.staff_roles.default,
  quiet_ms: properties.quiet_ms.default,
  share_over_ms: properties.share_over_ms.default,
};

// A question that waits for people.
interface Open {
  event: string;
  member: string;
  name: string;
  text: string;
}

const OPEN = 'open';
// Enough for a group; who asks more at once is not helped by a longer list.
const MOST_OPEN = 50;

export const { plugin, checker } = definePlugin<Partial<Settings>>({
  manifest,
  configure(given) {
    const settings = { ...DEFAULTS, ...given };
    const faq = new Faq(settings.entries);
    const words = settings.question_words.map((word) => word.toLowerCase());
    return (event) => judge(event, settings, faq, words);
  },
});

function judge(event: Event, settings: Settings, faq: Faq, words: string[]): void {
  const fired = timers.fired(event);
  if (fired) return escalate(fired.name, settings);
  const answered = event.payload<string>(event.kind === 'answer.accepted' ? '/question' : '/reply_to');
  const actor = event.actor;
  if (!actor) return;
  const isStaff = actor.roles.some((role) => settings.staff_roles.includes(role));
  if (answered !== undefined) close((open) => open.event === answered && open.member !== actor.id);
  // Staff who answers nobody in particular answers who is mentioned, or the one question that there is.
  if (isStaff) {
    const { mentions } = event;
    return close((open, all) => mentions.includes(open.member) || all.length === 1);
  }
  if (event.kind !== 'message.created') return;
  const entry = faq.find(event.foldedText);
  if (entry) return answer(event, entry, settings);
  if (!isQuestion(event.text, words)) return;
  const open = read();
  if (open.length >= MOST_OPEN) return;
  open.push({ event: event.id, member: actor.id, name: actor.name, text: event.text.slice(0, 200) });
  state.put(OPEN, open);
  state.add('asked');
  timers.start(event.id, settings.escalate_after_ms);
}

function answer(event: Event, entry: Entry, settings: Settings): void {
  const name = entry.name ?? entry.keywords[0] ?? '';
  const quiet = `said:${name}`;
  if (settings.quiet_ms > 0 && state.get(quiet)) return;
  if (settings.quiet_ms > 0) state.put(quiet, true, settings.quiet_ms);
  state.add('answered');
  new Finding('faq-answered', 'none').evidence('entry', name).evidence('automatic-share', share(settings));
  new Action('reply').text(entry.answer).detail('event', event.id);
}

function escalate(event: string, settings: Settings): void {
  const open = read();
  const question = open.find((question) => question.event === event);
  if (!question) return;
  write(open.filter((other) => other !== question));
  new Finding('question-unanswered', 'low')
    .message(`${question.name}的问题没有人回答：${question.text}`)
    .evidence('event', event)
    .evidence('automatic-share', share(settings));
  new Action('enqueue').member(question.member).text(question.text).detail('queue', 'service').detail('event', event);
}

function close(isAnswered: (open: Open, all: Open[]) => boolean): void {
  const open = read();
  const left = open.filter((question) => !isAnswered(question, open));
  if (left.length === open.length) return;
  for (const question of open) if (!left.includes(question)) timers.stop(question.event);
  write(left);
}

/** Of all that was asked lately, the share that the plugin answered by itself, in percent. */
function share({ share_over_ms }: Settings): string {
  const answered = state.sum('answered', share_over_ms);
  const all = answered + state.sum('asked', share_over_ms);
  return all === 0 ? '0%' : `${Math.round((answered / all) * 100)}%`;
}

function read(): Open[] {
  return state.get<Open[]>(OPEN) ?? [];
}

function write(open: Open[]): void {
  if (open.length === 0) state.delete(OPEN);
  else state.put(OPEN, open);
}
