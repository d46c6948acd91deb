// The text: what a text begins with, or a text whose gaps are to be filled.

import { element } from './dom.js';

/** Makes the text's part of the controls. */
export function createTextInput({ store, problems }) {
  const area = element('textarea', {
    id: 'text', rows: 4, spellcheck: 'false', 'aria-describedby': 'text-hint', placeholder: 'ROMEO:', oninput: () => store.set({ text: area.value }),
  });
  const gap = element('button', { type: 'button', onclick: makeGap }, 'Make the selection a gap');
  const root = element('div', { class: 'input text-input' },
    element('label', { for: 'text' }, 'Beginning, or a text with gaps'), area,
    element('div', { class: 'buttons' }, gap),
    element('p', { class: 'hint', id: 'text-hint' }, 'A gap of four tokens is written [____]. With ... at the end, the text goes on.'));

  // A gap has as many tokens as the selection: as many as its characters for a model of characters, else as its words.
  function makeGap() {
    const { selectionStart: from, selectionEnd: to, value } = area;
    if (from === to) return problems.show('Nothing is selected; select the part of the text that is to be a gap.');
    problems.clear();
    const selected = value.slice(from, to);
    const tokens = store.get().lastExact ? [...selected].length : selected.trim().split(/\s+/).length;
    area.setRangeText(`[${'_'.repeat(tokens)}]`, from, to, 'end');
    store.set({ text: area.value });
    area.focus();
  }

  return { root };
}
