// The random numbers of Tweedie.Sampling.CounterNoise in plain JavaScript, for browsers and Node: see docs/noise.md.
// Usage: node noise.js GOLDEN.json; prints "equal" and exits with 0, or prints the first difference and exits with 1.
"use strict";

const LOG = [1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13, 1 / 15, 1 / 17, 1 / 19];
const SIN = [1.5707963267948966, -0.6459640975062463, 0.07969262624616705, -0.004681754135318688,
  0.00016044118478735983, -3.598843235212085e-06, 5.692172921967927e-08, -6.688035109811468e-10];
const COS = [-1.2337005501361697, 0.25366950790104803, -0.02086348076335296, 0.0009192602748394266,
  -2.5202042373060607e-05, 4.710874778818172e-07, -6.386603083791852e-09, 6.565963114979473e-11];
const TWO_LN_2 = 1.3862943611198906;
const LEAST_MANTISSA = 0x3FE6A09E; // the upper half of a float64; the lower half is 0
const view = new DataView(new ArrayBuffer(8));

// The upper 32 bits of a product of 32-bit words.
function high(a, b) {
  const [a0, a1, b0, b1] = [a & 0xFFFF, a >>> 16, b & 0xFFFF, b >>> 16];
  const middle = a1 * b0 + (a0 * b0 >>> 16);
  return a1 * b1 + Math.floor(middle / 65536) + Math.floor((a0 * b1 + middle % 65536) / 65536);
}

// Philox4x32-10: two words of key and four of counter to four random words.
function philox(k0, k1, c0, c1, c2, c3) {
  for (let round = 0; round < 10; round++) {
    const [h0, l0] = [high(0xD2511F53, c0), Math.imul(0xD2511F53, c0) >>> 0];
    const [h1, l1] = [high(0xCD9E8D57, c2), Math.imul(0xCD9E8D57, c2) >>> 0];
    [c0, c1, c2, c3] = [(h1 ^ c1 ^ k0) >>> 0, l1, (h0 ^ c3 ^ k1) >>> 0, l0];
    [k0, k1] = [(k0 + 0x9E3779B9) >>> 0, (k1 + 0xBB67AE85) >>> 0];
  }
  return [c0, c1, c2, c3];
}

// Every second coefficient, from `start` on.
function horner(c, start, w) {
  let last = c.length - 1;
  if ((last - start) % 2 !== 0) last--;
  let result = c[last];
  for (let n = last - 2; n >= start; n -= 2) result = result * w + c[n];
  return result;
}

const polynomial = (c, z) => horner(c, 0, z * z) + z * horner(c, 1, z * z);

function radius(u) {
  view.setFloat64(0, u);
  const shifted = view.getInt32(0) - LEAST_MANTISSA;
  const exponent = shifted >> 20;
  view.setInt32(0, (shifted & 0xFFFFF) + LEAST_MANTISSA);
  const mantissa = view.getFloat64(0);
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  return Math.sqrt(-exponent * TWO_LN_2 - (4 * s + 4 * s * (z * polynomial(LOG, z))));
}

function direction(u) {
  const quarter = Math.floor(4 * u);
  const r = 4 * u - quarter - 0.5;
  const z = r * r;
  const sin = r * polynomial(SIN, z);
  const cos = 1 + z * polynomial(COS, z);
  return [[cos, sin], [-sin, cos], [-cos, -sin], [sin, -cos]][quarter];
}

class CounterNoise {
  // The seed is a BigInt, step and purpose are whole numbers of 32 bits.
  constructor(seed, step, purpose) {
    this.key = [Number(BigInt.asUintN(32, seed)), Number(BigInt.asUintN(32, seed >> 32n))];
    this.tail = [step >>> 0, purpose >>> 0];
  }

  block(index) {
    const block = Math.floor(index / 2);
    const words = philox(...this.key, block % 2 ** 32, Math.floor(block / 2 ** 32), ...this.tail);
    return [0, 2].map(i => (words[i + 1] * 2 ** 20 + (words[i] >>> 12) + 0.5) / 2 ** 52);
  }

  uniform(index) {
    return this.block(index)[index % 2];
  }

  normal(index) {
    const [u1, u2] = this.block(index);
    return radius(u1) * direction(u2)[index % 2];
  }
}

function bits64(number) {
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).toUpperCase().padStart(16, "0");
}

function bits32(number) {
  view.setFloat32(0, number);
  return view.getUint32(0).toString(16).toUpperCase().padStart(8, "0");
}

function check(path) {
  const { cases } = JSON.parse(require("node:fs").readFileSync(path, "utf8"));
  for (const { seed, step, purpose, first, count, ...expected } of cases) {
    const noise = new CounterNoise(BigInt(seed), step, purpose);
    const indices = Array.from({ length: count }, (_, i) => Number(first) + i);
    const computed = {
      uniform64: indices.map(i => bits64(noise.uniform(i))),
      normal64: indices.map(i => bits64(noise.normal(i))),
      normal32: indices.map(i => bits32(noise.normal(i))),
    };
    for (const [name, numbers] of Object.entries(computed))
      if (String(numbers) !== String(expected[name])) {
        console.log(`${name} of seed ${seed}, step ${step}, purpose ${purpose} from ${first}: ${numbers}, not ${expected[name]}`);
        return 1;
      }
  }
  console.log("equal");
  return 0;
}

if (typeof module !== "undefined") {
  module.exports = { CounterNoise };
  if (require.main === module) process.exitCode = check(process.argv[2]);
}
