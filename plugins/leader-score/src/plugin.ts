// Candidates for leading a group, and how those on probation are doing. The only file that talks to the host.

import { Refusal, type Table, defineScorer } from 'usher-plugin';
import { type Person, REASONS, type Settings, daysSince, judge } from './leader';
import { top } from './scale';
import manifest from './manifest.json';

const DEFAULTS: Settings = {
  weights: { online: 25, quick: 20, helps: 15, shares: 15, influence: 25 },
  online_minutes: 120,
  best_answer_minutes: 10,
  worst_answer_minutes: 60,
  least_days: 30,
  most_strikes: 0,
  exempt_roles: ['owner', 'admin'],
  top: 0.98,
  floors: { people: 5, shares: 5, influence: 10 },
  probation: { label: '班长考察期', weeks: 2, pass: 60, passed: '考察合格', failed: '考察未通过' },
};

export const { plugin, scorer } = defineScorer<Partial<Settings>>({
  manifest,
  configure(given) {
    const settings: Settings = {
      ...DEFAULTS,
      ...given,
      weights: { ...DEFAULTS.weights, ...given.weights },
      floors: { ...DEFAULTS.floors, ...given.floors },
      probation: { ...DEFAULTS.probation, ...given.probation },
    };
    if (settings.best_answer_minutes >= settings.worst_answer_minutes) {
      throw new Refusal('best_answer_minutes is below worst_answer_minutes');
    }
    return (members) => score(members, settings);
  },
});

function score(members: Table, settings: Settings): void {
  const quantile = (column: string) => members.quantile(column, settings.top);
  const audience = quantile('reactions_received.people@90d') + quantile('replies_received.people@90d');
  const tops = {
    people: top(quantile('helped.people@90d'), settings.floors.people),
    shares: top(quantile('shares.days@90d'), settings.floors.shares),
    influence: top(audience, settings.floors.influence),
  };
  const columns: number[][] = REASONS.map(() => []);
  people(members, settings).forEach((person, row) => {
    const { points, exclusion, label } = judge(person, tops, settings);
    points.forEach((points, reason) => columns[reason]?.push(points));
    if (exclusion !== undefined) members.exclude(row, exclusion);
    if (label !== undefined) members.label(row, label);
  });
  REASONS.forEach((reason, column) => members.contribute(reason, columns[column] ?? []));
}

/** The rows of the table. */
function people(members: Table, settings: Settings): Person[] {
  const days = settings.probation.weeks * 7;
  const numbers = (column: string) => members.numbers(column);
  const [memberDays, strikes] = [numbers('member_days'), numbers('strikes')];
  const [roles, labels, since] = [members.texts('roles'), members.texts('labels'), members.texts('attribute:probation_since')];
  const [online, answerMs, timed] = [numbers('presence_minutes@30d'), numbers('answer_ms@90d'), numbers('answers_timed@90d')];
  const [helped, shares] = [numbers('helped.people@90d'), numbers('shares.days@90d')];
  const [reacted, replied] = [numbers('reactions_received.people@90d'), numbers('replies_received.people@90d')];
  const trial = ['presence_minutes', 'messages.days', 'helped.people', 'strikes'].map((name) => numbers(`${name}@${days}d`));
  const at = members.parameter('at') ?? '';
  const value = (column: number[] | undefined, row: number) => column?.[row] ?? NaN;
  return memberDays.map((memberDays, row) => ({
    memberDays,
    strikes: value(strikes, row),
    roles: (roles[row] ?? '').split('\n'),
    labels: (labels[row] ?? '').split('\n'),
    onlineMinutes: value(online, row) / 30,
    answerMinutes: value(answerMs, row) / value(timed, row) / 60_000,
    people: value(helped, row),
    shareDays: value(shares, row),
    audience: value(reacted, row) + value(replied, row),
    probation: {
      onlineMinutes: value(trial[0], row) / days,
      present: value(trial[1], row) / days,
      people: value(trial[2], row),
      strikes: value(trial[3], row),
      days: daysSince(since[row] ?? '', at),
    },
  }));
}
