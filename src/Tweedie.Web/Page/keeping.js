// Words that stay: the chosen word can be fixed, or another one written at its place; the rest is denoised around them.

import { element } from './dom.js';

/**
 * Makes the controls under a sentence.
 * @param {object} model
 * @param {object} lane Its `kept` words, `toggle(word)`, `write(word, text)` and `run()`.
 */
export function createKeeping(model, lane) {
  const id = `write-${model.name}`;
  const fix = element('button', { type: 'button', class: 'fix', onclick: () => lane.toggle(word) });
  const input = element('input', { id, type: 'text', autocomplete: 'off', spellcheck: 'false', onkeydown: event => event.key === 'Enter' && write(event) });
  const chosen = element('div', { class: 'chosen-word' }, fix,
    element('label', { for: id }, 'or write'), input, element('button', { type: 'button', onclick: write }, 'Fix this'));
  const list = element('ul', { class: 'kept-list', 'aria-label': 'Fixed words' });
  const rest = element('button', { type: 'button', class: 'primary', onclick: () => lane.run() }, 'Denoise the rest');
  const bar = element('div', { class: 'kept-bar' }, list, rest);
  const root = element('div', { class: 'keeping' }, chosen, bar);
  let word = null;

  function write(event) {
    event.preventDefault();
    event.stopPropagation();
    const text = input.value.trim();
    if (!text) return;
    input.value = '';
    lane.write(word, text);
  }

  return {
    root,
    show(now) {
      word = now;
      chosen.hidden = word === null;
      bar.hidden = lane.kept.length === 0;
      root.hidden = chosen.hidden && bar.hidden;
      if (word) {
        const kept = lane.kept.some(({ from, to }) => from <= word.to && word.from <= to);
        fix.textContent = kept ? `Release “${word.text}”` : `Fix “${word.text}”`;
        fix.disabled = word.isEnd === true && !kept;
        input.placeholder = `a word at place ${word.from + 1}`;
      }
      list.replaceChildren(...[...lane.kept].sort((a, b) => a.from - b.from).map(kept => element('li', {}, kept.text.trim() || '␣',
        element('button', { type: 'button', 'aria-label': `Release ${kept.text.trim()}`, onclick: () => lane.toggle(kept) }, '✕'))));
    },
  };
}
