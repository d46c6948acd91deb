// From the pixels of an image to the input of a network, with the arithmetic of Tweedie.Images, which is that of Pillow.

import { roundToEven } from "./rounding.js";

const FRACTION_BITS = 22; // of the weights of resizing
const HALF = 1 << (FRACTION_BITS - 1);

/**
 * Resizes, cuts out and normalises an image.
 * @param image width, height and data: RGBA bytes, as a canvas gives them. Pixels that are not opaque lie on white.
 * @param input what model.json says of the input
 * @returns (C, H, W) as a Float32Array
 */
export function prepare(image, input) {
  return normalize(resizeCrop(withChannels(image, input.channels), input), input);
}

function withChannels({ width, height, data }, channels) {
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    const alpha = data[4 * i + 3];
    const [r, g, b] = [0, 1, 2].map((c) => alpha === 255 ? data[4 * i + c] : Math.round((data[4 * i + c] * alpha + 255 * (255 - alpha)) / 255));
    if (channels === 1) pixels[i] = Math.floor((299 * r + 587 * g + 114 * b + 500) / 1000); // the luma of ITU-R BT.601
    else pixels.set([r, g, b], 3 * i);
  }
  return { width, height, channels, pixels };
}

function resizeCrop(image, { size, cropRatio, fit, interpolation }) {
  const shorter = Math.floor(size / cropRatio);
  if (shorter === size && image.width === size && image.height === size) return image;
  const [width, height] = fit === "stretch" ? [shorter, shorter]
    : image.width <= image.height ? [shorter, Math.floor(shorter * image.height / image.width)]
      : [Math.floor(shorter * image.width / image.height), shorter];
  const margin = (length) => roundToEven((length - size) / 2);
  return vertical(horizontal(image, width, margin(width), size, interpolation), height, margin(height), size, interpolation);
}

function horizontal(image, width, start, count, interpolation) {
  const { height, channels, pixels } = image;
  const resized = new Uint8Array(count * height * channels);
  const columns = windows(image.width, width, start, count, interpolation);
  for (let y = 0; y < height; y++)
    columns.forEach(({ first, weights }, x) => {
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        for (let tap = 0; tap < weights.length; tap++) sum += weights[tap] * pixels[(y * image.width + first + tap) * channels + channel];
        resized[(y * count + x) * channels + channel] = toByte(sum);
      }
    });
  return { width: count, height, channels, pixels: resized };
}

function vertical(image, height, start, count, interpolation) {
  const { width, channels, pixels } = image;
  const row = width * channels;
  const resized = new Uint8Array(count * row);
  windows(image.height, height, start, count, interpolation).forEach(({ first, weights }, y) => {
    for (let column = 0; column < row; column++) {
      let sum = HALF;
      for (let tap = 0; tap < weights.length; tap++) sum += weights[tap] * pixels[(first + tap) * row + column];
      resized[y * row + column] = toByte(sum);
    }
  });
  return { width, height: count, channels, pixels: resized };
}

const toByte = (sum) => Math.max(0, Math.min(255, sum >> FRACTION_BITS));

// For each position of a resized row or column, the first input position that it sees and the weights from there on, in 22-bit fixed point.
function windows(inputSize, outputSize, start, count, interpolation) {
  if (inputSize === outputSize) return Array.from({ length: count }, (_, position) => ({ first: start + position, weights: [1 << FRACTION_BITS] }));
  const [support, kernel] = interpolation === "bilinear" ? [1, triangle] : [2, cubic];
  const scale = inputSize / outputSize;
  const stretch = Math.max(1, scale);
  return Array.from({ length: count }, (_, position) => {
    const centre = (start + position + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support * stretch + 0.5));
    const taps = Math.min(inputSize, Math.trunc(centre + support * stretch + 0.5)) - first;
    const exact = Array.from({ length: taps }, (_, tap) => kernel((first + tap - centre + 0.5) / stretch));
    const sum = exact.reduce((total, weight) => total + weight, 0);
    return { first, weights: exact.map((weight) => toFixed(weight / sum)) };
  });
}

const toFixed = (weight) => Math.sign(weight) * Math.floor(Math.abs(weight) * 2 ** FRACTION_BITS + 0.5);

const triangle = (x) => Math.max(0, 1 - Math.abs(x));

// The cubic of Keys (1981) with a = −1/2
function cubic(x) {
  const a = -0.5;
  x = Math.abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

// (x/255 − mean)/std in single precision, from (H, W, C) bytes to (C, H, W)
function normalize({ width, height, channels, pixels }, { mean, std }) {
  const values = new Float32Array(width * height * channels);
  for (let channel = 0; channel < channels; channel++) {
    const [m, s] = [Math.fround(mean[channel]), Math.fround(std[channel])];
    const table = Float32Array.from({ length: 256 }, (_, value) => Math.fround(Math.fround(Math.fround(value / 255) - m) / s));
    for (let i = 0; i < width * height; i++) values[channel * width * height + i] = table[pixels[i * channels + channel]];
  }
  return values;
}
