// Finds words in messages: the same plugin as `../../starlingmonkey` and `../../python`, for the tests and figures of heavy
// guests.

import { type Event, Finding, Refusal, definePlugin, fold } from 'usher-plugin';

interface Settings {
  words?: string[];
}

// How many events this instance has judged.
let judged = 0;

export const { plugin, checker } = definePlugin<Settings>({
  manifest: {
    name: 'words-quickjs',
    version: '0.1.0',
    summary: 'Finds words in messages.',
    events: ['message.created'],
    settings_schema: {
      type: 'object',
      properties: { words: { type: 'array', items: { type: 'string', minLength: 1 } } },
      additionalProperties: false,
    },
  },

  configure({ words = [] }) {
    if (words.includes('refuse')) throw new Refusal('this word is refused');
    const folded = words.map((word) => fold(word));
    return (event: Event) => {
      judged += 1;
      const text = event.foldedText;
      for (const word of folded) {
        const at = text.indexOf(word);
        if (at < 0) continue;
        new Finding('word', 'medium')
          .span(event.original(at, at + word.length))
          .evidence('word', word)
          .evidence('judged', String(judged));
      }
    };
  },
});
