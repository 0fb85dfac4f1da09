import { type Hit, WordList as RawWordList, fold as rawFold } from 'usher:plugin/text@0.1.0';

/** A part of a text, in bytes of UTF-8: that is how the host counts. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a word list found: `entry` is the entry of the list that stands at `start..end` of the text as written. */
export type { Hit };

/** Any text, folded as {@link Event.foldedText} is. May be used in `configure` too. */
export function fold(text: string): string {
  return rawFold(text);
}

/** A word list that the brand keeps. Needs the capability `word-lists`. */
export class WordList {
  private constructor(private readonly raw: RawWordList) {}

  /** None when the brand has no list of that name. */
  static open(name: string): WordList | undefined {
    const raw = RawWordList.open(name);
    return raw ? new WordList(raw) : undefined;
  }

  /** Hits in this event's text; allow-listed phrases already removed. */
  get hits(): Hit[] {
    return this.raw.hits();
  }

  /** Hits in any other text. */
  hitsIn(text: string): Hit[] {
    return this.raw.hitsIn(text);
  }
}

/** How many bytes of UTF-8 a text takes. */
export function byteLength(text: string): number {
  let count = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0;
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return count;
}

/** The bytes of a text in UTF-8. */
export function encode(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return Uint8Array.from(bytes);
}

/** The text that these bytes of UTF-8 are. */
export function decode(bytes: Uint8Array): string {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  return decodeURIComponent(escaped);
}
