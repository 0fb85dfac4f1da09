// Finds words in messages: the same plugin as `../quickjs` and `../python`, for the tests and figures of heavy guests.

import { Finding } from 'usher:plugin/effects@0.1.0';
import { fold } from 'usher:plugin/text@0.1.0';

const MANIFEST = {
  name: 'words-starlingmonkey',
  version: '0.1.0',
  summary: 'Finds words in messages.',
  events: ['message.created'],
  settings_schema: {
    type: 'object',
    properties: { words: { type: 'array', items: { type: 'string', minLength: 1 } } },
    additionalProperties: false,
  },
};

// As the settings say: folded once, before any event.
let words = [];
// How many events this instance has judged.
let judged = 0;

// Bytes of a text in UTF-8, which is how spans count.
function bytes(text) {
  let count = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0);
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return count;
}

export const plugin = {
  describe() {
    return JSON.stringify(MANIFEST);
  },
  configure(settings) {
    const wanted = JSON.parse(settings).words ?? [];
    if (wanted.includes('refuse')) {
      throw 'this word is refused';
    }
    words = wanted.map((word) => fold(word));
  },
};

export const checker = {
  check(event) {
    judged += 1;
    const text = event.foldedText();
    for (const word of words) {
      const at = text.indexOf(word);
      if (at < 0) {
        continue;
      }
      const start = bytes(text.slice(0, at));
      const [from, to] = event.unfold(start, start + bytes(word));
      const finding = new Finding('word', 'medium');
      finding.span(from, to);
      finding.evidence('word', word);
      finding.evidence('judged', String(judged));
    }
  },
};
