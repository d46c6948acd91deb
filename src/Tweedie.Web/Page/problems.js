// Faults that belong to no single model, in one line each, and what can be heard.

import { element } from './dom.js';

/** Makes the place for such faults. */
export function createProblems(place) {
  const clear = () => place.replaceChildren();
  return {
    clear,
    show: message => place.replaceChildren(element('p', { class: 'problem' }, message, element('button', { type: 'button', 'aria-label': 'Dismiss', onclick: clear }, '✕'))),
  };
}

/** Makes what a screen reader speaks: results, and never single steps. */
export function createAnnouncer(place) {
  return {
    clear: () => place.replaceChildren(),
    say: text => place.append(element('p', {}, text)),
  };
}
