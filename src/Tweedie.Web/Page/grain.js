// Noise behind the sentence. It is as strong as the noise in the state, √(1−ᾱ), and is gone when the sentence stands.

import { element } from './dom.js';

const SIDE = 160;

/** Makes the noise of a lane. */
export function createGrain() {
  const root = element('canvas', { class: 'grain', width: SIDE, height: SIDE, 'aria-hidden': 'true' });
  const context = root.getContext('2d');
  const pixels = context.createImageData(SIDE, SIDE);
  for (let at = 0; at < pixels.data.length; at += 4) {
    pixels.data[at] = pixels.data[at + 1] = pixels.data[at + 2] = 128;
    pixels.data[at + 3] = Math.random() * 255;
  }
  context.putImageData(pixels, 0, 0);
  return {
    root,
    show: alphaBar => root.style.setProperty('--noise', typeof alphaBar === 'number' ? Math.sqrt(Math.max(0, 1 - alphaBar)) : 0),
  };
}
