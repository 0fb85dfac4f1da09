import { fold } from 'usher-plugin';

/** What is asked, and what to say. */
export interface Entry {
  name?: string;
  keywords: string[];
  answer: string;
}

/** The entries, with their keywords folded as the host folds texts. */
export class Faq {
  private readonly entries: { entry: Entry; alternatives: string[][] }[];

  constructor(entries: Entry[]) {
    this.entries = entries.map((entry) => ({
      entry,
      alternatives: entry.keywords.map((keyword) => keyword.split('+').map((word) => fold(word.trim()))),
    }));
  }

  /** The entry with the longest keyword that is there; of several, the first. */
  find(folded: string): Entry | undefined {
    let best: { entry: Entry; length: number } | undefined;
    for (const { entry, alternatives } of this.entries) {
      for (const words of alternatives) {
        const length = words.join('').length;
        if (words.every((word) => folded.includes(word)) && length > (best?.length ?? 0)) best = { entry, length };
      }
    }
    return best?.entry;
  }
}

/** Whether somebody wants to know something. */
export function isQuestion(text: string, words: string[]): boolean {
  const lower = text.toLowerCase();
  return words.some((word) => lower.includes(word));
}
