// The noise levels that sampling visits, noisiest first: Tweedie.Sampling.NoiseSchedule and SamplingPlan.

import { roundToEven } from "./rounding.js";

const MASKED_SCALE = 999; // masked diffusion names its times on the scale of 1000 timesteps

/** ᾱ of each timestep, for the diffusion process that model.json describes. */
export function alphaBars({ schedule, timesteps, logSnrMin, logSnrMax }) {
  switch (schedule) {
    case "cosine": {
      const signal = (u) => Math.cos((u + 0.008) / 1.008 * Math.PI / 2) ** 2;
      return fromBetas(timesteps, (i) => Math.min(1 - signal((i + 1) / timesteps) / signal(i / timesteps), 0.999));
    }
    case "linear": {
      const [first, last] = [1e-4 * 1000 / timesteps, Math.min(0.02 * 1000 / timesteps, 0.999)];
      return fromBetas(timesteps, (i) => first + (last - first) * i / (timesteps - 1));
    }
    case "logSnr":
      return Array.from({ length: timesteps }, (_, i) => 1 / (1 + Math.exp(-(logSnrMax + (logSnrMin - logSnrMax) * i / (timesteps - 1)))));
    default:
      throw new Error(`model.json: the schedule ${schedule} is not one that this page knows.`);
  }
}

/** Whether a sampler commits tokens, one after the other. */
export const commits = ({ sampler }) => sampler === "commit" || sampler === "leftToRight";

/** The levels of one-hot diffusion: {timestep, alphaBar} per step. Where tokens are committed, they are those of the open ones. */
export function noisyPlan(diffusion, options) {
  const { steps, control, toldDelay, toldFloor } = options;
  const bars = alphaBars(diffusion);
  const last = bars.length - 1;
  if (steps > bars.length) throw new Error(`steps = ${steps}: the model has ${bars.length} timesteps; use at most ${bars.length}.`);
  const stays = control || (commits(options) && options.openFollow !== true);
  const timesteps = stays || steps === 1 ? Array(steps).fill(last) : uniform(last, steps);
  const [delay, floor] = [toldDelay ?? 0, toldFloor ?? 0];
  return timesteps.map((timestep, index) => ({
    timestep: roundToEven(floor * last + (1 - floor) * timesteps[Math.max(0, index - delay)]),
    alphaBar: bars[timestep],
  }));
}

/** The cleanest level. */
export const cleanest = (diffusion) => ({ timestep: 0, alphaBar: alphaBars(diffusion)[0] });

/** The levels of masked diffusion; ᾱ is the share of visible tokens. */
export function maskedPlan(steps) {
  return Array.from({ length: steps }, (_, index) => 1 - index / steps)
    .map((time) => ({ timestep: roundToEven(time * MASKED_SCALE), alphaBar: 1 - time }));
}

/** The guidance scale at a step. */
export function guidanceAt({ guidance, guidanceSchedule }, step, steps) {
  const scale = guidance ?? 1;
  return guidanceSchedule === "linear" && steps > 1 ? 1 + (scale - 1) * step / (steps - 1) : scale;
}

function uniform(last, steps) {
  const stride = last / (steps - 1);
  const rising = [];
  for (let i = 0, position = 0; i < steps; i++, position += stride) rising.push(roundToEven(position));
  return rising.reverse();
}

function fromBetas(timesteps, beta) {
  let product = 1;
  return Array.from({ length: timesteps }, (_, i) => product *= 1 - beta(i));
}
