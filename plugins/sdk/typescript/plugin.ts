import type { Event as RawEvent } from 'usher:plugin/events@0.1.0';
import { Event } from './event';
import { log } from './log';

/** What a plugin is and what it asks for; what the operator grants may be less. */
export interface Manifest {
  /** kebab-case, and unique on the host. */
  name: string;
  /** Of the plugin: `1.2.3`. */
  version: string;
  /** What it is for, in one sentence. */
  summary?: string;
  /** Kinds of events that it wants to see, for example `message.created`. */
  events: string[];
  /** What it needs: `members`, `history`, `state`, `strikes`, `timers`, `word-lists`, `action:warn`, ... */
  capabilities?: string[];
  /** The JSON Schema of its settings. */
  settings_schema?: object;
}

/** A plugin that judges events. */
export interface Check<Settings> {
  manifest: Manifest;
  /**
   * Builds what every call starts from. Called once; the host snapshots the plugin after it. The settings fit the
   * manifest's schema. What it throws is shown to the operator.
   */
  configure(settings: Settings): Judge;
}

/**
 * Judges one event through findings and actions; saying nothing is to abstain. What it throws means that the plugin could
 * not judge: its effects are dropped and the operator's failure policy applies.
 */
export type Judge = (event: Event) => void;

/** A refusal that is meant: its message is shown as it is, without a stack. */
export class Refusal extends Error {}

/** The component's exports: `export const { plugin, checker } = definePlugin({ ... })`. */
export function definePlugin<Settings>(definition: Check<Settings>) {
  const { plugin, call } = built(definition);
  return { plugin, checker: { check: (event: RawEvent): void => call((judge) => judge(new Event(event))) } };
}

/** What is the same whatever the hook: the manifest, and what `configure` leaves for every call. */
export function built<Settings, Hook>(definition: { manifest: object; configure(settings: Settings): Hook }) {
  let hook: Hook | undefined;
  return {
    plugin: {
      describe: (): string => JSON.stringify({ contract: '0.1.0', ...definition.manifest }),
      configure: (settings: string): void =>
        telling(() => {
          hook = definition.configure((JSON.parse(settings) ?? {}) as Settings);
        }),
    },
    call: (work: (hook: Hook) => void): void =>
      telling(() => {
        if (hook !== undefined) work(hook);
      }),
  };
}

/** The contract's errors are texts, and an error's stack goes to the log, where the author finds it. */
function telling(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && !(error instanceof Refusal)) {
      log.error(`${error.name}: ${error.message}\n${error.stack ?? ''}`.trimEnd());
      throw `${error.name}: ${error.message}`;
    }
    throw error instanceof Refusal ? error.message : String(error);
  }
}
