// A row of a table at one step: a square board, such as a Sudoku, or a list of columns. What the user writes into a cell is given; the model fills the others.

import { element, setAttribute, setText } from './dom.js';
import { boardOf, conflicts } from './sudoku.js';

/** Makes the view of a row. */
export function createBoard(model, lane, { store }) {
  const board = boardOf(model.columns);
  const typed = board !== null && board.entries.every(entry => [...entry].length === 1);
  const cells = model.columns.map((column, place) => typed ? cellInput(column, place) : cellChoice(column, place));
  const grid = element('div', { class: board ? `board${board.box ? ' boxed' : ''}` : 'columns', role: 'group', 'aria-label': `Cells of ${model.name}`, onfocusin: choose, onkeydown: walk }, ...cells);
  const rules = element('p', { class: 'rules' });
  const root = element('div', {}, grid, rules);
  if (board) {
    grid.style.setProperty('--side', board.side);
    cells.forEach((cell, place) => {
      const [row, column] = [Math.floor(place / board.side), place % board.side];
      if (board.box && row > 0 && row % board.box[0] === 0) cell.classList.add('box-top');
      if (board.box && column > 0 && column % board.box[1] === 0) cell.classList.add('box-left');
    });
  }
  let [trajectory, index, chosen] = [null, 0, null];
  const leave = store.watch(['givens'], draw);

  function nameOf(place) {
    return board ? `Row ${Math.floor(place / board.side) + 1}, column ${place % board.side + 1}` : model.columns[place].name;
  }

  function cellInput(column, place) {
    const input = element('input', { inputmode: column.entries.every(entry => /\d/.test(entry)) ? 'numeric' : 'text', autocomplete: 'off', oninput: () => write(place, [...input.value.trim()].at(-1)), onfocus: () => input.select() });
    return element('div', { class: 'cell' }, input);
  }

  function cellChoice(column, place) {
    return element('div', { class: 'cell' }, element('span', { class: 'column' }, column.name),
      element('select', { onchange: event => write(place, event.target.value) }, element('option', { value: '' }, 'open'), ...column.entries.map(entry => element('option', { value: entry }, entry))),
      element('span', { class: 'predicted' }));
  }

  function write(place, entry) {
    const { [place]: _, ...others } = store.get().givens;
    store.set({ givens: entry && model.columns[place].entries.includes(entry) ? { ...others, [place]: entry } : others });
  }

  function draw() {
    const { givens } = store.get();
    const step = trajectory?.steps[index];
    const values = model.columns.map((_, place) => givens[place] ?? step?.tokens[place] ?? '');
    const wrong = board ? conflicts(board, values) : new Set();
    cells.forEach((cell, place) => {
      const [given, predicted] = [givens[place] !== undefined, step && givens[place] === undefined];
      cell.className = ['cell', given && 'given', predicted && (trajectory.settled()[place] <= index ? 'settled' : 'open'), wrong.has(place) && 'conflict', place === chosen && 'chosen',
        cell.classList.contains('box-top') && 'box-top', cell.classList.contains('box-left') && 'box-left'].filter(Boolean).join(' ');
      if (predicted) {
        cell.style.setProperty('--settled', trajectory.settled()[place] / Math.max(1, trajectory.count - 1));
        cell.style.setProperty('--sure', trajectory.confidence(index, place));
      }
      const control = cell.querySelector('input, select');
      const value = typed ? values[place] : givens[place] ?? '';
      if (control.value !== value) control.value = value;
      if (!typed) setText(cell.querySelector('.predicted'), predicted ? step.tokens[place] : '');
      setAttribute(control, 'aria-label', `${nameOf(place)}${given ? ', given' : predicted ? `, filled with ${step.tokens[place]}` : ', open'}${wrong.has(place) ? ', breaks the rules' : ''}`);
    });
    const full = values.every(value => value !== '');
    setText(rules, !board?.box ? '' : wrong.size ? `${wrong.size} cells break the rules.` : full ? 'Every row, column and box is right.' : '');
    rules.classList.toggle('right', full && wrong.size === 0);
  }

  function choose(event) {
    const place = cells.indexOf(event.target.closest('.cell'));
    if (trajectory) lane.select(place);
  }

  // The arrows go from cell to cell; delete opens one.
  function walk(event) {
    if (!board || event.target.tagName === 'SELECT') return;
    const place = cells.indexOf(event.target.closest('.cell'));
    const [row, column] = [Math.floor(place / board.side), place % board.side];
    const to = { ArrowLeft: column > 0 && place - 1, ArrowRight: column < board.side - 1 && place + 1, ArrowUp: row > 0 && place - board.side, ArrowDown: row < board.side - 1 && place + board.side }[event.key];
    if (event.key === 'Backspace' || event.key === 'Delete') write(place, null);
    else if (typeof to === 'number') cells[to].querySelector('input').focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    root,
    show(now, at, place) {
      [trajectory, index, chosen] = [now, at, place];
      draw();
    },
    clear() {
      [trajectory, chosen] = [null, null];
      draw();
    },
    leave,
    word: (now, at, place) => ({ from: place, to: place, text: now.steps[at].tokens[place], name: nameOf(place) }),
  };
}
