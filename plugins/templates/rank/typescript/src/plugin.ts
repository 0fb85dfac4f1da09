// Ranks what is fresh, what is read, and what a group cares about.

import { type Table, defineRanker } from 'usher-plugin';

/** Times shown that an item needs before its reads are believed. */
const DOUBT = 40;

interface Settings {
  half_life_hours?: number;
  topics?: string[];
}

export const { plugin, ranker } = defineRanker<Settings>({
  manifest: {
    name: '{{name}}',
    version: '0.1.0',
    summary: 'Ranks what is fresh, what is read, and what a group cares about.',
    columns: ['age_hours', 'reads@30d', 'impressions@30d', 'topic'],
    settings_schema: {
      type: 'object',
      properties: {
        half_life_hours: { type: 'number', exclusiveMinimum: 0, default: 48 },
        topics: { type: 'array', items: { type: 'string', minLength: 1 }, default: [] },
      },
      additionalProperties: false,
    },
  },

  configure({ half_life_hours = 48, topics = [] }) {
    return (items: Table) => {
      const fresh = items.numbers('age_hours').map((age) => known(50 * 0.5 ** (age / half_life_hours)));
      items.contribute('新鲜', fresh);

      const shown = items.numbers('impressions@30d').map(known);
      const read = items.numbers('reads@30d').map((reads, row) => (50 * known(reads)) / ((shown[row] ?? 0) + DOUBT));
      items.contribute('读的人多', read);

      items.contribute('本群关心的话题', items.texts('topic').map((topic) => (topics.includes(topic) ? 10 : 0)));
    };
  },
});

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
