import { start, stop } from 'usher:plugin/timers@0.1.0';
import type { Event } from './event';

/** A timer that came back: what it was started as, and what the plugin wanted to be told. */
export interface Fired {
  readonly name: string;
  readonly note: string;
}

/**
 * Events that the plugin sends to itself. Needs the capability `timers`. A timer comes back as an event of the kind
 * `timer.fired`, whether or not the manifest lists it. Nobody is its actor, so its actions name their member.
 */
export const timers = {
  /** Starting it again moves it. */
  start(name: string, milliseconds: number, note = ''): void {
    start(name, milliseconds, note);
  },

  stop(name: string): void {
    stop(name);
  },

  /** The timer that this event is; undefined when it is another event. */
  fired(event: Event): Fired | undefined {
    if (event.kind !== 'timer.fired') return undefined;
    return { name: event.payload<string>('/name') ?? '', note: event.payload<string>('/note') ?? '' };
  },
};
