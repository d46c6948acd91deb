// The request of a lane, to be copied as a command or as code.

import { element, setText } from './dom.js';
import { csharp, curl } from './snippets.js';

/**
 * Makes the two buttons and the place where the text is shown.
 * @param {object} model
 * @param {Function} request Gives the lane's request, or null where it has none yet.
 * @param {object} keys Where the key is.
 */
export function createCopying(model, request, keys) {
  const said = element('span', { class: 'said', role: 'status' });
  const code = element('code');
  const shown = element('pre', { hidden: true, tabindex: 0, role: 'region', 'aria-label': `Request of ${model.name}` }, code);
  const root = element('div', { class: 'copying' }, element('div', { class: 'buttons' },
    element('button', { type: 'button', onclick: () => copy(curl, 'curl') }, 'Copy as curl'),
    element('button', { type: 'button', onclick: () => copy(csharp, 'C#') }, 'Copy as C#'), said), shown);

  async function copy(write, name) {
    const asked = request();
    if (!asked) return;
    setText(code, write(asked, keys.current() !== null));
    shown.hidden = false;
    try {
      await navigator.clipboard.writeText(code.textContent);
      setText(said, `Copied as ${name}.`);
    } catch {
      getSelection().selectAllChildren(code);
      setText(said, 'The browser does not let this page copy; the text is selected.');
    }
  }

  return { root };
}
