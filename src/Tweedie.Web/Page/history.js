// All steps of a run below each other, as text, with the words that have just changed marked.

import { element } from './dom.js';
import { isExact, isSpecial, textOf } from './words.js';

/** Makes the list of all steps, which is drawn once it is open. */
export function createHistory(model) {
  const body = element('tbody');
  const root = element('details', { class: 'history', hidden: true, ontoggle: () => draw() },
    element('summary', {}, 'All steps'),
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `All steps of ${model.name}` }, element('table', {},
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Step'), element('th', { scope: 'col' }, 't'), element('th', { scope: 'col' }, 'ᾱ'), element('th', { scope: 'col' }, 'Prediction'))),
      body)));
  let [trajectory, drawn] = [null, ''];

  function draw() {
    if (!root.open || root.hidden) return;
    const key = `${trajectory.request.id}/${trajectory.steps.length}`;
    if (key === drawn) return;
    drawn = key;
    const exact = isExact(trajectory.steps.at(-1).tokens);
    body.replaceChildren(...trajectory.steps.map((step, index) => element('tr', {},
      element('td', {}, String(index + 1)), element('td', {}, String(step.timestep ?? '')), element('td', {}, step.alphaBar?.toFixed(3) ?? ''),
      element('td', { class: exact ? 'exact' : null }, ...pieces(step.tokens, trajectory.steps[index - 1]?.tokens, exact)))));
  }

  function pieces(tokens, before, exact) {
    const end = model.kind === 'captioner' ? tokens.findIndex(isSpecial) : -1;
    return (end < 0 ? tokens : tokens.slice(0, end)).flatMap((token, place) => [
      exact || place === 0 || token.startsWith('##') ? '' : ' ',
      before && before[place] !== token ? element('mark', {}, textOf(token)) : textOf(token)]);
  }

  return {
    root,
    show(now) {
      trajectory = now;
      root.hidden = now.steps.length === 0;
      draw();
    },
  };
}
