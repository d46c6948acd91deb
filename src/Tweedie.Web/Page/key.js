// The key that a server may ask for. It stays in this tab's session and is forgotten with it.

import { Problem } from './api.js';
import { element, setText } from './dom.js';

const PLACE = 'tweedie-key';

/** Makes the store of the key, with the dialog that asks for it. */
export function createKeys() {
  const message = element('p', { id: 'key-message' });
  const input = element('input', { id: 'key', type: 'password', autocomplete: 'off', required: true, 'aria-describedby': 'key-message' });
  const dialog = element('dialog', { class: 'key', 'aria-labelledby': 'key-title' },
    element('form', { method: 'dialog' },
      element('h2', { id: 'key-title' }, 'Key'),
      message,
      element('label', { for: 'key' }, 'API key'), input,
      element('p', { class: 'hint' }, 'It is kept for this tab only.'),
      element('div', { class: 'buttons' },
        element('button', { class: 'primary', value: 'given' }, 'Use this key'),
        element('button', { type: 'button', onclick: () => dialog.close('') }, 'Not now'))));
  document.body.append(dialog);

  let asking = null;
  return {
    current: () => sessionStorage.getItem(PLACE),
    ask(text) {
      setText(message, text);
      asking ??= new Promise((resolve, reject) => {
        input.value = '';
        dialog.returnValue = '';
        dialog.addEventListener('close', () => {
          asking = null;
          if (dialog.returnValue !== 'given') return reject(new Problem(401, { detail: 'This server needs a key.' }));
          sessionStorage.setItem(PLACE, input.value.trim());
          resolve();
        }, { once: true });
        dialog.showModal();
      });
      return asking;
    },
  };
}
