// From tokens to text: the tokenizers of Tweedie.Text, for reading what a model has written.

const utf8 = new TextDecoder("utf-8");
const ascii = (text) => [...text].map((character) => character.charCodeAt(0));

const KINDS = {
  "words.txt": words,
  "vocab.txt": wordPieces,
  "characters.txt": characters,
  "bytes.txt": bytes,
  "gpt2.tiktoken": gpt2,
  "merges.txt": clip,
};

/**
 * The tokenizer of an exported model.
 * @param names the files of its folder
 * @param readText reads one of them
 */
export async function loadTokenizer(names, readText) {
  const name = Object.keys(KINDS).find((known) => names.includes(known));
  if (!name) throw new Error(`the model has no tokenizer that this page knows, which are ${Object.keys(KINDS).join(", ")}.`);
  const lines = (await readText(name)).split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return new Tokenizer(KINDS[name](lines));
}

/** Ids as text. */
export class Tokenizer {
  #kind;

  constructor(kind) {
    this.#kind = kind;
  }

  get size() {
    return this.#kind.size;
  }

  /** The token that ends a sentence. */
  get end() {
    return this.#kind.end;
  }

  /** The token behind it. */
  get padding() {
    return this.#kind.padding;
  }

  /** The text of a row up to its first end token, without start token and padding, with a sentence's usual spaces. */
  sentence(row) {
    const { start, padding, end, paddingIsOrdinary, decode } = this.#kind;
    const stop = row.indexOf(end);
    const ids = (stop < 0 ? row : row.slice(0, stop)).filter((id) => id !== start && (id !== padding || paddingIsOrdinary));
    return join(decode(ids).split(" ").filter((word) => word !== ""));
  }

  /** One token as it is shown. */
  word(id) {
    if (id === this.#kind.end || (id === this.#kind.padding && !this.#kind.paddingIsOrdinary)) return "·";
    return this.#kind.decode([id]).trim() || "␣";
  }
}

function words(entries) {
  return {
    size: entries.length, padding: entries.indexOf("[PAD]"), end: entries.indexOf("[SEP]"), start: null,
    decode: (ids) => join(ids.map((id) => entries[id])),
  };
}

function wordPieces(entries) {
  const decode = (ids) => {
    const whole = [];
    for (const id of ids) {
      if (whole.length > 0 && entries[id].startsWith("##")) whole[whole.length - 1] += entries[id].slice(2);
      else whole.push(entries[id]);
    }
    return join(whole);
  };
  return { size: entries.length, padding: entries.indexOf("[PAD]"), end: entries.indexOf("[SEP]"), start: entries.indexOf("[CLS]"), decode };
}

function characters(entries) {
  const escapes = { "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\\\": "\\" };
  const end = entries.indexOf("[END]");
  const character = (entry) => escapes[entry] ?? (entry.startsWith("\\u{") ? String.fromCodePoint(parseInt(entry.slice(3, -1), 16)) : entry);
  return { size: entries.length, padding: end, end, start: null, decode: (ids) => ids.map((id) => character(entries[id])).join("") };
}

function bytes() {
  return { size: 257, padding: 256, end: 256, start: null, decode: (ids) => utf8.decode(Uint8Array.from(ids.flatMap((id) => id === 256 ? ascii("[END]") : [id]))) };
}

function gpt2(lines) {
  const end = lines.length;
  const spelt = (id) => ascii(id === end ? "<|endoftext|>" : atob(lines[id].split(" ")[0]));
  return { size: end + 1, padding: end, end, start: null, decode: (ids) => utf8.decode(Uint8Array.from(ids.flatMap(spelt))) };
}

function clip(lines) {
  const isVisible = (value) => (value >= 0x21 && value <= 0x7E) || (value >= 0xA1 && value <= 0xAC) || (value >= 0xAE && value <= 0xFF);
  const all = Array.from({ length: 256 }, (_, value) => value);
  const ordered = [...all.filter(isVisible), ...all.filter((value) => !isVisible(value))];
  let next = 0x100;
  const symbols = ordered.map((value) => String.fromCharCode(isVisible(value) ? value : next++));
  const byteOf = new Map(symbols.map((symbol, i) => [symbol, ordered[i]]));
  const entries = [...symbols, ...symbols.map((symbol) => symbol + "</w>"), ...lines.slice(1).map((rule) => rule.replace(" ", "")), "<|startoftext|>", "<|endoftext|>"];
  const decode = (ids) => utf8.decode(Uint8Array.from([...ids.map((id) => entries[id]).join("")].map((symbol) => byteOf.get(symbol)))).replaceAll("</w>", " ");
  return { size: entries.length, padding: 0, paddingIsOrdinary: true, end: entries.length - 1, start: entries.length - 2, decode };
}

const CLOSING = ".,!?;:)]}%";
const OPENING = "([{";
const CONTRACTIONS = ["s", "t", "re", "ve", "m", "ll", "d"];
const isLetterOrDigit = (character) => /^[\p{L}\p{Nd}]$/u.test(character);

/** Joins words and punctuation into a sentence with the usual spaces. */
export function join(words) {
  return words.map((word, index) => (index > 0 && !isGlued(words, index) ? " " : "") + word).join("");
}

// Whether no space stands before a word
function isGlued(words, index) {
  const [before, word] = [words[index - 1], words[index]];
  return isOneOf(word, CLOSING) || isOneOf(before, OPENING) || isLink(words, index) || isLink(words, index - 1)
    || (isLetterOrDigit(before.at(-1)) && word[0] === "'" && CONTRACTIONS.includes(word.slice(1)));
}

// Whether a word is a hyphen or slash between two words, or the apostrophe of a contraction
function isLink(words, index) {
  if (index < 1 || index + 1 >= words.length || !isLetterOrDigit(words[index - 1].at(-1))) return false;
  if (words[index] === "'") return CONTRACTIONS.includes(words[index + 1]);
  return (words[index] === "-" || words[index] === "/") && isLetterOrDigit(words[index + 1][0]);
}

const isOneOf = (word, characters) => word.length === 1 && characters.includes(word);
