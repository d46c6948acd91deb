// The random numbers of Tweedie.Sampling.CounterNoise: the same bits as in .NET. docs/noise.md says how they are computed.

const LOG = [1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13, 1 / 15, 1 / 17, 1 / 19];
const SIN = [1.5707963267948966, -0.6459640975062463, 0.07969262624616705, -0.004681754135318688,
  0.00016044118478735983, -3.598843235212085e-06, 5.692172921967927e-08, -6.688035109811468e-10];
const COS = [-1.2337005501361697, 0.25366950790104803, -0.02086348076335296, 0.0009192602748394266,
  -2.5202042373060607e-05, 4.710874778818172e-07, -6.386603083791852e-09, 6.565963114979473e-11];
const TWO_LN_2 = 1.3862943611198906;
const LEAST_MANTISSA = 0x3FE6A09E; // the upper half of a float64; the lower half is 0
const SAMPLE = 6n; // the purpose of a seed that is derived for sampling

const view = new DataView(new ArrayBuffer(8));

/** What random numbers are for. Numbers of different purposes are independent. */
export const Purpose = { state: 0, toOne: 1, sampler: 2, known: 3 };

/** An endless row of random numbers: each is a function of the seed (a BigInt), the step, the purpose (32 bits each) and its index. */
export class CounterNoise {
  #key;
  #step;
  #purpose;
  #words = new Uint32Array(4);

  constructor(seed, step, purpose) {
    this.#key = [Number(BigInt.asUintN(32, seed)), Number(BigInt.asUintN(32, seed >> 32n))];
    this.#step = step >>> 0;
    this.#purpose = purpose >>> 0;
  }

  /** The uniform number at an index, between 0 and 1. */
  uniform(index) {
    return this.#uniforms(Math.floor(index / 2))[index % 2];
  }

  /** The standard normal number at an index. */
  normal(index) {
    return this.#normals(Math.floor(index / 2))[index % 2];
  }

  /** Fills an array with the normal numbers from index 0 on. A Float32Array rounds each of them once. */
  fillNormal(numbers) {
    for (let index = 0; index < numbers.length; index += 2) {
      const [first, second] = this.#normals(index / 2);
      numbers[index] = first;
      if (index + 1 < numbers.length) numbers[index + 1] = second;
    }
    return numbers;
  }

  #uniforms(block) {
    const words = philox(this.#words, ...this.#key, block % 2 ** 32, Math.floor(block / 2 ** 32), this.#step, this.#purpose);
    return [toUniform(words[0], words[1]), toUniform(words[2], words[3])];
  }

  // Box and Muller
  #normals(block) {
    const [first, second] = this.#uniforms(block);
    const length = radius(first);
    const [cosine, sine] = direction(second);
    return [length * cosine, length * sine];
  }
}

/** The seed of an item: a function of the sampling's seed (a BigInt), the item and the draw. */
export function itemSeed(seed, item = 0, draw = 0) {
  let hash = mix(BigInt.asUintN(64, seed) ^ mix(SAMPLE));
  for (const coordinate of [item, draw]) hash = mix(hash ^ mix(BigInt.asUintN(64, BigInt(coordinate) + INCREMENT)));
  return hash >> 1n;
}

const INCREMENT = 0x9E3779B97F4A7C15n;

// The finalizer of SplitMix64
function mix(value) {
  const wrap = (number) => BigInt.asUintN(64, number);
  value = wrap(value + INCREMENT);
  value = wrap((value ^ (value >> 30n)) * 0xBF58476D1CE4E5B9n);
  value = wrap((value ^ (value >> 27n)) * 0x94D049BB133111EBn);
  return value ^ (value >> 31n);
}

// Philox4x32-10: two words of key and four of counter to four random words.
function philox(words, k0, k1, c0, c1, c2, c3) {
  for (let round = 0; round < 10; round++) {
    const high0 = high(0xD2511F53, c0), low0 = Math.imul(0xD2511F53, c0) >>> 0;
    const high1 = high(0xCD9E8D57, c2), low1 = Math.imul(0xCD9E8D57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9E3779B9) >>> 0;
    k1 = (k1 + 0xBB67AE85) >>> 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
  return words;
}

// The upper 32 bits of a product of 32-bit words.
function high(a, b) {
  const a0 = a & 0xFFFF, a1 = a >>> 16, b0 = b & 0xFFFF, b1 = b >>> 16;
  const middle = a1 * b0 + (a0 * b0 >>> 16);
  return a1 * b1 + Math.floor(middle / 65536) + Math.floor((a0 * b1 + middle % 65536) / 65536);
}

const toUniform = (lower, upper) => (upper * 2 ** 20 + (lower >>> 12) + 0.5) / 2 ** 52;

// √(−2·ln u)
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

// The cosine and the sine of 2π·u − π/4
function direction(u) {
  const quarter = Math.floor(4 * u);
  const r = 4 * u - quarter - 0.5;
  const z = r * r;
  const sine = r * polynomial(SIN, z);
  const cosine = 1 + z * polynomial(COS, z);
  return [[cosine, sine], [-sine, cosine], [-cosine, -sine], [sine, -cosine]][quarter];
}

const polynomial = (coefficients, z) => horner(coefficients, 0, z * z) + z * horner(coefficients, 1, z * z);

// Horner's rule over every second coefficient, from `start` on.
function horner(coefficients, start, w) {
  let last = coefficients.length - 1;
  if ((last - start) % 2 !== 0) last--;
  let result = coefficients[last];
  for (let n = last - 2; n >= start; n -= 2) result = result * w + coefficients[n];
  return result;
}
