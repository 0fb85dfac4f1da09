// Whom a push is for. The only file that talks to the host.

import { type Table, defineRanker } from 'usher-plugin';
import { type Person, REASONS, type Settings, judge, words } from './segment';
import manifest from './manifest.json';

const DEFAULTS: Settings = {
  weights: { region: 20, interest: 30, level: 15, behaviour: 20, priority: 10, fresh: 5 },
  region_attribute: 'region',
  interest_attribute: 'interest',
  levels: ['铁粉·一级', '铁粉·二级', '铁粉·三级', '铁粉·四级', '铁粉·五级', '死硬分子'],
  half_life_days: 3,
};

export const { plugin, ranker } = defineRanker<Partial<Settings>>({
  manifest,
  configure(given) {
    const settings: Settings = { ...DEFAULTS, ...given, weights: { ...DEFAULTS.weights, ...given.weights } };
    return (items) => rank(items, settings);
  },
});

function rank(items: Table, settings: Settings): void {
  const recipient = person(items, settings);
  const texts = (name: string) => items.texts(`attribute:for_${name}`);
  const [regions, interests, levels, behaviours] = [texts('region'), texts('interest'), texts('level'), texts('behaviour')];
  const priorities = items.numbers('attribute:priority');
  const columns: number[][] = REASONS.map(() => []);
  items.numbers('age_hours').forEach((ageHours, row) => {
    const push = {
      regions: words(regions[row] ?? ''),
      interests: words(interests[row] ?? ''),
      level: (levels[row] ?? '').trim(),
      behaviours: words(behaviours[row] ?? ''),
      priority: priorities[row] ?? NaN,
      ageHours,
    };
    const { points, exclusion, label } = judge(push, recipient, settings);
    points.forEach((points, reason) => columns[reason]?.push(points));
    if (exclusion !== undefined) items.exclude(row, exclusion);
    if (label !== undefined) items.label(row, label);
  });
  REASONS.forEach((reason, column) => items.contribute(reason, columns[column] ?? []));
}

/** Whom the pushes are for. Without a member nobody is known, and only what is for everybody fits. */
function person(items: Table, settings: Settings): Person {
  const attribute = (name: string) => words(items.parameter(`attribute:${name}`) ?? '');
  return {
    regions: attribute(settings.region_attribute),
    interests: attribute(settings.interest_attribute),
    labels: words(items.parameter('member_labels') ?? ''),
  };
}
