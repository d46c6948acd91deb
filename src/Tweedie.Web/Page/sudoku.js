// Square boards on which every row, column and box has each entry once.

const BOXES = { 4: [2, 2], 6: [2, 3], 9: [3, 3] };

/** The board of a model's columns: its side, and the rows and columns of a box where it is a Sudoku. Null where the columns are no square of equal entries. */
export function boardOf(columns) {
  const side = Math.sqrt(columns.length);
  const first = columns[0].entries.join('\n');
  if (!Number.isInteger(side) || side < 2 || columns.some(column => column.entries.join('\n') !== first)) return null;
  const digits = columns[0].entries.length === side && columns[0].entries.every(entry => /^\d$/.test(entry));
  return { side, box: digits ? BOXES[side] ?? null : null, entries: columns[0].entries };
}

/** The cells whose entry stands twice in a row, a column or a box. */
export function conflicts({ side, box }, cells) {
  const wrong = new Set();
  if (!box) return wrong;
  const groupsOf = cell => {
    const [row, column] = [Math.floor(cell / side), cell % side];
    return [`r${row}`, `c${column}`, `b${Math.floor(row / box[0])},${Math.floor(column / box[1])}`];
  };
  const seen = new Map();
  cells.forEach((entry, cell) => {
    if (!entry) return;
    for (const group of groupsOf(cell)) {
      const key = `${group}:${entry}`;
      if (seen.has(key)) wrong.add(cell).add(seen.get(key));
      else seen.set(key, cell);
    }
  });
  return wrong;
}

/** Cells of a shuffled board that obeys the rules, with about the given share of them shown; the others are null. */
export function puzzle({ side, box, entries }, share) {
  const [height, width] = box;
  const bands = (count, size) => shuffled(count).flatMap(band => shuffled(size).map(line => band * size + line));
  const [rows, columns, digits] = [bands(side / height, height), bands(side / width, width), shuffled(side)];
  const cells = rows.flatMap(row => columns.map(column => entries[digits[(row % height * width + Math.floor(row / height) + column) % side]]));
  const shown = new Set(shuffled(cells.length).slice(0, Math.round(cells.length * share)));
  return cells.map((entry, cell) => shown.has(cell) ? entry : null);
}

function shuffled(count) {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
