import type { Table as RawTable } from 'usher:plugin/tables@0.1.0';
import { type Manifest, built } from './plugin';
import { Table } from './table';

/** What a plugin is that scores or ranks, and what it wants to see. */
export interface TableManifest extends Omit<Manifest, 'events' | 'capabilities'> {
  /**
   * Columns that its tables have: `messages@30d`, `helped.people@90d`, `member_days`, `attribute:city` of members,
   * `reads.segment@7d`, `age_hours`, `topic` of items.
   */
  columns: string[];
}

/**
 * Judges one table through its contributions, exclusions and labels. A run has more rows than a table: what a row is worth
 * must depend on that row, on quantiles of the whole population and on the settings, and not on the other rows. What it
 * throws means that the plugin could not judge: the whole run fails with its words.
 */
export type TableJudge = (table: Table) => void;

/** A plugin that scores members. */
export interface Score<Settings> {
  manifest: TableManifest;
  /** Builds what every call starts from. Called once. What it throws is shown to the operator. */
  configure(settings: Settings): TableJudge;
}

/** A plugin that ranks what could be shown in a group or to a member. */
export interface Rank<Settings> {
  manifest: TableManifest;
  /** Builds what every call starts from. Called once. What it throws is shown to the operator. */
  configure(settings: Settings): TableJudge;
}

/** The component's exports: `export const { plugin, scorer } = defineScorer({ ... })`. */
export function defineScorer<Settings>(definition: Score<Settings>) {
  const { plugin, call } = built(definition);
  return { plugin, scorer: { score: (members: RawTable): void => call((judge) => judge(new Table(members))) } };
}

/** The component's exports: `export const { plugin, ranker } = defineRanker({ ... })`. */
export function defineRanker<Settings>(definition: Rank<Settings>) {
  const { plugin, call } = built(definition);
  return { plugin, ranker: { rank: (items: RawTable): void => call((judge) => judge(new Table(items))) } };
}
