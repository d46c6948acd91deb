// Compares sentences with those of .NET.

import { loadTokenizer } from "../lib/tokenizers.js";

/**
 * Compares what rows of tokens say.
 * @param read gives the bytes of a file: rows.json, or one of the tokenizer's
 */
export async function checkTokenizer(read) {
  const readText = async (name) => new TextDecoder().decode(await read(name));
  const { files, size, end, rows } = JSON.parse(await readText("rows.json"));
  const tokenizer = await loadTokenizer(files, readText);
  if (tokenizer.size !== size || tokenizer.end !== end) throw new Error(`${tokenizer.size} entries and the end ${tokenizer.end}, not ${size} and ${end}`);
  for (const { ids, sentence } of rows)
    if (tokenizer.sentence(ids) !== sentence) throw new Error(`${ids} is "${tokenizer.sentence(ids)}", not "${sentence}"`);
  return `${rows.length} equal`;
}
