// How likely an answer is to the model, or another text in its place.

import { element, setText } from './dom.js';
import { scoreRequest, wire } from './requests.js';

/**
 * Makes the controls under an answer.
 * @param {object} model
 * @param {object} page The API and the announcer.
 */
export function createScoring(model, { api, announcer }) {
  const offered = model.tasks?.includes('score') === true;
  const id = `score-${model.name}`;
  const takesText = model.kind !== 'rows';
  const input = element(model.kind === 'text' ? 'textarea' : 'input', { id, rows: model.kind === 'text' ? 2 : null, autocomplete: 'off', spellcheck: 'false', onkeydown: event => event.key === 'Enter' && takesText && model.kind !== 'text' && score(event) });
  const button = element('button', { type: 'button', onclick: score }, 'How likely is it?');
  const fault = element('p', { class: 'problem', role: 'alert', hidden: true });
  const list = element('ul', { class: 'score-list', 'aria-label': `Likelihoods under ${model.name}` });
  const root = element('div', { class: 'scoring', hidden: true },
    element('div', { class: 'asked' }, takesText ? element('label', { for: id }, model.kind === 'captioner' ? 'This caption, or another' : 'This text, or another') : null, takesText ? input : null, button),
    fault, list);
  let answer = null; // that is shown: its number, image, text and entries

  async function score(event) {
    event.preventDefault();
    event.stopPropagation();
    const asked = answer;
    const text = input.value.trim() === '' ? asked.text : input.value;
    fault.hidden = button.disabled = true;
    try {
      const { results: [result] } = await api.json(...askFor(scoreRequest(model, asked.image, { text, entries: asked.entries })));
      if (answer?.id !== asked.id) return; // another answer has taken its place
      const said = inWords(result);
      list.append(element('li', {}, element('span', { class: 'what' }, takesText ? `“${text.trim()}”` : 'this row'), element('span', {}, said)));
      announcer.say(said);
    } catch (error) {
      setText(fault, error.message);
      fault.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  return {
    root,
    /** Shows the controls where there is an answer; those before it are forgotten. */
    show(trajectory) {
      const result = trajectory.result;
      root.hidden = !offered || result === null;
      if (root.hidden || answer?.id === trajectory.request.id) return;
      answer = { id: trajectory.request.id, image: trajectory.request.image, text: result.text ?? '', entries: result.entries };
      input.placeholder = answer.text;
      list.replaceChildren();
      fault.hidden = true;
    },
  };
}

const askFor = request => [request.path, { body: wire(request) }];

const number = (value, digits) => value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

// −log p in words: a bound is an upper one.
function inWords({ nats, natsPerToken, bitsPerCharacter, standardError, isBound }) {
  const error = standardError > 0 ? ` ± ${number(standardError, 1)}` : '';
  const perCharacter = typeof bitsPerCharacter === 'number' ? `, ${number(bitsPerCharacter, 2)} bits per character` : '';
  return `−log p is ${isBound ? 'at most ' : ''}${number(nats, 1)}${error} nats: ${number(natsPerToken, 2)} per token${perCharacter}`;
}
