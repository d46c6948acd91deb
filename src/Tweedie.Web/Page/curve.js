// ᾱ, the share of the signal in the state: over the steps of a run, or over the schedule where nothing has run yet.

import { drawing, element, setAttribute } from './dom.js';

const HEIGHT = 40;

/** Makes the curve of a model. A model without a schedule, such as an autoregressive one, has none. */
export function createCurve(model) {
  const line = drawing('polyline', { class: 'line' });
  const area = drawing('polygon', { class: 'area' });
  const marker = drawing('line', { class: 'now', y1: 0, y2: HEIGHT });
  const root = drawing('svg', { class: 'curve', preserveAspectRatio: 'none', role: 'img' }, area, line, marker);
  const label = element('span', { class: 'curve-label', 'aria-hidden': 'true' }, 'ᾱ');

  function show(trajectory, index) {
    const ran = trajectory?.steps.length ? trajectory : null;
    const levels = ran ? ran.steps.map(step => step.alphaBar) : [...(model.schedule ?? [])].reverse();
    const known = levels.length > 0 && levels.every(level => typeof level === 'number');
    for (const node of [root, label]) node.toggleAttribute('hidden', !known);
    if (!known) return;
    const width = ran ? ran.count : levels.length - 1;
    const points = levels.map((level, at) => [ran ? at + 0.5 : at, (1 - level) * (HEIGHT - 2) + 1]);
    setAttribute(root, 'viewBox', `0 0 ${width} ${HEIGHT}`);
    setAttribute(line, 'points', points.map(point => point.join(',')).join(' '));
    setAttribute(area, 'points', [[points[0][0], HEIGHT], ...points, [points.at(-1)[0], HEIGHT]].map(point => point.join(',')).join(' '));
    const now = ran ? index + 0.5 : 0;
    setAttribute(marker, 'x1', now);
    setAttribute(marker, 'x2', now);
    setAttribute(marker, 'visibility', ran ? 'visible' : 'hidden');
    setAttribute(root, 'aria-label', ran ? `ᾱ rises from ${levels[0].toFixed(3)} to ${levels.at(-1).toFixed(3)}; at this step it is ${levels[index].toFixed(3)}` : 'The schedule’s ᾱ, from noise to the clean sentence');
  }

  return { root, label, show };
}
