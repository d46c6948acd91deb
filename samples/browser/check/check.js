// Compares with .NET, in Node. `node check/check.js noise GOLDEN.json` compares random numbers, `node check/check.js model CASE` the steps of an exported
// model: CASE is a folder with case.json and the exported folder model/. Prints one line, and exits with 1 where something differs.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

const [what, path] = process.argv.slice(2);
try {
  if (what === "noise") console.log((await import("./noise.js")).checkNoise(JSON.parse(await readFile(path, "utf8"))));
  else if (what === "model") console.log(await (await import("./model.js")).checkModel(async (name) => new Uint8Array(await readFile(join(path, name)))));
  else throw new Error("give noise GOLDEN.json, or model CASE.");
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
