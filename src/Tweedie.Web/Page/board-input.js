// What can be done with a board or a row beside writing into its cells.

import { element } from './dom.js';
import { boardOf, puzzle } from './sudoku.js';

/** Makes the board's part of the controls. */
export function createBoardInput({ store }) {
  const fresh = element('button', { type: 'button', onclick: deal }, 'New puzzle');
  const root = element('div', { class: 'input board-input' },
    element('div', { class: 'buttons' }, fresh,
      element('button', { type: 'button', onclick: () => store.set({ givens: {} }) }, 'Clear')),
    element('p', { class: 'hint' }, 'Write into the cells what is known, or leave all of them open to draw a new row.'));

  const board = () => {
    const { models, chosen } = store.get();
    const model = models.find(({ name }) => name === chosen[0]);
    return model?.columns ? boardOf(model.columns) : null;
  };
  // What was given belongs to the columns that it was given for.
  let columns = '';
  store.watch(['chosen'], ({ models, chosen }) => {
    fresh.hidden = !board()?.box;
    const now = JSON.stringify(models.find(({ name }) => name === chosen[0])?.columns ?? null);
    if (now !== columns && chosen.length) store.set({ givens: {} });
    if (chosen.length) columns = now;
  });

  function deal() {
    const cells = puzzle(board(), 0.45);
    store.set({ givens: Object.fromEntries(cells.flatMap((entry, place) => entry === null ? [] : [[place, entry]])) });
  }

  return { root };
}
