// Noise behind the sentence. It is as strong as the noise in the state, √(1−ᾱ), and is gone when the sentence stands.

import { element } from './dom.js';

const [WIDTH, HEIGHT, GRAIN] = [1200, 400, 2];

/** The colours of the noise: those of the scale of steps, from early to late. */
const COLOURS = [[124, 108, 240], [217, 86, 155], [245, 169, 75]];

let picture = null;

/** Makes the noise of a lane. */
export function createGrain() {
  const root = element('canvas', { class: 'grain', width: WIDTH, height: HEIGHT, 'aria-hidden': 'true' });
  root.getContext('2d').drawImage(picture ??= paint(), 0, 0);
  return {
    root,
    show: alphaBar => root.style.setProperty('--noise', typeof alphaBar === 'number' ? Math.sqrt(Math.max(0, 1 - alphaBar)) : 0),
  };
}

function paint() {
  const canvas = element('canvas', { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext('2d');
  for (let y = 0; y < HEIGHT; y += GRAIN) {
    for (let x = 0; x < WIDTH; x += GRAIN) {
      const [red, green, blue] = COLOURS[Math.floor(Math.random() * COLOURS.length)];
      context.fillStyle = `rgb(${red} ${green} ${blue} / ${Math.random() ** 2})`;
      context.fillRect(x, y, GRAIN, GRAIN);
    }
  }
  return canvas;
}
