// The settings of the sampling. An empty field takes the model's own default, which it shows.

import { element, setAttribute } from './dom.js';
import { familyOf } from './requests.js';

const RULES = [['argmax', 'likeliest'], ['multinomial', 'drawn']];
const NUMBERS = ['steps', 'guidance', 'temperature', 'seed', 'candidates', 'length'];

/** Makes the settings' part of the controls. */
export function createSettings({ store }) {
  const number = (id, text, attributes) => field(id, text, element('input', { id, type: 'number', inputmode: 'decimal', oninput: read, ...attributes }));
  const choice = (id, text) => field(id, text, element('select', { id, onchange: read }));

  const fields = {
    steps: number('steps', 'Steps', { min: 1, step: 1 }),
    sampler: choice('sampler', 'Sampler'),
    guidance: number('guidance', 'Guidance', { min: 0, max: 100, step: 'any' }),
    toOne: choice('toOne', 'Words are'),
    temperature: number('temperature', 'Temperature', { min: 0.001, max: 1000, step: 'any' }),
    seed: number('seed', 'Seed', { value: 0, step: 1, required: true }),
    candidates: number('candidates', 'Candidates', { value: 1, min: 1, step: 1, required: true }),
    length: number('length', 'Length', { min: 1, step: 1 }),
  };
  const dice = element('button', { type: 'button', class: 'dice', onclick: another, title: 'Another seed', 'aria-label': 'Another seed' }, '⟳');
  fields.seed.querySelector('.control').append(dice);
  const root = element('fieldset', { class: 'settings' }, element('legend', {}, 'Sampling'), ...Object.values(fields));
  const control = name => fields[name].querySelector('input, select');

  store.watch(['chosen', 'models'], ({ models, chosen, family }) => {
    const present = models.filter(model => chosen.includes(model.name));
    const first = present[0];
    if (!first) return;
    const own = first.sampling ?? {};
    for (const name of ['steps', 'guidance', 'temperature']) setAttribute(control(name), 'placeholder', own[name] ?? '');
    setAttribute(control('length'), 'placeholder', first.tokens);
    setAttribute(control('steps'), 'max', Math.min(...present.map(model => model.limits?.steps ?? 100_000)));
    setAttribute(control('candidates'), 'max', Math.min(...present.map(model => (familyOf(model) === 'image' ? model.limits?.draws : model.limits?.count) ?? 100)));
    const samplers = [...new Set(present.flatMap(model => model.samplers))];
    offer(control('sampler'), samplers.map(name => [name, name]), first.method === 'mdd' ? own.unmasking : own.sampler);
    offer(control('toOne'), RULES, own.toOne ?? 'argmax');
    fields.sampler.hidden = samplers.length === 0;
    fields.length.hidden = family !== 'text';
    fields.candidates.hidden = family === 'rows';
    read();
  });

  // The model's own choice comes first, in brackets, as empty numbers show theirs. Where a model does not say, it is the first of all.
  function offer(select, choices, own) {
    const before = select.value;
    const label = choices.find(([value]) => value === own)?.[1] ?? choices[0]?.[1];
    select.replaceChildren(element('option', { value: '' }, `(${label})`), ...choices.map(([value, text]) => element('option', { value }, text)));
    select.value = choices.some(([value]) => value === before) ? before : '';
  }

  function read() {
    control('temperature').disabled = effectiveRule() !== 'multinomial';
    const settings = { toOne: control('toOne').value || null, sampler: control('sampler').value || null };
    for (const name of NUMBERS) {
      const input = control(name);
      settings[name] = input.value === '' || input.disabled || fields[name].hidden ? null : Number(input.value);
    }
    store.set({ settings });
  }

  // Argmax draws nothing and takes no temperature.
  function effectiveRule() {
    const { models, chosen } = store.get();
    return control('toOne').value || models.find(model => model.name === chosen[0])?.sampling?.toOne || 'argmax';
  }

  function another() {
    control('seed').value = Math.floor(Math.random() * 1e6);
    read();
  }

  return { root };
}

const field = (id, text, control) => element('div', { class: 'field' }, element('label', { for: id }, text), element('div', { class: 'control' }, control));
