// The page: its parts, and how they meet.

import { createApi, Disconnected, Problem } from './api.js';
import { createBoardInput } from './board-input.js';
import { createConnection } from './connection.js';
import { element } from './dom.js';
import { createImageInput } from './image-input.js';
import { createKeys } from './key.js';
import { createModelList, firstOf } from './model-list.js';
import { createAnnouncer, createProblems } from './problems.js';
import { familyOf } from './requests.js';
import { createSettings } from './settings.js';
import { createStage } from './stage.js';
import { createStore } from './store.js';
import { createTextInput } from './text-input.js';

const place = id => document.getElementById(id);
const store = createStore({ loaded: false, models: [], family: null, chosen: [], image: null, text: '', givens: {}, settings: {}, position: null, running: 0, lastExact: true });
const keys = createKeys();
const api = createApi(keys);
const problems = createProblems(place('problems'));
const page = { store, keys, api, problems, announcer: createAnnouncer(place('announcer')), connection: createConnection(place('connection'), api.answers), run };

const inputs = { image: createImageInput(page), text: createTextInput(page), rows: createBoardInput(page) };
const settings = createSettings(page);
const stage = createStage(place('stage'), page);
const start = element('button', { type: 'submit', class: 'primary' }, 'Denoise');
const cancel = element('button', { type: 'button', onclick: () => stage.cancel() }, 'Cancel');
const form = place('controls');
form.append(
  ...Object.values(inputs).map(input => input.root),
  element('div', { class: 'buttons run' }, start, cancel, element('span', { class: 'hint' }, 'Ctrl+Enter, Esc')),
  createModelList({ store, families: place('families') }).root,
  settings.root);

store.watch(['family'], ({ family }) => Object.entries(inputs).forEach(([name, input]) => { input.root.hidden = name !== family; }));
store.watch(['image', 'text'], () => stage.release());
store.watch(['running'], ({ running }) => {
  cancel.disabled = running === 0;
  form.classList.toggle('running', running > 0);
});
form.addEventListener('submit', event => {
  event.preventDefault();
  run();
});
document.addEventListener('keydown', event => {
  if (document.querySelector('dialog[open]')) return;
  const writes = event.target.closest('input:not([type=radio], [type=checkbox]), textarea, select');
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
  else if (event.key === 'Escape') stage.cancel();
  else if (!writes && !event.target.closest('[role=radiogroup], fieldset') && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) stage.move(event.key === 'ArrowLeft' ? -1 : 1);
});

/** Runs the chosen models on the input, unless a field is wrong. On a phone the answer is further down, so it is brought into sight. */
function run() {
  problems.clear();
  const { family, image, chosen } = store.get();
  if (!form.reportValidity()) return;
  if (chosen.length === 0) problems.show('No model is chosen; choose at least one.');
  else if (family === 'image' && !image) problems.show('There is no image; drop one, paste one or choose a file.');
  else {
    stage.run();
    if (place('stage').getBoundingClientRect().top > innerHeight * 0.6) place('stage').scrollIntoView();
  }
}

/** Asks for the models until the server answers. */
async function begin() {
  for (;;) {
    try {
      const { models } = await api.json('api/models');
      const first = firstOf(models);
      store.set({ loaded: true, models, ...(first && { family: familyOf(first), chosen: [first.name] }) });
      page.connection.there();
      break;
    } catch (fault) {
      if (fault instanceof Problem) return problems.show(`${fault.message} Load the page again to try once more.`);
      if (!(fault instanceof Disconnected)) throw fault;
      await page.connection.lost();
    }
  }
  await inputs.image.offer();
}

begin();
