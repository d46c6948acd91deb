// An exported model: its folder, its graphs, and the loop that samples it. docs/onnx.md describes both.

import * as ort from "onnxruntime-web";
import { CounterNoise, Purpose, itemSeed } from "./noise.js";
import { FrozenEncoder } from "./frozen.js";
import { prepare } from "./image.js";
import { cleanest, commits, guidanceAt, maskedPlan, noisyPlan } from "./schedule.js";
import { loadTokenizer } from "./tokenizers.js";

const ROUNDING = 1e-9; // of a share that is a multiple of 1/steps
const DEFAULTS = { guidance: 1, toOne: "argmax", temperature: 1, topP: 1, beams: 1, unmasking: "confidence" }; // where neither the caller nor the model says it

/** A classifier or a captioner that `tweedie export` has written. */
export class ExportedModel {
  #graphs;
  #frozen;

  /**
   * Opens an exported folder.
   * @param read gives the bytes of a file of the folder by its name, a Uint8Array
   */
  static async open(read) {
    const options = JSON.parse(new TextDecoder().decode(await read("model.json")));
    if (!["classifier", "captioner"].includes(options.kind)) throw new Error(`model.json: the model is a ${options.kind}; give a classifier or a captioner.`);
    if (options.state === "prefix") throw new Error("model.json: the model is autoregressive (ar), which this page does not run; give one of method tdd or mdd.");
    const checked = async (name) => {
      const bytes = await read(name);
      if (![null, options.files[name].toLowerCase()].includes(await sha256(bytes))) throw new Error(`${name}: is not as it was exported; export the model again.`);
      return bytes;
    };
    const names = Object.keys(options.files);
    const graphs = {};
    for (const name of ["encoder", "step", "corrupt", "classifier"])
      if (names.includes(`${name}.onnx`)) graphs[name] = await ort.InferenceSession.create(await checked(`${name}.onnx`), { executionProviders: ["wasm"] });
    const frozen = options.frozen ? await FrozenEncoder.open(options.frozen, names, checked) : null;
    const tokenizer = options.kind === "captioner" ? await loadTokenizer(names, async (name) => new TextDecoder().decode(await checked(name))) : null;
    if (tokenizer && tokenizer.size !== options.classes) throw new Error(`the tokenizer has ${tokenizer.size} entries, and the model ${options.classes}; export the model again.`);
    return new ExportedModel(options, graphs, frozen, tokenizer);
  }

  constructor(options, graphs, frozen, tokenizer) {
    this.options = options;
    this.tokenizer = tokenizer;
    this.#graphs = graphs;
    this.#frozen = frozen;
  }

  /** Whether the answer takes one pass: a linear head has no steps. */
  get isLinear() {
    return this.options.state === "none";
  }

  /** Encodes an image (width, height, RGBA data): the condition of all steps. */
  async encode(image) {
    return (this.isLinear ? this.#graphs.classifier : this.#graphs.encoder).run(this.#frozen ? { features: await this.#frozen.encode(image) } : { images: this.#images(image) });
  }

  #images(image) {
    const { input } = this.options;
    return new ort.Tensor("float32", prepare(image, input), [1, input.channels, input.size, input.size]);
  }

  /** The sampling options with the model's own where they are not given. */
  resolve(sampling = {}) {
    const options = { ...DEFAULTS, ...given(this.options.sampling), ...given(sampling) };
    const isMasked = this.options.state === "masked";
    const refuse = (name, instead) => { throw new Error(`${name} = ${options[name]}: this page samples ${instead}.`); };
    if (!(Number.isInteger(options.steps) && options.steps >= 1)) refuse("steps", "in 1 or more steps");
    if (![undefined, "renoise", "commit", "leftToRight"].includes(options.sampler)) refuse("sampler", "by renoise, commit or leftToRight");
    if (options.stagger > 0) refuse("stagger", "with all tokens together, or by commit");
    if (![undefined, 1].includes(options.noiseScale)) refuse("noiseScale", "with the whole noise");
    if (![undefined, "uniform"].includes(options.grid)) refuse("grid", "at uniform timesteps alone");
    if (options.toOne !== "argmax") refuse("toOne", "by argmax alone");
    if (options.soft === true) refuse("soft", "with hard choices alone");
    if (options.draws > 1) refuse("draws", "one draw alone");
    if (isMasked && options.unmasking !== "confidence") refuse("unmasking", "by confidence alone");
    return options;
  }

