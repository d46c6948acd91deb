// Compares random numbers with those of .NET. Node and the browser run the same code.

import { CounterNoise } from "../lib/noise.js";

/** Compares random numbers with those of tests/Tweedie.Tests/Golden/noise.json, bit by bit. */
export function checkNoise({ cases }) {
  for (const { seed, step, purpose, first, count, ...expected } of cases) {
    const noise = new CounterNoise(BigInt(seed), step, purpose);
    const indices = Array.from({ length: count }, (_, i) => Number(first) + i);
    const computed = {
      uniform64: indices.map((i) => bits64(noise.uniform(i))),
      normal64: indices.map((i) => bits64(noise.normal(i))),
      normal32: indices.map((i) => bits32(noise.normal(i))),
    };
    for (const [name, numbers] of Object.entries(computed))
      if (String(numbers) !== String(expected[name])) throw new Error(`${name} of seed ${seed}, step ${step}, purpose ${purpose} from ${first}: ${numbers}, not ${expected[name]}`);
    const filled = noise.fillNormal(new Float32Array(count + 1));
    indices.forEach((_, i) => { if (bits32(filled[i]) !== bits32(noise.normal(i))) throw new Error(`number ${i} of seed ${seed} is another one where a range is filled`); });
  }
  return "equal";
}

const view = new DataView(new ArrayBuffer(8));

function bits64(number) {
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).toUpperCase().padStart(16, "0");
}

function bits32(number) {
  view.setFloat32(0, number);
  return view.getUint32(0).toString(16).toUpperCase().padStart(8, "0");
}
