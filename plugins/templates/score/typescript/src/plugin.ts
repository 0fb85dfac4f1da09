// Scores members who help others and are often there.

import { type Table, defineScorer } from 'usher-plugin';

interface Settings {
  helping?: number;
  being_active?: number;
  least_days?: number;
}

export const { plugin, scorer } = defineScorer<Settings>({
  manifest: {
    name: '{{name}}',
    version: '0.1.0',
    summary: 'Scores members who help others and are often there.',
    columns: ['answers@90d', 'messages.days@30d', 'member_days'],
    settings_schema: {
      type: 'object',
      properties: {
        helping: { type: 'number', minimum: 0, default: 60 },
        being_active: { type: 'number', minimum: 0, default: 40 },
        least_days: { type: 'integer', minimum: 0, default: 30 },
      },
      additionalProperties: false,
    },
  },

  configure({ helping = 60, being_active = 40, least_days = 30 }) {
    return (members: Table) => {
      // Where each member stands among all, not only among those of this table.
      members.contribute('帮助他人', points(members.standing('answers@90d'), helping));
      members.contribute('经常在群里', points(members.standing('messages.days@30d'), being_active));
      members.numbers('member_days').forEach((days, row) => {
        if (days < least_days) members.exclude(row, `入群不满${least_days}天`);
      });
    };
  },
});

/** What is not known is worth nothing. */
function points(standing: number[], weight: number): number[] {
  return standing.map((share) => (Number.isNaN(share) ? 0 : share * weight));
}