  /**
   * Samples one trajectory, step by step: {index, count, timestep, alphaBar, isLast, tokens, open, logits}. `open` says which tokens are still hidden or not
   * committed yet, where tokens are decided one after the other; `logits` has K numbers per token.
   */
  async *denoise(condition, sampling) {
    if (this.isLinear) throw new Error("the model has a linear head and no steps.");
    const options = this.resolve(sampling);
    yield* this.options.state === "masked" ? this.#maskedSteps(condition, options) : this.#noisySteps(condition, options);
  }

  /** The probabilities of a linear head's classes. */
  probabilitiesOf(condition) {
    return softmax(condition.logits.data);
  }

  async *#noisySteps(condition, options) {
    const { tokens: length, selfConditioning } = this.options;
    const plan = noisyPlan(this.options.diffusion, options);
    const stability = new Stability(options.stopWhenStable ?? 0, this.tokenizer?.end);
    let state = await this.#noisy(Array(length).fill(0), [{ ...plan[0], alphaBar: 0 }], [plan[0]], options, -1);
    let previous = selfConditioning ? this.#zeros() : null;
    for (let index = 0; ; index++) {
      const output = await this.#step(condition, { state: state.values, ...levelInputs(state.levels) }, guidanceAt(options, index, plan.length), options, previous);
      const tokens = output.tokens.map((token, place) => state.decided?.[place] ?? token);
      const isLast = stability.isReachedBy(tokens) || index + 1 === plan.length;
      const next = isLast ? null : await this.#advance(state, { ...output, tokens }, plan, index, options);
      yield { index, count: plan.length, ...plan[index], isLast, tokens, open: next && commits(options) && length > 1 ? noisier(next.levels) : null, logits: output.logits };
      if (isLast) return;
      previous = output.mean;
      state = next;
    }
  }

  // The state after a step: its values, the level of each token or of all, and the tokens that are decided, null in place of the others.
  async #advance(state, { tokens, logits }, plan, index, options) {
    const level = plan[index + 1];
    if (options.control) return this.#noisy(tokens, [{ ...level, alphaBar: 0 }], [level], options, index);
    if (!commits(options)) return this.#noisy(tokens, [level], [level], options, index);
    const first = this.#first(tokens, logits, state.decided, (index + 1) / plan.length, options);
    const levels = tokens.map((_, place) => first.has(place) ? cleanest(this.options.diffusion) : level);
    const next = await this.#noisy(tokens, levels, levels, options, index);
    if (options.revise === true) return next;
    const dimensions = next.values.dims[2];
    state.decided?.forEach((token, place) => { // what was committed before stays as it is
      if (token !== null) next.values.data.set(state.values.data.subarray(place * dimensions, (place + 1) * dimensions), place * dimensions);
    });
    return { ...next, decided: tokens.map((token, place) => first.has(place) ? token : null) };
  }

  // The places of the share of tokens that are committed first: by the probability of their choice, or from the left.
  #first(tokens, logits, decided, share, { sampler }) {
    const { classes } = this.options;
    const priority = tokens.map((token, place) => (decided?.[place] ?? null) !== null ? Infinity
      : sampler === "leftToRight" ? -place : probabilityOf(logits.subarray(place * classes, (place + 1) * classes), token));
    return firstOf(priority, share);
  }

  async *#maskedSteps(condition, options) {
    const { tokens: length, classes: mask, selfConditioning } = this.options;
    const plan = maskedPlan(options.steps);
    let state = Array(length).fill(mask);
    let previous = selfConditioning ? this.#zeros() : null;
    let output = null, seen = "";
    for (let index = 0; index < plan.length; index++) {
      const scale = guidanceAt(options, index, plan.length);
      if (seen !== `${state} ${scale}`) {
        previous = output?.mean ?? previous;
        seen = `${state} ${scale}`;
        output = await this.#step(condition, { state: int64(state, [1, length]), told: scalar(0) }, scale, options, previous);
      }
      const isLast = index + 1 === plan.length;
      const choices = state.map((token, place) => token === mask ? output.tokens[place] : token);
      const next = this.#mostConfident(state, choices, output.logits, isLast ? 1 : plan[index + 1].alphaBar);
      const open = next.map((token) => token === mask);
      yield { index, count: plan.length, ...plan[index], isLast, tokens: next.map((token, place) => open[place] ? choices[place] : token), open, logits: output.logits };
      state = next;
    }
  }

  // The choices of highest probability are kept until the share of visible tokens is reached.
  #mostConfident(state, choices, logits, share) {
    const { classes: mask } = this.options;
    const confidence = state.map((token, place) => token !== mask ? Infinity : probabilityOf(logits.subarray(place * mask, (place + 1) * mask), choices[place]));
    const kept = firstOf(confidence, share);
    return state.map((token, place) => kept.has(place) ? choices[place] : token);
  }

  async #step(condition, inputs, guidance, options, previous) {
    const graph = this.#graphs.step;
    const { tokens: length, width } = this.options;
    const all = { ...condition, ...inputs, guidance: new ort.Tensor("float32", [guidance], []), bias: this.#bias(options) };
    if (previous) all.previous = new ort.Tensor("float32", previous, [1, length, width]);
    const taken = Object.fromEntries(Object.entries(all).filter(([name]) => graph.inputNames.includes(name)));
    const output = await graph.run(taken, previous ? ["logits", "tokens", "mean"] : ["logits", "tokens"]);
    return { logits: output.logits.data, tokens: Array.from(output.tokens.data, Number), mean: output.mean?.data ?? null };
  }

  // What is added to all scores: the length bias is taken from those that end a sentence.
  #bias({ lengthBias }) {
    if (!lengthBias) return new ort.Tensor("float32", [0], [1, 1, 1]);
    if (!this.tokenizer) throw new Error(`lengthBias = ${lengthBias}: is for sentences, and a classifier has none.`);
    const bias = new Float32Array(this.options.classes);
    for (const ending of new Set([this.tokenizer.end, this.tokenizer.padding])) bias[ending] -= lengthBias;
    return new ort.Tensor("float32", bias, [1, 1, bias.length]);
  }

  // Noisy tokens: √ᾱ of each, or of all, from `signal`, and the variance of `levels`, which the network is told.
  async #noisy(tokens, signal, levels, { seed }, step) {
    const { tokens: length, classes, width, state } = this.options;
    const dimensions = state === "oneHot" ? classes : width;
    const noise = new CounterNoise(itemSeed(BigInt(seed ?? 0)), step + 1, Purpose.state).fillNormal(new Float32Array(length * dimensions));
    const output = await this.#graphs.corrupt.run({
      tokens: int64(tokens, [1, length]), noise: new ort.Tensor("float32", noise, [1, length, dimensions]),
      alpha_bar: row(signal.map(({ alphaBar }) => alphaBar)), variance: row(levels.map(({ alphaBar }) => 1 - alphaBar)),
    });
    return { values: output.state, levels, decided: null };
  }

  #zeros() {
    return new Float32Array(this.options.tokens * this.options.width);
  }
}

