// The label at one step: the most probable classes as bars.

import { element, keepChildren, setAttribute, setText } from './dom.js';

const MOST = 8;

/** Makes the view of a classifier's answer. */
export function createBars(model) {
  const root = element('ol', { class: 'bars', 'aria-label': `Classes of ${model.name}` });

  function show(trajectory, index) {
    const chosen = trajectory.steps[index].tokens[0];
    const rows = trajectory.candidates(0, MOST).map(({ token, probabilities }) => ({ token, probability: probabilities[index] }))
      .sort((a, b) => b.probability - a.probability);
    keepChildren(root, rows, () => element('li', {}, element('span', { class: 'class' }), element('span', { class: 'bar' }), element('span', { class: 'share' })), (row, { token, probability }) => {
      const [name, bar, share] = row.children;
      setText(name, token);
      setText(share, `${(probability * 100).toFixed(1)} %`);
      bar.style.setProperty('--share', probability);
      setAttribute(row, 'class', token === chosen ? 'chosen' : null);
    });
    root.style.setProperty('--settled', trajectory.settled()[0] / Math.max(1, trajectory.count - 1));
  }

  return { root, show, clear: () => root.replaceChildren(), word: (trajectory, index) => ({ from: 0, to: 0, text: trajectory.steps[index].tokens[0] }) };
}
