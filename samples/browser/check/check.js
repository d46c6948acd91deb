// Compares with .NET, in Node. `node check/check.js noise GOLDEN.json` compares random numbers, `node check/check.js model CASE...` the steps of exported
// models: a CASE is a folder with case.json and the exported folder model/. `node check/check.js tokenizer FOLDER` compares sentences: rows.json and a tokenizer's
// files. Prints one line each, and exits with 1 where something differs.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

const [what, ...paths] = process.argv.slice(2);
const checks = {
  noise: async (path) => (await import("./noise.js")).checkNoise(JSON.parse(await readFile(path, "utf8"))),
  model: async (path) => (await import("./model.js")).checkModel(reader(path)),
  tokenizer: async (path) => (await import("./tokenizer.js")).checkTokenizer(reader(path)),
};
const reader = (path) => async (name) => new Uint8Array(await readFile(join(path, name)));
if (!checks[what] || paths.length === 0) {
  console.log("give noise GOLDEN.json, model CASE... or tokenizer FOLDER.");
  process.exitCode = 1;
} else {
  for (const path of paths) {
    try {
      console.log(await checks[what](path));
    } catch (error) {
      console.log(error.message);
      process.exitCode = 1;
    }
  }
}