/** Turns the steps of a trajectory into its answer: that of the last step, or the mean of all, weighted by their noise. */
export class Decoding {
  #kind;
  #classes;
  #last = null;
  #sum = null;
  #weight = 0;

  constructor(kind, classes) {
    [this.#kind, this.#classes] = [kind, classes];
  }

  /** Adds the next step. */
  add(step) {
    this.#last = step;
    if (this.#kind === "last") return;
    const share = 1 - step.alphaBar;
    const probabilities = softmax(step.logits, this.#classes);
    this.#weight += share;
    this.#sum ??= new Float64Array(probabilities.length);
    probabilities.forEach((probability, i) => this.#sum[i] += share * probability);
  }

  /** K probabilities per token. */
  get probabilities() {
    return this.#kind === "last" ? softmax(this.#last.logits, this.#classes) : this.#sum.map((value) => value / this.#weight);
  }

  /** The predicted tokens. */
  get tokens() {
    if (this.#kind === "last") return this.#last.tokens;
    return this.#last.tokens.map((_, place) => {
      const own = this.#sum.subarray(place * this.#classes, (place + 1) * this.#classes);
      return own.indexOf(own.reduce((a, b) => Math.max(a, b)));
    });
  }
}

/** The temperature that model.json has for these sampling options; null where it has none. */
export function temperatureOf({ calibration }, sampling) {
  const key = (options) => JSON.stringify(Object.entries({ ...DEFAULTS, ...given(options), seed: 0 }).sort(([a], [b]) => a < b ? -1 : 1));
  return calibration?.settings.find((setting) => setting.sampling ? sampling && key(setting.sampling) === key(sampling) : !sampling)?.temperature ?? null;
}

/** Probabilities at a temperature. */
export function atTemperature(probabilities, temperature) {
  return softmax(probabilities.map((probability) => Math.log(Math.max(probability, 1e-300)) / temperature));
}

/** exp(score)/Σ exp(score), over the last `classes` numbers each. */
export function softmax(scores, classes = scores.length) {
  const shares = Float64Array.from(scores);
  for (let start = 0; start < shares.length; start += classes) {
    const own = shares.subarray(start, start + classes);
    const highest = own.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    own.forEach((score, i) => sum += own[i] = Math.exp(score - highest));
    own.forEach((share, i) => own[i] = share / sum);
  }
  return shares;
}

const given = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined));

const probabilityOf = (scores, entry) => softmax(scores)[entry];

const row = (values) => new ort.Tensor("float32", values, [1, values.length]);

const scalar = (value) => row([value]);

const levelInputs = (levels) => ({
  told: row(levels.map(({ timestep }) => timestep)), alpha_bar: row(levels.map(({ alphaBar }) => alphaBar)), variance: row(levels.map(({ alphaBar }) => 1 - alphaBar)),
});

// Which tokens are noisier than the cleanest.
function noisier(levels) {
  const cleanest = Math.max(...levels.map(({ alphaBar }) => alphaBar));
  return levels.map(({ alphaBar }) => alphaBar < cleanest);
}

// The places of the highest priority, as many as the share says, rounded down.
function firstOf(priority, share) {
  const count = Math.floor(priority.length * share + ROUNDING);
  return new Set(priority.map((_, place) => place).sort((a, b) => priority[b] - priority[a] || a - b).slice(0, count));
}

const int64 = (values, shape) => new ort.Tensor("int64", BigInt64Array.from(values, BigInt), shape);

/** Tells when a sentence has stayed the same for some steps; tokens behind its end do not count. */
class Stability {
  #before = null;
  #stable = 0;

  constructor(patience, end) {
    [this.patience, this.end] = [patience, end];
  }

  isReachedBy(tokens) {
    const stop = this.#before?.indexOf(this.end) ?? -1;
    const counting = stop < 0 ? tokens.length : stop + 1;
    this.#stable = this.#before && tokens.slice(0, counting).every((token, i) => token === this.#before[i]) ? this.#stable + 1 : 0;
    this.#before = tokens;
    return this.patience > 0 && this.#stable >= this.patience;
  }
}

// Browsers hash only on pages from https or from this computer; elsewhere the files are taken as they are.
async function sha256(bytes) {
  const digest = await globalThis.crypto?.subtle?.digest("SHA-256", bytes);
  return digest ? Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("") : null;
}
