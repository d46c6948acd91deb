// Whether the server is there. When it is lost, this asks again and again, and says so.

import { element, setText } from './dom.js';

const WAITS = [1, 2, 4, 8, 15];

/**
 * Shows the connection, and finds it again.
 * @param {HTMLElement} place Where it is shown.
 * @param {Function} answers Asks the server whether it is there.
 */
export function createConnection(place, answers) {
  const text = element('span', { role: 'status' });
  const countdown = element('span', { 'aria-hidden': 'true' });
  const now = element('button', { type: 'button', hidden: true }, 'Try now');
  place.append(text, countdown, now);
  let search = null;

  function show(state, message) {
    place.dataset.state = state;
    setText(text, message);
    setText(countdown, '');
    now.hidden = state !== 'lost';
  }

  async function wait(seconds) {
    let tried = false;
    const skip = () => { tried = true; };
    now.addEventListener('click', skip);
    for (let tenths = seconds * 10; tenths > 0 && !tried; tenths--) {
      setText(countdown, ` Next try in ${Math.ceil(tenths / 10)} s.`);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    now.removeEventListener('click', skip);
  }

  async function find() {
    show('lost', 'The server does not answer.');
    for (let attempt = 0; ; attempt++) {
      await wait(WAITS[Math.min(attempt, WAITS.length - 1)]);
      if (await answers()) break;
    }
    show('there', 'Connected again.');
  }

  return {
    there: () => search === null && show('there', 'Connected'),
    /** Resolves once the server answers again. */
    lost: () => (search ??= find().finally(() => { search = null; })),
  };
}
