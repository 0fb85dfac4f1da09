import {
  Action as RawAction,
  Finding as RawFinding,
  approve as rawApprove,
  strike as rawStrike,
} from 'usher:plugin/effects@0.1.0';
import type { Span } from './text';

/** How grave a finding is. */
export type Severity = 'none' | 'low' | 'medium' | 'high' | 'severe';

/** Something the plugin found. It counts from its construction; the methods say more about it. */
export class Finding {
  private readonly raw: RawFinding;

  /** `rule` is a short kebab-case name, unique in the plugin: people filter by it. */
  constructor(rule: string, severity: Severity) {
    this.raw = new RawFinding(rule, severity);
  }

  /** 0 to 1; 1 when never said. */
  confidence(value: number): this {
    this.raw.confidence(value);
    return this;
  }

  /** For people; may be shown to the member. */
  message(text: string): this {
    this.raw.message(text);
    return this;
  }

  /** A part of the event's text as written; see {@link Event.original}. */
  span(span: Span): this {
    this.raw.span(span.start, span.end);
    return this;
  }

  /** What was read to come to this: a counter, a threshold, a list. */
  evidence(name: string, value: unknown): this {
    this.raw.evidence(name, String(value));
    return this;
  }
}

/** Something the plugin wants done. Each kind needs the capability `action:<kind>`. */
export class Action {
  private readonly raw: RawAction;

  /** `warn`, `reply`, `notify`, `hide`, `delete`, `mute`, `kick`, `label`, ...; about the actor, unless `member` says otherwise. */
  constructor(kind: string) {
    this.raw = new RawAction(kind);
  }

  /** The member it is about. */
  member(id: string): this {
    this.raw.member(id);
    return this;
  }

  /** What to say. */
  text(text: string): this {
    this.raw.text(text);
    return this;
  }

  /** How long a mute, a ban or a label lasts. */
  lasts(milliseconds: number): this {
    this.raw.lasts(milliseconds);
    return this;
  }

  /** What else this kind of action needs to know. */
  detail(name: string, value: unknown): this {
    this.raw.detail(name, String(value));
    return this;
  }
}

/** Explicitly fine: outweighs soft findings of others, never hard ones. */
export function approve(reason: string): void {
  rawApprove(reason);
}

/** A strike against a member. Needs the capability `action:strike`. */
export function strike(member: string, weight: number, expiresInMs: number): void {
  rawStrike(member, weight, expiresInMs);
}
