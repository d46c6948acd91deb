// The image: dropped, pasted, chosen from files, or taken from the server's gallery.

import { element, setText } from './dom.js';

/** Whether a picture has so few pixels that they should be seen as such. */
const isTiny = picture => picture.naturalWidth < 128;

/**
 * Makes the image's part of the controls.
 * @param {object} page The store, the API, and what to call: `show(problem)`, `run()`.
 */
export function createImageInput({ store, api, problems, run }) {
  const picture = element('img', { alt: 'The chosen image', hidden: true, onload: () => picture.classList.toggle('pixels', isTiny(picture)) });
  const file = element('input', { type: 'file', accept: 'image/*', id: 'file', class: 'unseen', onchange: () => { take(file.files[0]); file.value = ''; } });
  const words = element('span', {}, 'Drop an image, paste one, or choose a file');
  const label = element('label', { for: 'file', class: 'drop', ondragover: allow, ondragleave: leave, ondrop: drop }, picture, words);
  const gallery = element('ul', { class: 'gallery', 'aria-label': 'Gallery' });
  const root = element('div', { class: 'input image-input' }, element('div', { class: 'drop-frame' }, file, label), gallery);

  document.addEventListener('paste', event => {
    const pasted = [...event.clipboardData?.files ?? []].find(item => item.type.startsWith('image/'));
    if (!pasted || root.hidden) return;
    event.preventDefault();
    take(pasted);
  });
  // An image that misses its place must not replace the page.
  for (const type of ['dragover', 'drop']) document.addEventListener(type, event => event.preventDefault());

  store.watch(['image'], ({ image }) => {
    picture.hidden = !image;
    if (image) picture.src = image.url;
    setText(words, image ? image.name : 'Drop an image, paste one, or choose a file');
    for (const button of gallery.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.name === image?.gallery));
  });

  function allow(event) {
    event.preventDefault();
    label.classList.add('over');
  }

  function leave() {
    label.classList.remove('over');
  }

  function drop(event) {
    leave();
    if (event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
  }

  function take(blob, name = blob?.name || 'pasted.png', from = null) {
    if (!blob) return;
    problems.clear();
    const most = Math.min(...store.get().models.map(model => model.limits?.imageBytes ?? Infinity));
    if (!blob.type.startsWith('image/')) return problems.show(`${name}: is no image; choose a picture such as a PNG or a JPEG.`);
    if (blob.size > most) return problems.show(`${name}: has ${megabytes(blob.size)}, and this server takes at most ${megabytes(most)}; choose a smaller image.`);
    const old = store.get().image;
    if (old) URL.revokeObjectURL(old.url);
    store.set({ image: { blob, name, url: URL.createObjectURL(blob), gallery: from } });
    run();
  }

  // A page without its gallery is still a page.
  async function offer() {
    const { images } = await api.json('api/gallery').catch(fault => {
      problems.show(`The gallery cannot be shown. ${fault.message}`);
      return { images: [] };
    });
    gallery.replaceChildren(...await Promise.all(images.map(async ({ name, url, label: caption }) => {
      const blob = await api.blob(url.replace(/^\//, ''));
      const thumb = element('img', { alt: '', src: URL.createObjectURL(blob), onload: () => thumb.classList.toggle('pixels', isTiny(thumb)) });
      const text = caption ? `${name}: ${caption}` : name;
      return element('li', {}, element('button',
        { type: 'button', 'aria-label': text, title: text, 'aria-pressed': 'false', 'data-name': name, onclick: () => take(blob, name, name) }, thumb));
    })));
  }

  return { root, offer };
}

const megabytes = bytes => `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 2 })} MB`;
