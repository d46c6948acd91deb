// Compares with .NET, in Node. `node check/check.js noise GOLDEN.json` compares random numbers, `node check/check.js model CASE` the steps of an exported
// model: CASE is a folder with case.json and the exported folder model/. `node check/check.js tokenizer FOLDER` compares sentences: rows.json and a tokenizer's
// files. Prints one line, and exits with 1 where something differs.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

const [what, path] = process.argv.slice(2);
const read = async (name) => new Uint8Array(await readFile(join(path, name)));
try {
  if (what === "noise") console.log((await import("./noise.js")).checkNoise(JSON.parse(await readFile(path, "utf8"))));
  else if (what === "model") console.log(await (await import("./model.js")).checkModel(read));
  else if (what === "tokenizer") console.log(await (await import("./tokenizer.js")).checkTokenizer(read));
  else throw new Error("give noise GOLDEN.json, model CASE or tokenizer FOLDER.");
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
