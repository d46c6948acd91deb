// Back and forth through the steps: a slider, buttons beside it, and a playback. Its track is the legend of the words' colours.

import { element, setText } from './dom.js';

/**
 * Makes a lane's scrubber.
 * @param {string} name The model's.
 * @param {Function} go Is called with the step that the user wants, or null to follow what arrives.
 */
export function createScrubber(name, go) {
  const slider = element('input', { type: 'range', min: 0, max: 0, value: 0, step: 1, 'aria-label': `Step of ${name}`, oninput: () => { stop(); go(Number(slider.value)); } });
  const play = element('button', { type: 'button', class: 'play', onclick: () => timer === null ? start() : stop() });
  const button = (label, sign, by) => element('button', { type: 'button', 'aria-label': label, title: label, onclick: () => { stop(); move(by); } }, sign);
  const where = element('output', { class: 'where' });
  const root = element('div', { class: 'scrubber' },
    element('div', { class: 'slider' }, play, button('Step back', '‹', -1), slider, button('Step forward', '›', 1)),
    element('div', { class: 'legend' }, element('span', {}, 'settled early'), where, element('span', {}, 'settled late')));
  let [timer, count] = [null, 0];
  label();

  function label() {
    const text = timer === null ? 'Play the steps' : 'Pause';
    setText(play, timer === null ? '▶' : '❚❚');
    play.setAttribute('aria-label', text);
    play.title = text;
  }

  function move(by) {
    go(Math.max(0, Math.min(count - 1, Number(slider.value) + by)));
  }

  function start() {
    if (Number(slider.value) >= count - 1) go(0);
    timer = setInterval(() => Number(slider.value) >= count - 1 ? stop() : move(1), pace(count));
    label();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    label();
  }

  return {
    root,
    stop,
    move: by => { stop(); move(by); },
    /** Shows a step of a trajectory. */
    show(trajectory, index) {
      count = trajectory.steps.length;
      root.hidden = count === 0;
      if (count === 0) return;
      const step = trajectory.steps[index];
      slider.max = Math.max(0, trajectory.count - 1);
      slider.value = index;
      const level = step.alphaBar === null || step.alphaBar === undefined ? '' : ` · t = ${step.timestep} · ᾱ = ${step.alphaBar.toFixed(3)}`;
      setText(where, `step ${index + 1} of ${trajectory.count}${level}`);
      slider.setAttribute('aria-valuetext', `step ${index + 1} of ${trajectory.count}`);
    },
  };
}

/** Milliseconds per step, so that a run takes two to three seconds to watch. */
export const pace = count => Math.max(16, Math.min(220, 2600 / Math.max(1, count)));
