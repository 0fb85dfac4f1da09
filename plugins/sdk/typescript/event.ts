import type { Event as RawEvent, Group as RawGroup, Member as RawMember } from 'usher:plugin/events@0.1.0';
import { type Span, byteLength } from './text';

/** One thing that happened in a group. Each property asks the host, and copies only what it returns. */
export class Event {
  constructor(private readonly raw: RawEvent) {}

  /** Chosen by whoever reported the event; the same id always gets the same decision. */
  get id(): string {
    return this.raw.id();
  }

  /** Dotted kind, for example `message.created`, `redpacket.sent`, `timer.fired`. */
  get kind(): string {
    return this.raw.kind();
  }

  /** When it happened: milliseconds since the Unix epoch. The only clock there is: `Date.now()` is not. */
  get at(): number {
    return Number(this.raw.at());
  }

  /** Where it happened. */
  get group(): Group {
    return new Group(this.raw.group());
  }

  /** The member it is about; undefined for what nobody did (a timer, say). */
  get actor(): Member | undefined {
    const actor = this.raw.actor();
    return actor ? new Member(actor) : undefined;
  }

  /** The text as written; empty when the event carries none. */
  get text(): string {
    return this.raw.text();
  }

  /**
   * The text folded for matching: width, case, traditional to simplified, confusables; invisible and inserted symbols
   * removed.
   */
  get foldedText(): string {
    return this.raw.foldedText();
  }

  /** Where `foldedText.slice(start, end)` stands in the text as written. */
  original(start: number, end: number): Span {
    const folded = this.foldedText;
    const from = byteLength(folded.slice(0, start));
    const [first, last] = this.raw.unfold(from, from + byteLength(folded.slice(start, end)));
    return { start: first, end: last };
  }

  /** Kinds of media attached: `image`, `voice`, `video`, `article`, `redpacket`, ... */
  get media(): string[] {
    return this.raw.media();
  }

  /** Addresses that the platform recognised as links, beside those that stand in the text. */
  get links(): string[] {
    return this.raw.links();
  }

  /** Ids of the members mentioned. */
  get mentions(): string[] {
    return this.raw.mentions();
  }

  /** One field of the payload, by JSON pointer (RFC 6901): `event.payload<number>('/amount_yuan')`. */
  payload<T>(pointer: string): T | undefined {
    const json = this.raw.field(pointer);
    return typeof json === 'string' ? (JSON.parse(json) as T) : undefined;
  }
}

/** A member of the group. Id, name and roles come with the event; the rest needs the capability `members`. */
export class Member {
  constructor(private readonly raw: RawMember) {}

  get id(): string {
    return this.raw.id();
  }

  /** The name shown in the group. */
  get name(): string {
    return this.raw.name();
  }

  /** `owner`, `admin`, `member`, ... */
  get roles(): string[] {
    return this.raw.roles();
  }

  /** Milliseconds since the Unix epoch; undefined when it is not known. */
  get joinedAt(): number | undefined {
    const at = this.raw.joinedAt();
    return at === null || at === undefined ? undefined : Number(at);
  }

  get labels(): string[] {
    return this.raw.labels();
  }

  /** Weight of the strikes that have not expired. Needs the capability `strikes`. */
  get strikes(): number {
    return this.raw.strikes();
  }

  /** What the brand keeps under this name. */
  attribute(name: string): string | undefined {
    return this.raw.attribute(name) ?? undefined;
  }
}

/** The group where the event happened. */
export class Group {
  constructor(private readonly raw: RawGroup) {}

  get id(): string {
    return this.raw.id();
  }

  get brand(): string {
    return this.raw.brand();
  }

  /** The brand's word for what this group is for: `product`, `interest`, ... */
  get kind(): string {
    return this.raw.kind();
  }

  get name(): string {
    return this.raw.name();
  }

  /** Members, as the brand last said. */
  get size(): number {
    return this.raw.size();
  }

  get labels(): string[] {
    return this.raw.labels();
  }

  /** What the brand keeps under this name. */
  attribute(name: string): string | undefined {
    return this.raw.attribute(name) ?? undefined;
  }

  /** The calendar of the group's time zone at a moment, as `2026-11-22T20:05:00+08:00[Asia/Shanghai]`. */
  localTime(at: number): string {
    return this.raw.localTime(at);
  }
}
