// Asks everything that the contract offers, and says what it was told.

import {
  Action,
  type Event,
  Finding,
  type Group,
  type Hit,
  type Member,
  Query,
  Refusal,
  WordList,
  approve,
  definePlugin,
  fold,
  log,
  state,
  strike,
  timers,
} from 'usher-plugin';

interface Settings {
  greeting: string;
}

export const { plugin, checker } = definePlugin<Settings>({
  manifest: {
    name: 'conformance',
    version: '0.1.0',
    summary: 'Asks everything, and says what it was told.',
    events: ['message.created', 'redpacket.sent'],
    capabilities: [
      'members',
      'strikes',
      'word-lists',
      'history',
      'state',
      'timers',
      'action:mute',
      'action:notify',
      'action:strike',
    ],
    settings_schema: {
      type: 'object',
      properties: { greeting: { type: 'string' } },
      required: ['greeting'],
      additionalProperties: false,
    },
  },

  configure({ greeting }) {
    if (greeting === 'refuse') throw new Refusal('refused as asked');
    log.info(`configured for ${fold(greeting)}`);
    return (event) => check(event, greeting);
  },
});

function check(event: Event, greeting: string): void {
  log.debug(event.kind);
  const fired = timers.fired(event);
  if (fired) {
    new Finding('fired', 'low').evidence('name', fired.name).evidence('note', fired.note);
    new Action('notify').member('u1').text(greeting);
    return;
  }
  const text = event.text;
  if (text === 'fail') throw new Refusal('failed as asked');
  if (text === 'approve') return approve('as asked');
  tellEvent(event, greeting);
  const actor = event.actor;
  if (actor) tellMember(actor);
  tellGroup(event.group, event.at);
  tellHistory(event);
  tellState(text);
  tellText();
  if (text.includes('act')) {
    new Action('mute').member('u2').text(text).lasts(60_000).detail('why', 'asked');
    strike('u2', 2, 86_400_000);
    timers.start('later', 5_000, text);
  }
  if (text === 'stop') timers.stop('later');
}

function tellEvent(event: Event, greeting: string): void {
  const finding = new Finding('event', 'none').confidence(0.5).message(greeting);
  const folded = event.foldedText;
  if (folded) finding.span(event.original(0, folded.length));
  finding
    .evidence('id', event.id)
    .evidence('kind', event.kind)
    .evidence('at', event.at)
    .evidence('text', event.text)
    .evidence('folded', folded)
    .evidence('media', event.media.join(','))
    .evidence('links', event.links.join(','))
    .evidence('mentions', event.mentions.join(','))
    .evidence('amount', event.payload<number>('/amounts/0') ?? '-');
}

function tellMember(member: Member): void {
  new Finding('member', 'low')
    .evidence('id', member.id)
    .evidence('name', member.name)
    .evidence('roles', member.roles.join(','))
    .evidence('joined', member.joinedAt ?? '-')
    .evidence('labels', member.labels.join(','))
    .evidence('strikes', member.strikes)
    .evidence('city', member.attribute('city') ?? '-')
    .evidence('none', member.attribute('none') ?? '-');
}

function tellGroup(group: Group, at: number): void {
  new Finding('group', 'medium')
    .evidence('id', group.id)
    .evidence('brand', group.brand)
    .evidence('kind', group.kind)
    .evidence('name', group.name)
    .evidence('size', group.size)
    .evidence('labels', group.labels.join(','))
    .evidence('city', group.attribute('city') ?? '-')
    .evidence('time', group.localTime(at));
}

function tellHistory(event: Event): void {
  const own = new Query().kind('message.').within(3_600_000);
  const actor = event.actor;
  if (actor) own.actor(actor.id);
  const latest = new Query().latest(2);
  new Finding('history', 'high')
    .evidence('own', own.count)
    .evidence('similar', new Query().similar(0.5).count)
    .evidence('actors', new Query().distinctActors)
    .evidence('latest', latest.map((event) => event.id).join(','));
}

function tellState(text: string): void {
  const before = state.get<string>('last');
  state.put('last', text);
  state.put('soon', text, 1_000);
  const soon = state.get<string>('soon');
  state.delete('soon');
  const gone = state.get<string>('soon');
  state.add('events', 2);
  new Finding('state', 'severe')
    .evidence('before', before ?? '-')
    .evidence('soon', soon ?? '-')
    .evidence('gone', gone ?? '-')
    .evidence('sum', state.sum('events', 60_000));
}

function tellText(): void {
  const list = WordList.open('words');
  const told = (hits: Hit[]) => hits.map(({ entry, start, end }) => `${entry}@${start}-${end}`).join(',');
  new Finding('text', 'low')
    .evidence('hits', list ? told(list.hits) : '-')
    .evidence('elsewhere', list ? told(list.hitsIn('再说加 V 信')) : '-')
    .evidence('missing', WordList.open('none') ? 'there' : '-')
    .evidence('folded', fold('ＡＢＣ 臺灣'));
}
