import { write } from 'usher:plugin/log@0.1.0';

/** Lines for the author and the operator; never part of a decision. */
export const log = {
  debug: (message: unknown): void => write('debug', String(message)),
  info: (message: unknown): void => write('info', String(message)),
  warn: (message: unknown): void => write('warn', String(message)),
  error: (message: unknown): void => write('error', String(message)),
};
