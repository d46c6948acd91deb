// The page: chooses a model and an image, samples, and shows each step as it is computed.

import { Decoding, ExportedModel, atTemperature, softmax, temperatureOf } from "./lib/model.js";

const BARS = 5;
const MOST_PIXELS = 2048; // a longer side is made smaller before the model sees it

const $ = (id) => document.getElementById(id);
const percent = (share) => `${(100 * share).toFixed(1)} %`;

let model = null, image = null, steps = [], run = 0;

$("folder").addEventListener("change", () => {
  const files = new Map(Array.from($("folder").files, (file) => [file.webkitRelativePath.split("/").slice(1).join("/"), file]));
  open(async (name) => {
    if (!files.has(name)) throw new Error(`${name}: is not in the folder; choose one that tweedie export has written.`);
    return new Uint8Array(await files.get(name).arrayBuffer());
  });
});
$("file").addEventListener("change", () => attempt(async () => {
  image = await pixelsOf($("file").files[0]);
  await sample();
}));
$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(sample);
});
$("step").addEventListener("input", () => show(Number($("step").value)));

// A folder beside the page: index.html?model=exported
const folder = new URLSearchParams(location.search).get("model");
if (folder)
  open(async (name) => {
    const response = await fetch(`${folder.replace(/\/$/, "")}/${name}`);
    if (!response.ok) throw new Error(`${folder}/${name}: ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  });

function open(read) {
  return attempt(async () => {
    say("Loading the model …");
    $("start").disabled = true;
    model = null;
    model = await ExportedModel.open(read);
    const { kind, sampling, classes, tokens } = model.options;
    $("about").textContent = kind === "captioner" ? `A captioner of up to ${tokens} tokens among ${classes}.` : `A classifier of ${classes} classes.`;
    $("steps").value = sampling.steps ?? 1;
    $("guidance").value = sampling.guidance ?? 1;
    $("steps").disabled = $("guidance").disabled = $("seed").disabled = model.isLinear;
    $("start").disabled = !image;
    say(image ? "Ready." : "Choose an image.");
    if (image) await sample();
  });
}

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    say(error.message, true);
  }
}

function say(text, isWrong = false) {
  $("status").textContent = text;
  $("status").classList.toggle("wrong", isWrong);
}

// The picture as sRGB bytes; what is not opaque lies on white.
async function pixelsOf(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const scale = Math.min(1, MOST_PIXELS / Math.max(bitmap.width, bitmap.height));
  const canvas = $("image");
  [canvas.width, canvas.height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

async function sample() {
  if (!model || !image) return;
  const own = ++run;
  const started = performance.now();
  [steps, $("result").hidden, $("start").disabled] = [[], false, false];
  say("Encoding the image …");
  const condition = await model.encode(image);
  if (model.isLinear) {
    const temperature = temperatureOf(model.options, null);
    const probabilities = model.probabilitiesOf(condition);
    steps.push({ isAnswer: true, probabilities: temperature ? atTemperature(probabilities, temperature) : probabilities, isCalibrated: temperature !== null });
    show(0);
    return say("One pass.");
  }
  const sampling = model.resolve({ steps: Number($("steps").value), guidance: Number($("guidance").value), seed: Number($("seed").value) });
  const decoding = new Decoding(sampling.decode, model.options.classes);
  for await (const step of model.denoise(condition, sampling)) {
    if (own !== run) return; // another run has begun
    decoding.add(step);
    steps.push({ ...step, probabilities: model.tokenizer ? null : softmax(step.logits) });
    show(steps.length - 1);
    say(`Step ${step.index + 1} of ${step.count} …`);
    await new Promise(requestAnimationFrame);
  }
  const count = steps.length;
  if (model.tokenizer) steps.push({ isAnswer: true, tokens: decoding.tokens });
  else {
    const temperature = temperatureOf(model.options, sampling);
    steps.push({ isAnswer: true, probabilities: temperature ? atTemperature(decoding.probabilities, temperature) : decoding.probabilities, isCalibrated: temperature !== null });
  }
  show(count);
  say(`${count} steps in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function show(index) {
  const [step, before] = [steps[index], steps[index - 1]];
  [$("step").max, $("step").value, $("scrub").hidden] = [steps.length - 1, index, steps.length < 2];
  $("level").textContent = step.isAnswer ? "the answer" : `${step.index + 1} of ${step.count}, t = ${step.timestep}`;
  if (model.tokenizer) showSentence(step, before);
  else showClasses(step);
}

function showSentence(step, before) {
  const { tokenizer } = model;
  const end = step.tokens.indexOf(tokenizer.end);
  const shown = end < 0 ? step.tokens : step.tokens.slice(0, end);
  if (step.isAnswer) return void $("answer").replaceChildren(tokenizer.sentence(step.tokens));
  $("answer").replaceChildren(...shown.flatMap((token, place) => {
    const word = document.createElement("span");
    word.className = ["word", step.open?.[place] && "open", before && before.tokens[place] !== token && "changed"].filter(Boolean).join(" ");
    word.textContent = tokenizer.word(token);
    return [word, " "];
  }));
}

function showClasses({ probabilities, isAnswer, isCalibrated }) {
  const { classNames } = model.options;
  const best = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]).slice(0, BARS);
  $("answer").textContent = `${classNames[best[0]]}: ${percent(probabilities[best[0]])}${isAnswer ? ` (${isCalibrated ? "calibrated" : "not calibrated"})` : ""}`;
  $("bars").replaceChildren(...best.map((label) => {
    const [row, name, bar, share] = ["li", "span", "div", "span"].map((tag) => document.createElement(tag));
    name.textContent = classNames[label];
    bar.className = "bar";
    bar.style.width = `${100 * probabilities[label]}%`;
    share.className = "share";
    share.textContent = percent(probabilities[label]);
    row.append(name, bar, share);
    return row;
  }));
}
