import type { Table as RawTable } from 'usher:plugin/tables@0.1.0';

/** Where the population is asked about for {@link Table.standing}: each hundredth. */
const SHARES = Array.from({ length: 101 }, (_, step) => step / 100);

/** Some of the members or items of a run. Each column has a value for each row, in the same order. */
export class Table {
  constructor(private readonly raw: RawTable) {}

  /** How many rows there are. */
  get length(): number {
    return this.raw.size();
  }

  /** Who or what the rows are. */
  get ids(): string[] {
    return this.raw.ids();
  }

  /** A column of numbers that the manifest named; NaN where the value is not known. Throws when it did not name it. */
  numbers(column: string): number[] {
    return Array.from(asked(() => this.raw.numbers(column)));
  }

  /** A column of texts that the manifest named; empty where the value is not known. Throws when it did not name it. */
  texts(column: string): string[] {
    return asked(() => this.raw.texts(column));
  }

  /**
   * Quantiles of a column of numbers over the whole population, not only this table; each share is from 0 to 1. NaN when
   * nothing is known of anybody.
   */
  quantiles(column: string, shares: number[]): number[] {
    return Array.from(asked(() => this.raw.quantiles(column, shares)));
  }

  /** One of the {@link quantiles}. */
  quantile(column: string, share: number): number {
    return this.quantiles(column, [share])[0] ?? NaN;
  }

  /**
   * For each row, the share of the whole population (0 to 1) that has less in a column of numbers, exact to a hundredth;
   * NaN where the row's value is not known. The least that anybody has stands at 0, however many have it.
   */
  standing(column: string): number[] {
    const quantiles = this.quantiles(column, SHARES);
    return this.numbers(column).map((value) => standing(quantiles, value));
  }

  /**
   * Adds to every row's score, with the reason that people will read. The score is the sum of all contributions. Throws
   * when there is not exactly one number a row, or one of them is NaN: say what a missing value is worth.
   */
  contribute(reason: string, points: number[]): void {
    asked(() => this.raw.contribute(reason, points));
  }

  /** A row that can't be chosen, whatever its score, and why. */
  exclude(row: number, reason: string): void {
    this.raw.exclude(row, reason);
  }

  /** A word for a row. */
  label(row: number, label: string): void {
    this.raw.label(row, label);
  }

  /** Why this table is asked for, by name: `slot`, `at`, `limit`, ... */
  parameter(name: string): string | undefined {
    return this.raw.parameter(name) ?? undefined;
  }
}

/** The share that has less, by quantiles at even steps from the least to the most. */
export function standing(quantiles: number[], value: number): number {
  const last = quantiles.length - 1;
  if (last < 1 || Number.isNaN(value) || quantiles.some(Number.isNaN)) return NaN;
  const above = quantiles.findIndex((quantile) => quantile >= value);
  if (above === 0) return 0;
  if (above < 0) return 1;
  const low = quantiles[above - 1] as number;
  return (above - 1 + (value - low) / ((quantiles[above] as number) - low)) / last;
}

/** What the host refuses comes as a text, or as an error around one. */
function asked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error));
  }
}
