// A frozen image encoder: an ONNX file that was trained elsewhere, and how images become its input. docs/encoders.md describes both.

import * as ort from "onnxruntime-web";
import { prepare } from "./image.js";

const CHANNELS = 3;

/** The features of images by a frozen encoder: (1, M, d). */
export class FrozenEncoder {
  #model;
  #first;
  #output;
  #preprocess;

  /**
   * Opens the encoder of an exported folder.
   * @param frozen what model.json says of it
   * @param names the files of the folder
   * @param read gives the bytes of one of them by its name
   */
  static async open({ onnx, output, preprocess }, names, read) {
    const folder = onnx.slice(0, onnx.lastIndexOf("/") + 1);
    const first = preprocess.first ? folder + preprocess.first : null;
    const weights = [];
    for (const name of names)
      if (name.startsWith(folder) && name !== onnx && name !== first) weights.push({ path: name.slice(folder.length), data: await read(name) });
    const create = (bytes) => ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], externalData: weights });
    const bytes = await read(onnx);
    let model = await create(bytes);
    if (output && !model.outputNames.includes(output)) {
      await model.release();
      model = await create(withOutput(bytes, output));
    }
    return new FrozenEncoder(model, first ? await create(await read(first)) : null, output ?? model.outputNames[0], preprocess);
  }

  constructor(model, first, output, preprocess) {
    this.#model = model;
    this.#first = first;
    this.#output = output;
    this.#preprocess = preprocess;
  }

  /** The features of an image (width, height, RGBA data). */
  async encode(image) {
    const { size, range, mean, std, channels } = this.#preprocess;
    const scaled = (values) => values.map((value) => value / range);
    const pixels = prepare(image, { ...this.#preprocess, channels: CHANNELS, mean: scaled(mean), std: scaled(std) });
    let input = new ort.Tensor("float32", channels === "bgr" ? planesReversed(pixels) : pixels, [1, CHANNELS, size, size]);
    if (this.#first) input = await run(this.#first, input, this.#first.outputNames[0]);
    return tokensOf(await run(this.#model, input, this.#output));
  }
}

const run = async (session, input, output) => (await session.run({ [session.inputNames[0]]: input }, [output]))[output];

function planesReversed(values) {
  const plane = values.length / CHANNELS;
  const reversed = new Float32Array(values.length);
  for (let channel = 0; channel < CHANNELS; channel++) reversed.set(values.subarray(channel * plane, (channel + 1) * plane), (CHANNELS - 1 - channel) * plane);
  return reversed;
}

// Pooled (1, d) and tokens (1, M, d) lie in this order already; a map (1, d, h, w) has its vectors in columns.
function tokensOf({ data, dims }) {
  if (dims.length === 2) return new ort.Tensor("float32", data, [1, 1, dims[1]]);
  if (dims.length === 3) return new ort.Tensor("float32", data, dims);
  const [, width, rows, columns] = dims;
  const tokens = rows * columns;
  const features = new Float32Array(data.length);
  for (let channel = 0; channel < width; channel++)
    for (let token = 0; token < tokens; token++) features[token * width + channel] = data[channel * tokens + token];
  return new ort.Tensor("float32", features, [1, tokens, width]);
}

// An inner tensor becomes an output by a message behind the model: protobuf merges a message that comes in two parts. 7 is ModelProto.graph, 12 is
// GraphProto.output, 1 is ValueInfoProto.name.
function withOutput(model, name) {
  const added = [7, 12, 1].reduceRight((content, field) => message(field, content), new TextEncoder().encode(name));
  const bytes = new Uint8Array(model.length + added.length);
  bytes.set(model);
  bytes.set(added, model.length);
  return bytes;
}

function message(field, content) {
  const head = [field << 3 | 2];
  let length = content.length;
  for (; length >= 0x80; length >>= 7) head.push(length & 0x7f | 0x80);
  return Uint8Array.from([...head, length, ...content]);
}
