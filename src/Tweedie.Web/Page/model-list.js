// Which models answer: one, or several side by side.

import { element } from './dom.js';
import { familyOf } from './requests.js';

const FAMILIES = { image: 'Images', text: 'Texts', rows: 'Boards' };
const METHODS = { tdd: 'one-hot', mdd: 'masked', ar: 'autoregressive', linear: 'linear' };

/** A method's name for readers. */
export const methodName = model => METHODS[model.method] ?? model.method;

/** The model to begin with: one with much to watch, before a label, before one that reads its answer off. */
export const firstOf = models => models.find(model => model.sampling && model.tokens > 1) ?? models.find(model => model.sampling) ?? models[0];

/** Makes the choice of what to do, in the header, and the choice of models. */
export function createModelList({ store, families }) {
  const list = element('ul', { class: 'models' });
  const root = element('fieldset', {}, element('legend', {}, 'Models'), list);

  store.watch(['models', 'family'], ({ models, family, chosen }) => {
    const present = Object.keys(FAMILIES).filter(name => models.some(model => familyOf(model) === name));
    families.hidden = present.length < 2;
    families.replaceChildren(families.querySelector('legend'), ...present.map(name => element('label', {},
      element('input', { type: 'radio', name: 'family', value: name, checked: name === family, onchange: () => choose(name) }), element('span', {}, FAMILIES[name]))));
    list.replaceChildren(...models.filter(model => familyOf(model) === family).map(model => element('li', {}, element('label', {},
      element('input', { type: 'checkbox', name: 'model', value: model.name, checked: chosen.includes(model.name), onchange: read }),
      element('span', { class: 'model-name' }, model.name),
      element('span', { class: `method ${model.method}` }, methodName(model))))));
  });

  function choose(family) {
    const first = firstOf(store.get().models.filter(model => familyOf(model) === family));
    store.set({ family, chosen: [first.name] });
    families.querySelector('input:checked')?.focus();
  }

  function read() {
    store.set({ chosen: [...list.querySelectorAll('input:checked')].map(input => input.value) });
  }

  return { root };
}
