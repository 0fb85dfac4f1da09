// Nicknames say who somebody is: 名称-地区-职业. A grace period after joining, one reminder, then a warning.

import { Action, type Event, Finding, definePlugin, state, timers } from 'usher-plugin';
import { fill, parts } from './nickname';
import manifest from './manifest.json';

export interface Settings {
  parts: string[];
  separators: string;
  regions: string[];
  grace_ms: number;
  warn_after_ms: number;
  exempt_roles: string[];
  reminder: string;
  warning: string;
}

const DEFAULTS: Settings = {
  parts: ['名称', '地区', '职业'],
  separators: '-－—–_+＋·、|/ 　',
  regions: [],
  grace_ms: 86_400_000,
  warn_after_ms: 86_400_000,
  exempt_roles: ['owner', 'admin'],
  reminder: '@{name} 请把群昵称改为“{format}”，方便大家认识你。',
  warning: '@{name} 群昵称仍不是“{format}”，请尽快修改。',
};

// What the plugin knows of a member whose nickname is not as it should be.
interface Record {
  name: string;
  since: number;
  reminded?: number;
  warned?: number;
}

// Longer than anybody is waited for.
const KEPT_MS = 90 * 86_400_000;

export const { plugin, checker } = definePlugin<Partial<Settings>>({
  manifest,
  configure(given) {
    const settings = { ...DEFAULTS, ...given };
    return (event) => judge(event, settings);
  },
});

function judge(event: Event, settings: Settings): void {
  const fired = timers.fired(event);
  if (fired) return graceIsOver(fired.name, event.at, settings);
  const actor = event.actor;
  if (!actor || actor.roles.some((role) => settings.exempt_roles.includes(role))) return;
  const id = actor.id;
  if (event.kind === 'member.left') return forget(id);
  const name = (event.kind === 'member.renamed' && event.payload<string>('/to')) || actor.name;
  const known = state.get<Record>(key(id));
  if (parts(name, settings)) {
    if (known) forget(id);
    return;
  }
  const joined = event.kind === 'member.joined' ? event.at : (actor.joinedAt ?? event.at);
  const record: Record = { ...(known ?? { since: joined }), name };
  const left = record.since + settings.grace_ms - event.at;
  if (left > 0) {
    timers.start(id, left);
  } else if (record.reminded === undefined) {
    remind(id, record, event.at, settings);
  } else if (record.warned === undefined && event.at - record.reminded >= settings.warn_after_ms) {
    record.warned = event.at;
    say('warn', 'nickname-warned', id, record, settings);
  }
  state.put(key(id), record, KEPT_MS);
}

// Nobody has to speak to be reminded.
function graceIsOver(id: string, at: number, settings: Settings): void {
  const record = state.get<Record>(key(id));
  if (!record || record.reminded !== undefined) return;
  remind(id, record, at, settings);
  state.put(key(id), record, KEPT_MS);
}

function remind(id: string, record: Record, at: number, settings: Settings): void {
  record.reminded = at;
  timers.stop(id);
  say('notify', 'nickname-reminded', id, record, settings);
}

function say(kind: 'notify' | 'warn', rule: string, id: string, { name }: Record, settings: Settings): void {
  const format = settings.parts.join('-');
  const text = fill(kind === 'warn' ? settings.warning : settings.reminder, { name, format });
  new Finding(rule, kind === 'warn' ? 'low' : 'none')
    .message(`群昵称“${name}”不是“${format}”`)
    .evidence('nickname', name)
    .evidence('format', format);
  if (text) new Action(kind).member(id).text(text);
}

function forget(id: string): void {
  state.delete(key(id));
  timers.stop(id);
}

function key(id: string): string {
  return `member:${id}`;
}
