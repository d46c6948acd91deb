// The server's API: JSON, streams of steps, the key, and faults in the server's words.

import { readEvents } from './events.js';

/** Where the server is: the page may be served below another address. */
export const base = new URL('../', import.meta.url);

const BROKEN = 'The stream broke off.';

/** The server's answer to a request that it refuses. The message is its one line. */
export class Problem extends Error {
  constructor(status, problem, retryAfter) {
    super(problem?.detail || problem?.title || `The server answered ${status}.`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** The server does not answer, or a stream broke off. */
export class Disconnected extends Error { }

/**
 * Makes the client.
 * @param {object} keys Where the key is: `current()`, and `ask(message)`, which resolves once the user has given one and rejects if the user gives none.
 */
export function createApi(keys) {
  async function send(path, { body, accept = 'application/json', signal } = {}) {
    for (let refused = false; ; refused = true) {
      const key = keys.current();
      const headers = { Accept: accept, ...(key && { Authorization: `Bearer ${key}` }), ...(typeof body === 'string' && { 'Content-Type': 'application/json' }) };
      let response;
      try {
        response = await fetch(new URL(path, base), { method: body ? 'POST' : 'GET', body, headers, signal, cache: 'no-store' });
      } catch (fault) {
        throw disconnected(fault, signal, 'The server does not answer.');
      }
      if (response.ok) return response;
      const problem = await response.json().catch(() => null);
      if (response.status !== 401) throw new Problem(response.status, problem, response.headers.get('Retry-After'));
      await keys.ask(refused || key ? 'The server does not take this key.' : 'This server needs a key.');
    }
  }

  return {
    json: (path, options) => send(path, options).then(response => response.json()),
    blob: (path, options) => send(path, options).then(response => response.blob()),

    /** The events of a stream, up to its result. */
    async* stream(path, body, signal) {
      const response = await send(path, { body, accept: 'text/event-stream', signal });
      try {
        for await (const event of readEvents(response)) {
          if (event.type === 'error') throw new Problem(event.data.status, event.data);
          yield event;
          if (event.type === 'result') return;
        }
      } catch (fault) {
        throw fault instanceof Problem ? fault : disconnected(fault, signal, BROKEN);
      }
      throw new Disconnected(BROKEN);
    },

    /** Whether the server answers at all. */
    answers: () => fetch(new URL('health/live', base), { cache: 'no-store' }).then(() => true, () => false),
  };
}

function disconnected(fault, signal, message) {
  return signal?.aborted ? signal.reason : fault instanceof TypeError ? new Disconnected(message, { cause: fault }) : fault;
}
