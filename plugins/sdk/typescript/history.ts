import { Query as RawQuery } from 'usher:plugin/history@0.1.0';
import { Event } from './event';

/**
 * A question about the group's past, narrowed step by step:
 * `new Query().kind('message.').actor(id).within(60_000).count`. Needs the capability `history`.
 */
export class Query {
  private readonly raw = new RawQuery();

  /** Only kinds that begin so. */
  kind(prefix: string): this {
    this.raw.kind(prefix);
    return this;
  }

  /** Only events about this member. */
  actor(id: string): this {
    this.raw.actor(id);
    return this;
  }

  /** Only the last `milliseconds` before this event. */
  within(milliseconds: number): this {
    this.raw.within(milliseconds);
    return this;
  }

  /** Only events whose folded text is at least this similar (0 to 1) to this event's. */
  similar(least: number): this {
    this.raw.similar(least);
    return this;
  }

  /** How many there are. */
  get count(): number {
    return this.raw.count();
  }

  /** Newest first, at most `limit`. */
  latest(limit: number): Event[] {
    return this.raw.latest(limit).map((event) => new Event(event));
  }

  /** How many members they are about. */
  get distinctActors(): number {
    return this.raw.distinctActors();
  }
}
