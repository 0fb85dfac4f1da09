// Finds words that a group does not want.

import { Action, type Event, Finding, definePlugin, fold } from 'usher-plugin';

interface Settings {
  words?: string[];
  warning?: string;
}

export const { plugin, checker } = definePlugin<Settings>({
  manifest: {
    name: '{{name}}',
    version: '0.1.0',
    summary: 'Finds words that a group does not want.',
    events: ['message.created'],
    capabilities: ['action:warn'],
    settings_schema: {
      type: 'object',
      properties: {
        words: { type: 'array', items: { type: 'string', minLength: 1 }, default: [] },
        warning: { type: 'string', minLength: 1, default: '请文明发言' },
      },
      additionalProperties: false,
    },
  },

  configure({ words = [], warning = '请文明发言' }) {
    // Folded as the host folds texts, once: every event starts from here.
    const folded = words.map((word) => ({ word, folded: fold(word) }));
    return (event: Event) => {
      const text = event.foldedText;
      const hit = folded.find(({ folded }) => text.includes(folded));
      if (!hit) return;
      const at = text.indexOf(hit.folded);
      new Finding('unwanted-word', 'medium')
        .message(`“${hit.word}”不受欢迎`)
        .span(event.original(at, at + hit.folded.length))
        .evidence('word', hit.word);
      new Action('warn').text(warning);
    };
  },
});
