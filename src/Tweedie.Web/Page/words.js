// From tokens to words: which places form a word, what stands before it, and how words that stay fixed are written as a template.

const SPECIAL = /^(\[(pad|sep|cls|mask|unk|end)\]|<\|(endoftext|startoftext)\|>)$/i;
const CLOSING = /^[.,;:!?%)\]}]+$/;

/** Whether a token is a mark of the vocabulary, such as `[PAD]`, and no text. */
export const isSpecial = token => SPECIAL.test(token);

/** The text of a token, as a vocabulary writes it: WordPiece (`##ing`), CLIP (`dog</w>`), GPT-2 (`Ġdog`). A mark such as `[END]` is shown as one sign. */
export function textOf(token) {
  return isSpecial(token) ? '∎' : token.replace(/^##(?=.)/, '').replace(/<\/w>$/, '').replaceAll('Ġ', ' ').replaceAll('Ċ', '\n');
}

/** Whether texts of tokens follow each other without anything between them, as characters do: then their spaces are tokens too, or parts of tokens. */
export function isExact(tokens) {
  const texts = tokens.filter(token => !isSpecial(token)).map(textOf);
  return texts.some(text => /^\s|\s$/.test(text)) || texts.every(text => [...text].length <= 1);
}

/**
 * The words of a row: `{ from, to, before, isEnd }`, the first and the last place, the space before it, and whether it is the mark that ends the text.
 * @param {string[]} tokens
 * @param {boolean} exact Whether spaces are in the tokens ({@link isExact}).
 * @param {boolean} ends Whether the first mark that is no text ends the row, as in captions.
 */
export function wordsOf(tokens, exact, ends) {
  const words = [];
  let before = '';
  for (let place = 0; place < tokens.length; place++) {
    const [token, text, last] = [tokens[place], textOf(tokens[place]), words.at(-1)];
    if (ends && isSpecial(token)) {
      words.push({ from: place, to: place, before: ' ', isEnd: true });
      break;
    }
    if (exact && text.trim() === '') {
      before += text;
      continue;
    }
    const starts = !last || (exact ? before !== '' || /^\s/.test(text) : !token.startsWith('##') && !continues(tokens, place));
    if (!starts) last.to = place;
    else words.push({ from: place, to: place, before: exact ? before + /^\s*/.exec(text)[0] : last && !CLOSING.test(text) ? ' ' : '', isEnd: false });
    before = exact ? /\s*$/.exec(text)[0] : '';
  }
  return words;
}

/** The text of the places from..to, as it is written. */
export function wordText(tokens, { from, to }) {
  return tokens.slice(from, to + 1).map(textOf).join('').trim();
}

/**
 * A template that keeps the given words and leaves all else open: `[__] dog...`.
 * @param {{from: number, to: number, text: string}[]} kept
 * @param {boolean} exact Whether spaces are in the tokens.
 */
export function templateOf(kept, exact) {
  let [at, template] = [0, ''];
  const add = text => { template += (exact || template === '' ? '' : ' ') + text; };
  for (const { from, to, text } of [...kept].sort((a, b) => a.from - b.from)) {
    if (from > at) add(`[${'_'.repeat(from - at)}]`);
    add(text);
    at = to + 1;
  }
  return template + '...';
}

// CLIP ends words, in place of beginning them: a token goes on with the word before it if that has not ended.
function continues(tokens, place) {
  return tokens.some(token => token.endsWith('</w>')) && !isSpecial(tokens[place - 1]) && !tokens[place - 1].endsWith('</w>');
}
