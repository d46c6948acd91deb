// What is asked of the server: the endpoint and the body, from the model, the input and the settings.

import { base } from './api.js';
import { templateOf } from './words.js';

const WORDS = { toOne: 'rule for its words' };
const GAP = /\[_+\]/;

const pathOf = (model, endpoint) => `api/models/${encodeURIComponent(model.name)}/${endpoint}`;

/** What a kind of model works on. Models that work on the same input can be compared. */
export const familyOf = model => ({ classifier: 'image', captioner: 'image', text: 'text', rows: 'rows' })[model.kind];

/** How many candidates each place is asked for: fewer where there are many places. */
const candidatesOf = model => model.tokens <= 1 ? 10 : model.tokens <= 64 ? 8 : 4;

/**
 * The sampling options that the user has set, of those that the model takes; what is left out is the model's own.
 * @returns {{ sampling: object|null, left: string[] }} The options, null for a model that samples nothing, and one line per setting that this model does not have.
 */
export function samplingOf(model, settings) {
  const [sampling, left] = [{ seed: settings.seed ?? 0 }, []];
  for (const name of ['steps', 'guidance', 'toOne', 'temperature', 'sampler']) {
    const value = settings[name];
    if (value === null) continue;
    if (!model.sampling) left.push(`${model.name} reads its answer off in one pass and takes no ${WORDS[name] ?? name}.`);
    else if (name === 'steps' && model.method === 'ar') left.push(`${model.name} has one step per token and takes no steps.`);
    else if (name === 'sampler' && !model.samplers.includes(value)) left.push(`${model.name} has no sampler ${value} and uses its own.`);
    else sampling[name === 'sampler' && model.method === 'mdd' ? 'unmasking' : name] = value;
  }
  return { sampling: model.sampling ? sampling : null, left };
}

/**
 * A request: `{ path, body, image, left }`; `body` is the JSON, `image` the file that goes with it.
 * @param {object} model
 * @param {object} state The page's state.
 * @param {{from: number, to: number, text: string}[]} kept Words that stay, by place.
 * @param {boolean} exact Whether spaces are in the model's tokens.
 */
export function requestOf(model, state, kept = [], exact = false) {
  const { sampling, left } = samplingOf(model, state.settings);
  const ask = (endpoint, members, image) => ({
    path: pathOf(model, endpoint), body: { ...(sampling && { sampling }), top: candidatesOf(model), ...members }, image, left,
  });
  const template = kept.length ? templateOf(kept, exact) : null;
  switch (model.kind) {
    case 'classifier': return ask('classify', {}, state.image);
    case 'captioner': return template ? ask('fill', { template }, state.image) : ask('caption', {}, state.image);
    case 'text':
      if (template) return ask('fill', { template });
      if (GAP.test(state.text)) return ask('fill', { template: state.text });
      return ask('generate', { ...(state.text && { prompt: state.text }), ...(state.settings.length && { length: state.settings.length }) });
    default: {
      const row = model.columns.map((_, place) => state.givens[place] ?? null);
      return row.some(entry => entry !== null) ? ask('fill', { rows: [row] }) : ask('generate', {});
    }
  }
}

/** The same request for several answers, without a stream: `draws` trajectories of an image, `count` texts. */
export function candidatesRequest(request, model, count) {
  const { top: _, ...body } = request.body;
  return familyOf(model) === 'image'
    ? { ...request, body: { ...body, sampling: { ...body.sampling, draws: count } } }
    : { ...request, body: { ...body, count } };
}

/** Asks how likely something is: a caption of an image, a text, or a row of entries. */
export const scoreRequest = (model, image, { text, entries }) => ({
  path: pathOf(model, 'score'), body: model.kind === 'rows' ? { rows: [entries] } : { texts: [text] }, image,
});

/** The body as it goes over the wire. */
export function wire({ body, image }) {
  if (!image) return JSON.stringify(body);
  const form = new FormData();
  form.append('request', JSON.stringify(body));
  form.append('image', image.blob, image.name);
  return form;
}

/** Where a request goes. */
export const addressOf = request => new URL(request.path, base).href;
