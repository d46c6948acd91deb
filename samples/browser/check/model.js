// Compares the steps of an exported model with those of .NET. Node and the browser run the same code.

import { itemSeed } from "../lib/noise.js";
import { Decoding, ExportedModel } from "../lib/model.js";

const TOLERANCE = 1e-4; // of logits
const NEAR = 1e-3; // two best scores that are so close may change places

/**
 * Compares the steps of an exported model with those of .NET.
 * @param read gives the bytes of a file of the case: case.json, or model/ and the name of a file of the exported folder
 */
export async function checkModel(read) {
  const expected = JSON.parse(new TextDecoder().decode(await read("case.json")));
  const model = await ExportedModel.open((name) => read(`model/${name}`));
  const { width, height, pixels } = expected.image;
  const rgb = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  if (String(itemSeed(BigInt(expected.sampling.seed))) !== expected.itemSeed) throw new Error(`the item's seed is ${itemSeed(BigInt(expected.sampling.seed))}, not ${expected.itemSeed}`);

  const condition = await model.encode({ width, height, data });
  if (model.isLinear) return `logits within ${largest(condition.logits.data, expected.steps[0].logits, "logits").toExponential(1)}`;
  const decoding = new Decoding(expected.sampling.decode, model.options.classes);
  let [worst, near, count] = [0, 0, 0];
  for await (const step of model.denoise(condition, expected.sampling)) {
    const other = expected.steps[count];
    if (!other) throw new Error(`there are more than ${count} steps`);
    worst = Math.max(worst, largest(step.logits, other.logits, `step ${count}`));
    if (step.timestep !== other.timestep) throw new Error(`step ${count} is at t = ${step.timestep}, not ${other.timestep}`);
    if (String(step.open ?? []) !== String(other.open)) throw new Error(`step ${count} leaves open ${step.open}, not ${other.open}`);
    if (String(step.tokens) !== String(other.tokens)) {
      if (!isNear(other, step.tokens, model.options.classes)) throw new Error(`step ${count} gives the tokens ${step.tokens}, not ${other.tokens}`);
      near++;
      break; // from here on the trajectories differ
    }
    decoding.add(step);
    count++;
  }
  if (near === 0 && count !== expected.steps.length) throw new Error(`there are ${count} steps, not ${expected.steps.length}`);
  const answer = near ? null : model.tokenizer ? model.tokenizer.sentence(decoding.tokens) : model.options.classNames[decoding.tokens[0]];
  if (near === 0 && answer !== expected.answer) throw new Error(`the answer is "${answer}", not "${expected.answer}"`);
  return `${count} steps, logits within ${worst.toExponential(1)}, ` + (near ? "a step's two best scores are nearly equal" : `"${answer}"`);
}

// The largest difference. Of scores that a bias has made large, float32 keeps fewer digits.
function largest(own, other, what) {
  if (own.length !== other.length) throw new Error(`${what}: ${own.length} logits, not ${other.length}`);
  let worst = 0;
  other.forEach((value, i) => worst = Math.max(worst, Math.abs(own[i] - value) / Math.max(1, Math.abs(value) / 1000)));
  if (!(worst <= TOLERANCE)) throw new Error(`${what}: a logit differs by ${worst}`);
  return worst;
}

// Whether each token that differs is the second best by very little
const isNear = ({ tokens, logits }, own, classes) => tokens.every((token, place) =>
  token === own[place] || logits[place * classes + token] - logits[place * classes + own[place]] < NEAR);
