// The sentence at one step: each word is a button, coloured by the step in which it settled, and as strong as the model is sure of it.

import { element, keepChildren, setAttribute, setText } from './dom.js';
import { isExact, textOf, wordsOf, wordText } from './words.js';

/** A comma stays with the word before it. */
const NO_BREAK = '\u2060';

/**
 * Makes the view of a sentence or a text.
 * @param {object} model
 * @param {object} lane Its `select(place)`, `toggle(word)`, the `selected` place and the `kept` words.
 */
export function createSentence(model, lane) {
  const ends = model.kind === 'captioner';
  const root = element('div', { class: `sentence ${ends ? '' : 'text'}`, role: 'group', onclick: press, onkeydown: walk, onfocusin: remember });
  let [words, current] = [[], 0];

  function show(trajectory, index, selected) {
    const { tokens } = trajectory.steps[index];
    const [exact, settled, last] = [isExact(trajectory.steps.at(-1).tokens), trajectory.settled(), Math.max(1, trajectory.count - 1)];
    words = wordsOf(tokens, exact, ends);
    current = Math.min(current, Math.max(0, words.length - 1));
    setAttribute(root, 'aria-label', `${model.name} at step ${index + 1} of ${trajectory.count}`);
    keepChildren(root, words, () => element('span', { class: 'slot' }, element('span'), element('button', { type: 'button' })), (slot, word, at) => {
      const [space, button] = slot.children;
      setText(space, word.before || (at === 0 ? '' : NO_BREAK));
      const places = Array.from({ length: word.to - word.from + 1 }, (_, offset) => word.from + offset);
      const kept = lane.kept.some(({ from, to }) => from <= word.to && word.from <= to);
      const done = places.every(place => settled[place] <= index);
      const sure = Math.min(...places.map(place => trajectory.confidence(index, place)));
      const veiled = places.every(place => trajectory.isHidden(index, place));
      button.className = ['word', word.isEnd && 'end', kept && 'kept', done ? 'settled' : 'open', veiled && 'veiled'].filter(Boolean).join(' ');
      keepChildren(button, places, () => element('span'), (piece, place) => {
        setText(piece, veiled ? '▒'.repeat(Math.min(6, [...textOf(tokens[place])].length)) : textOf(tokens[place]).trim());
        piece.className = settled[place] <= index ? 'settled' : 'open';
        piece.style.setProperty('--settled', settled[place] / last);
        piece.style.setProperty('--sure', trajectory.confidence(index, place));
      });
      button.style.setProperty('--settled', Math.max(...places.map(place => settled[place])) / last);
      button.style.setProperty('--sure', sure);
      setAttribute(button, 'tabindex', at === current ? 0 : -1);
      setAttribute(button, 'aria-pressed', String(kept));
      setAttribute(button, 'aria-current', selected !== null && word.from <= selected && selected <= word.to ? 'true' : null);
      const text = word.isEnd ? 'end of the sentence' : veiled ? 'hidden' : wordText(tokens, word);
      setAttribute(button, 'aria-label', `${text}, ${kept ? 'fixed' : done ? `settled at step ${Math.max(...places.map(place => settled[place])) + 1}` : 'not settled'}, ${Math.round(sure * 100)} %`);
    });
  }

  const wordAt = target => {
    const slot = target.closest('.slot');
    return slot ? words[[...root.children].indexOf(slot)] : null;
  };

  // The first press chooses a word, the second one fixes it.
  function press(event) {
    const word = event.target.closest('button') && wordAt(event.target);
    if (!word) return;
    if (word.from <= lane.selected && lane.selected <= word.to && lane.selected !== null && !word.isEnd) lane.toggle(word);
    else lane.select(word.from);
  }

  function remember(event) {
    current = Math.max(0, words.indexOf(wordAt(event.target)));
    for (const button of root.querySelectorAll('button')) setAttribute(button, 'tabindex', button === event.target ? 0 : -1);
  }

  function walk(event) {
    const to = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: words.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    root.children[Math.max(0, Math.min(words.length - 1, to))]?.querySelector('button').focus();
  }

  return {
    root,
    show,
    clear: () => root.replaceChildren(),
    /** The word at a place in a step, with its text. */
    word(trajectory, index, place) {
      const { tokens } = trajectory.steps[index];
      const word = wordsOf(tokens, isExact(trajectory.steps.at(-1).tokens), ends).find(({ from, to }) => from <= place && place <= to);
      return word ? { ...word, text: wordText(tokens, word) } : { from: place, to: place, text: textOf(tokens[place]).trim() };
    },
  };
}
