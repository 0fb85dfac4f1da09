import * as raw from 'usher:plugin/state@0.1.0';
import { decode, encode } from './text';

/**
 * This plugin's own memory of this group. A call sees its own writes; they are kept only if the decision commits. Needs
 * the capability `state`. The values have a quota: give what there is one of for each member a time to be forgotten at.
 */
export const state = {
  /** The value under `key`, read as JSON; undefined when there is none, or none any more. */
  get<T>(key: string): T | undefined {
    const bytes = raw.get(key);
    return bytes ? (JSON.parse(decode(bytes)) as T) : undefined;
  },

  /** Keeps `value` as JSON; with `milliseconds`, it is forgotten this long after the event. */
  put(key: string, value: unknown, milliseconds?: number): void {
    const bytes = encode(JSON.stringify(value));
    if (milliseconds === undefined) raw.put(key, bytes);
    else raw.putFor(key, bytes, milliseconds);
  },

  delete(key: string): void {
    raw.delete(key);
  },

  /** Add to a counter that remembers when. */
  add(counter: string, amount = 1): void {
    raw.add(counter, amount);
  },

  /** Sum over the last `milliseconds` before this event. */
  sum(counter: string, milliseconds: number): number {
    return Number(raw.sum(counter, milliseconds));
  },
};
