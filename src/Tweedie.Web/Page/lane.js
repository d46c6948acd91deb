// One model's answer: its run, and the views of the step that is shown.

import { Disconnected, Problem } from './api.js';
import { createBars } from './bars.js';
import { createBoard } from './board.js';
import { createCopying } from './copying.js';
import { element, keepChildren, setText } from './dom.js';
import { createGrain } from './grain.js';
import { createHeatMap } from './heat-map.js';
import { createHistory } from './history.js';
import { createKeeping } from './keeping.js';
import { methodName } from './model-list.js';
import { candidatesRequest, requestOf, wire } from './requests.js';
import { createScoring } from './scoring.js';
import { createScrubber, pace } from './scrubber.js';
import { createSentence } from './sentence.js';
import { Trajectory } from './trajectory.js';
import { isExact, isSpecial, textOf } from './words.js';

/** A run that breaks off as often is given up. */
const TRIES = 5;

const still = matchMedia('(prefers-reduced-motion: reduce)');
let requests = 0;

/**
 * Makes a lane.
 * @param {object} model
 * @param {object} page The store, the API, the connection, the keys and the announcer.
 */
export function createLane(model, page) {
  const { store, api, connection, announcer, keys } = page;
  const lane = { kept: [], select, toggle, write, run, cancel, leave, render, move: by => scrubber.move(by), get selected() { return selected; } };

  const view = { classifier: createBars, rows: createBoard }[model.kind]?.(model, lane, page) ?? createSentence(model, lane);
  const [grain, heat, history] = [createGrain(), createHeatMap(model, go), createHistory(model)];
  const scrubber = createScrubber(model.name, go);
  const keeping = view.root.classList.contains('sentence') ? createKeeping(model, lane) : null;
  const scoring = createScoring(model, page);
  const copying = createCopying(model, currentRequest, keys);
  const state = element('p', { class: 'state' });
  const fault = element('p', { class: 'problem', role: 'alert', hidden: true });
  const others = element('ol', { class: 'others', hidden: true, 'aria-label': `Candidates of ${model.name}` });
  const left = element('p', { class: 'hint', hidden: true });
  lane.root = element('article', { class: `lane ${model.kind}`, 'aria-label': model.name },
    element('header', {}, element('h2', {}, model.name), element('span', { class: `method ${model.method}` }, methodName(model)), element('span', { class: 'scores' }, scoresOf(model)), state),
    fault, left,
    element('div', { class: 'paper' }, grain.root, view.root),
    scrubber.root, keeping?.root, others, heat.root, history.root, scoring.root, copying.root);

  let trajectory = new Trajectory(null, false);
  let [controller, shown, selected, timer] = [null, 0, null, null];
  render();

  function currentRequest() {
    if (model.kind !== 'text' && model.kind !== 'rows' && !store.get().image) return null;
    return { ...requestOf(model, store.get(), lane.kept, trajectory.steps.length > 0 && isExact(trajectory.steps.at(-1).tokens)), id: ++requests };
  }

  /** Runs the model on what the page has, from the first step on. */
  async function run() {
    cancel();
    const request = currentRequest();
    if (!request) return;
    const mine = controller = new AbortController();
    store.set({ running: store.get().running + 1 });
    lane.root.classList.add('running');
    fault.hidden = others.hidden = true;
    left.hidden = request.left.length === 0;
    setText(left, request.left.join(' '));
    try {
      for (let tries = 1; ; tries++) {
        try {
          await once(request, mine.signal);
          break;
        } catch (broken) {
          if (!(broken instanceof Disconnected)) throw broken;
          if (tries === TRIES) throw new Problem(0, { detail: `The stream broke off ${TRIES} times; press Denoise to try again.` });
          setText(state, `${broken.message.replace(/\.$/, '')}${began(request) ? ` at step ${trajectory.steps.length} of ${trajectory.count}` : ''}. It starts again with the same seed once the server answers.`);
          await unlessAborted(connection.lost(), mine.signal);
        }
      }
    } catch (error) {
      if (controller !== null && controller !== mine) return; // a newer run has taken the place of this one
      if (mine.signal.aborted) setText(state, began(request) ? `cancelled at step ${trajectory.steps.length} of ${trajectory.count}` : 'cancelled');
      else {
        if (!(began(request) && trajectory.answer)) setText(state, 'failed'); // else the answer is there, without its other candidates
        setText(fault, error.message + (error.retryAfter ? ` Try again in ${error.retryAfter} s.` : ''));
        fault.hidden = false;
        if (!(error instanceof Problem)) reportError(error);
      }
    } finally {
      if (controller === mine) {
        controller = null;
        lane.root.classList.remove('running');
      }
      store.set({ running: store.get().running - 1 });
    }
  }

  // Whether the steps that are shown are those of a request.
  const began = request => trajectory.request === request && trajectory.steps.length > 0;

  async function once(request, signal) {
    const fresh = new Trajectory(request, model.method !== 'tdd');
    setText(state, 'waiting');
    for await (const { type, data } of api.stream(request.path, wire(request), signal)) {
      connection.there();
      if (type === 'start') {
        [trajectory, shown] = [fresh, 0];
        fresh.start = data;
      } else if (type === 'step') {
        fresh.add(data);
        setText(state, `step ${data.index + 1} of ${fresh.count}`);
        follow();
      } else if (type === 'result') {
        fresh.finish(data);
        setText(state, `${fresh.steps.length} ${fresh.steps.length === 1 ? 'step' : 'steps'} in ${data.seconds.toLocaleString('en', { maximumFractionDigits: 2 })} s`);
        if (model.kind === 'text') store.set({ lastExact: isExact(fresh.steps.at(-1)?.tokens ?? []) });
        announcer.say(`${model.name}: ${spoken(data.results[0])}`);
        follow();
      }
    }
    const count = store.get().settings.candidates ?? 1;
    if (count > 1 && model.sampling) list(await api.json(request.path, { body: wire(candidatesRequest(request, model, count)), signal }), count);
  }

  function cancel() {
    controller?.abort(new DOMException('cancelled', 'AbortError'));
    controller = null;
    scrubber.stop();
    lane.root.classList.remove('running');
  }

  /** Ends the lane: it is not shown any more. */
  function leave() {
    cancel();
    view.leave?.();
  }

  // Shows what has arrived one step after the other, slowly enough to watch.
  function follow() {
    if (still.matches) shown = trajectory.steps.length - 1;
    render();
    timer ??= setInterval(() => {
      if (shown < trajectory.steps.length - 1) {
        shown++;
        render();
      } else if (controller === null) {
        clearInterval(timer);
        timer = null;
        render();
      }
    }, pace(trajectory.count));
  }

  // A step that the user goes to is one for all models: as far from noise to the answer.
  function go(step) {
    store.set({ position: trajectory.count > 1 ? step / (trajectory.count - 1) : 0 });
  }

  function indexNow() {
    const { position } = store.get();
    return Math.max(0, Math.min(trajectory.steps.length - 1, position === null ? shown : Math.round(position * (trajectory.count - 1))));
  }

  function render() {
    scrubber.show(trajectory, indexNow());
    history.show(trajectory);
    scoring.show(trajectory);
    lane.root.classList.toggle('empty', trajectory.steps.length === 0);
    if (trajectory.steps.length === 0) {
      view.clear();
      keeping?.show(null);
      heat.idle();
      return;
    }
    const index = indexNow();
    const { tokens, entries, alphaBar } = trajectory.steps[index];
    const wanted = selected ?? (trajectory.answer || model.tokens === 1 ? mostTelling() : null);
    const place = wanted !== null && wanted < tokens.length ? wanted : null; // a text that is written part by part grows
    const word = place === null ? null : view.word(trajectory, index, place);
    grain.show(alphaBar);
    view.show(trajectory, index, place);
    keeping?.show(selected === null ? null : word);
    if (!entries?.length) heat.idle(trajectory, index);
    else if (word) heat.show(trajectory, index, place, word.name ?? (model.tokens === 1 ? 'the label' : `place ${place + 1}, “${word.text}”`));
  }

  // The place that settled last, unless the user has chosen one: there is most to see.
  function mostTelling() {
    const [settled, tokens] = [trajectory.settled(), trajectory.steps.at(-1).tokens];
    const words = settled.map((_, place) => place).filter(place => !isSpecial(tokens[place]) && textOf(tokens[place]).trim() !== '');
    return words.reduce((best, place) => best === null || settled[place] > settled[best] ? place : best, null);
  }

  function select(place) {
    selected = place;
    render();
  }

  function toggle(word) {
    const before = keptBefore();
    const others = before.filter(({ from, to }) => to < word.from || word.to < from);
    lane.kept = others.length < before.length ? others : [...others, { from: word.from, to: word.to, text: textAt(word) }];
    render();
  }

  function write(word, text) {
    const { tokens } = trajectory.steps.at(-1);
    const exact = isExact(tokens);
    const to = exact && tokens.every(token => isSpecial(token) || [...token].length === 1) ? word.from + [...text].length - 1 : word.to;
    lane.kept = [...keptBefore().filter(kept => kept.to < word.from || to < kept.from), { from: word.from, to, text }];
    render();
  }

  // The first word that is fixed joins what was known already, such as a prompt.
  function keptBefore() {
    if (lane.kept.length || model.kind !== 'text') return lane.kept;
    const runs = [];
    trajectory.steps.at(-1).tokens.forEach((_, place) => {
      if (!trajectory.given(place)) return;
      if (runs.at(-1)?.to === place - 1) runs.at(-1).to = place;
      else runs.push({ from: place, to: place });
    });
    return runs.map(run => ({ ...run, text: textAt(run) }));
  }

  function textAt({ from, to }) {
    const { tokens } = trajectory.steps[indexNow()];
    const text = tokens.slice(from, to + 1).map(textOf).join('');
    return isExact(trajectory.steps.at(-1).tokens) ? text : text.trim();
  }

  function list(answer, count) {
    const [result] = answer.results;
    const texts = result.candidates?.map(({ text }) => text) ?? (answer.results.length > 1 ? answer.results.map(({ text }) => text)
      : result.answers?.map(({ class: name, probability }) => `${name}: ${(probability * 100).toFixed(1)} %, the mean of ${count} draws`) ?? []);
    keepChildren(others, texts, () => element('li'), (item, text) => setText(item, text));
    others.hidden = texts.length === 0;
  }

  function spoken(result) {
    if (result.answers) return result.answers.slice(0, 3).map(({ class: name, probability }) => `${name} ${Math.round(probability * 100)} %`).join(', ');
    return result.text ?? result.entries?.join(' ') ?? '';
  }

  return lane;
}

// Scores from the model's card, at most three.
function scoresOf(model) {
  const scores = Object.entries(model.card?.scores ?? {}).filter(([, score]) => typeof score === 'number').slice(0, 3);
  return scores.map(([name, score]) => `${name} ${Number(score.toPrecision(3))}`).join(' · ');
}

function unlessAborted(promise, signal) {
  return Promise.race([promise, new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))]);
}
