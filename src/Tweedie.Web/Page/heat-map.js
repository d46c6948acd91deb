// The candidates of one place over the steps, as in Figure 10 of the paper: a row per candidate, a column per step, as dark as it is probable. ᾱ stands under it.

import { drawing, element, keepChildren, setAttribute, setText } from './dom.js';
import { createCurve } from './curve.js';
import { textOf } from './words.js';

const MOST = 8;

/**
 * Makes the heat map.
 * @param {object} model
 * @param {Function} go Is called with the step that was pressed.
 */
export function createHeatMap(model, go) {
  const caption = element('figcaption');
  const labels = element('ol', { class: 'labels' });
  const cells = drawing('svg', { class: 'cells', preserveAspectRatio: 'none', role: 'img', hidden: true, onclick: press });
  const curve = createCurve(model);
  const root = element('figure', { class: 'heat' }, caption, labels, cells, curve.label, curve.root);
  let [drawn, count, rows] = ['', 1, []];

  function show(trajectory, index, place, name) {
    count = trajectory.count;
    const key = `${trajectory.steps.length}/${count}/${place}/${trajectory.request.id}`;
    if (key !== drawn) draw(trajectory, place);
    drawn = key;
    cells.removeAttribute('hidden');
    setText(caption, `Candidates of ${name} over the steps`);
    keepChildren(labels, rows, () => element('li', {}, element('span'), element('span')), (row, { token, probabilities }) => {
      setText(row.children[0], readable(token));
      setText(row.children[1], `${Math.round(probabilities[index] * 100)} %`);
      setAttribute(row, 'class', token === trajectory.steps[index].tokens[place] ? 'chosen' : null);
    });
    setAttribute(cells, 'aria-label', rows.map(({ token, probabilities }) => `${readable(token)} ${Math.round(probabilities[index] * 100)} %`).join(', '));
    cells.querySelector('.marker')?.setAttribute('x', index);
    curve.show(trajectory, index);
  }

  function draw(trajectory, place) {
    rows = trajectory.candidates(place, MOST);
    setAttribute(cells, 'viewBox', `0 0 ${count} ${Math.max(1, rows.length)}`);
    cells.style.setProperty('--rows', rows.length);
    cells.replaceChildren(
      ...rows.flatMap(({ probabilities }, row) => probabilities.map((probability, step) => {
        if (probability < 0.004) return null;
        const cell = drawing('rect', { class: 'cell', x: step, y: row + 0.06, width: 1, height: 0.88 });
        cell.style.setProperty('--settled', step / Math.max(1, count - 1));
        cell.style.setProperty('--sure', probability);
        return cell;
      }).filter(Boolean)),
      drawing('rect', { class: 'marker', x: 0, y: 0, width: 1, height: Math.max(1, rows.length) }));
  }

  function press(event) {
    const box = cells.getBoundingClientRect();
    go(Math.max(0, Math.min(count - 1, Math.floor((event.clientX - box.left) / box.width * count))));
  }

  /** Shows no candidates: nothing has run yet, or the steps list none. */
  function idle(trajectory = null, index = 0) {
    [drawn, rows] = ['', []];
    cells.setAttribute('hidden', '');
    labels.replaceChildren();
    setText(caption, '');
    curve.show(trajectory, index);
  }

  return { root, show, idle };
}

const readable = token => textOf(token).replaceAll('\n', '↵').replaceAll(' ', '␣') || '␣';
