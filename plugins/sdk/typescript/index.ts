/**
 * Write Usher plugins in TypeScript or JavaScript.
 *
 * A plugin is built from settings once and then judges one event at a time ({@link definePlugin}), or a table of members
 * or of items ({@link defineScorer}, {@link defineRanker}). The host snapshots it after `configure`, and
 * every event meets a fresh copy of that snapshot: build what is expensive in `configure`, and don't try to remember
 * anything in variables (that is what {@link state} is for).
 */
export { Event, Group, Member } from './event';
export { Action, Finding, type Severity, approve, strike } from './effects';
export { Query } from './history';
export { log } from './log';
export { type Check, type Judge, type Manifest, Refusal, definePlugin } from './plugin';
export { type Rank, type Score, type TableJudge, type TableManifest, defineRanker, defineScorer } from './scorer';
export { state } from './state';
export { Table } from './table';
export { type Hit, type Span, WordList, byteLength, fold } from './text';
export { type Fired, timers } from './timers';
