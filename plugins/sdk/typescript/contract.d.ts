// The contract as the component's toolchain shows it. The other modules give it the shape that authors see.

declare module 'usher:plugin/events@0.1.0' {
  export interface Event {
    id(): string;
    kind(): string;
    at(): number | bigint;
    group(): Group;
    actor(): Member | null | undefined;
    text(): string;
    foldedText(): string;
    unfold(start: number, end: number): [number, number];
    media(): string[];
    links(): string[];
    mentions(): string[];
    field(pointer: string): string | null | undefined;
  }
  export interface Member {
    id(): string;
    name(): string;
    roles(): string[];
    joinedAt(): number | bigint | null | undefined;
    labels(): string[];
    strikes(): number;
    attribute(name: string): string | null | undefined;
  }
  export interface Group {
    id(): string;
    brand(): string;
    kind(): string;
    name(): string;
    size(): number;
    labels(): string[];
    attribute(name: string): string | null | undefined;
    localTime(at: number): string;
  }
}

declare module 'usher:plugin/history@0.1.0' {
  import type { Event } from 'usher:plugin/events@0.1.0';
  export class Query {
    kind(prefix: string): void;
    actor(id: string): void;
    within(milliseconds: number): void;
    similar(least: number): void;
    count(): number;
    latest(limit: number): Event[];
    distinctActors(): number;
  }
}

declare module 'usher:plugin/state@0.1.0' {
  export function get(key: string): Uint8Array | null | undefined;
  export function put(key: string, value: Uint8Array): void;
  export function putFor(key: string, value: Uint8Array, milliseconds: number): void;
  function remove(key: string): void;
  export { remove as delete };
  export function add(counter: string, amount: number): void;
  export function sum(counter: string, milliseconds: number): number | bigint;
}

declare module 'usher:plugin/text@0.1.0' {
  export interface Hit {
    entry: string;
    start: number;
    end: number;
  }
  export class WordList {
    static open(name: string): WordList | null | undefined;
    hits(): Hit[];
    hitsIn(text: string): Hit[];
  }
  export function fold(text: string): string;
}

declare module 'usher:plugin/effects@0.1.0' {
  export class Finding {
    constructor(rule: string, severity: string);
    confidence(value: number): void;
    message(text: string): void;
    span(start: number, end: number): void;
    evidence(name: string, value: string): void;
  }
  export class Action {
    constructor(kind: string);
    member(id: string): void;
    text(text: string): void;
    lasts(milliseconds: number): void;
    detail(name: string, value: string): void;
  }
  export function approve(reason: string): void;
  export function strike(member: string, weight: number, expiresIn: number): void;
}

declare module 'usher:plugin/timers@0.1.0' {
  export function start(name: string, milliseconds: number, note: string): void;
  export function stop(name: string): void;
}

declare module 'usher:plugin/log@0.1.0' {
  export function write(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
}

declare module 'usher:plugin/tables@0.1.0' {
  export interface Table {
    size(): number;
    ids(): string[];
    numbers(column: string): number[];
    texts(column: string): string[];
    quantiles(column: string, at: number[]): number[];
    contribute(reason: string, points: number[]): void;
    exclude(row: number, reason: string): void;
    label(row: number, label: string): void;
    parameter(name: string): string | null | undefined;
  }
}
