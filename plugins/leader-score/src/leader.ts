// Who could lead a group, and how those on probation are doing. Pure.

import { points, share, shareOfShort } from './scale';

export interface Weights {
  online: number;
  quick: number;
  helps: number;
  shares: number;
  influence: number;
}

export interface Probation {
  label: string;
  weeks: 1 | 2 | 3;
  pass: number;
  passed: string;
  failed: string;
}

export interface Settings {
  weights: Weights;
  online_minutes: number;
  best_answer_minutes: number;
  worst_answer_minutes: number;
  least_days: number;
  most_strikes: number;
  exempt_roles: string[];
  top: number;
  floors: { people: number; shares: number; influence: number };
  probation: Probation;
}

/** One member, as the host's ledger has them; NaN where it is not known. */
export interface Person {
  memberDays: number;
  strikes: number;
  roles: string[];
  labels: string[];
  /** Minutes a day, over the last 30 days. */
  onlineMinutes: number;
  /** Mean time to an accepted answer, in minutes. */
  answerMinutes: number;
  /** Distinct members helped, in 90 days. */
  people: number;
  /** Days on which they shared something, of 90. */
  shareDays: number;
  /** Distinct members who replied or reacted, in 90 days. */
  audience: number;
  probation: Trial;
}

/** The weeks of probation. */
export interface Trial {
  /** Minutes a day. */
  onlineMinutes: number;
  /** The share of days with a message. */
  present: number;
  /** Distinct members helped. */
  people: number;
  /** Weight of the strikes in these weeks. */
  strikes: number;
  /** Days since it began; NaN when nobody noted it. */
  days: number;
}

/** What counts in full, from the whole population. */
export interface Tops {
  people: number;
  shares: number;
  influence: number;
}

export const REASONS = [
  '在线时长（近30天日均，2小时为满分）',
  '回答及时（近90天平均用时，不高于助人的程度）',
  '帮助过的不同成员（近90天，与全体相比）',
  '乐于分享的天数（近90天，与全体相比）',
  '影响力：回应过其发言的不同成员（近90天，与全体相比）',
  '考察期：在线时长',
  '考察期：发言的天数',
  '考察期：帮助过的不同成员',
  '考察期：违规记录',
] as const;

/** People helped on probation in a week that count in full. */
const TRIAL_PEOPLE_A_WEEK = 3;

export interface Judged {
  /** One number for each of REASONS. */
  points: number[];
  exclusion?: string;
  label?: string;
}

export function judge(person: Person, tops: Tops, settings: Settings): Judged {
  const { label } = settings.probation;
  if (label !== '' && person.labels.includes(label)) return onProbation(person.probation, settings);
  return { points: [...candidate(person, tops, settings), 0, 0, 0, 0], exclusion: gate(person, settings) };
}

function candidate(person: Person, tops: Tops, { weights, ...settings }: Settings): number[] {
  const reach = share(person.people, tops.people);
  const quick = shareOfShort(person.answerMinutes, settings.best_answer_minutes, settings.worst_answer_minutes);
  return [
    points(weights.online, share(person.onlineMinutes, settings.online_minutes)),
    // To answer one friend within a minute is no service to the group.
    points(weights.quick, Math.min(quick, reach)),
    points(weights.helps, reach),
    points(weights.shares, share(person.shareDays, tops.shares)),
    points(weights.influence, share(person.audience, tops.influence)),
  ];
}

function gate(person: Person, settings: Settings): string | undefined {
  if (person.roles.some((role) => settings.exempt_roles.includes(role))) return '已是管理人员';
  if (person.strikes > settings.most_strikes) {
    return `有未过期的违规记录（${person.strikes}分，最多${settings.most_strikes}分）`;
  }
  if (Number.isNaN(person.memberDays)) {
    return settings.least_days > 0 ? `入群时间未知，需满${settings.least_days}天` : undefined;
  }
  if (person.memberDays < settings.least_days) {
    return `入群${Math.floor(person.memberDays)}天，未满${settings.least_days}天`;
  }
  return undefined;
}

/** A score of its own: 30 for being there, 30 for speaking, 40 for helping, and strikes against them. */
function onProbation(trial: Trial, settings: Settings): Judged {
  const { weeks, pass, passed, failed } = settings.probation;
  const earned = [
    points(30, share(trial.onlineMinutes, settings.online_minutes)),
    points(30, share(trial.present, 1)),
    points(40, share(trial.people, TRIAL_PEOPLE_A_WEEK * weeks)),
    trial.strikes > 0 ? -50 : 0,
  ];
  const score = earned.reduce((sum, points) => sum + points, 0);
  const over = Number.isNaN(trial.days) || trial.days >= weeks * 7;
  const label = over ? (score >= pass ? passed : failed) : undefined;
  return { points: [0, 0, 0, 0, 0, ...earned], label: label || undefined };
}

/** Days from a date as people write it (2026-11-01) to a moment (RFC 3339 or milliseconds); NaN when one is none. */
export function daysSince(date: string, at: string): number {
  const begun = date.trim() === '' ? NaN : Date.parse(date.trim());
  const now = /^\d+$/.test(at) ? Number(at) : Date.parse(at);
  return Math.floor((now - begun) / 86_400_000);
}
