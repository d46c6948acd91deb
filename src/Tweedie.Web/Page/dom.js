// Elements. What is shown is always text: nothing here or elsewhere on this page reads HTML.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element.
 * @param {string} tag
 * @param {object} [properties] `class`, attributes, `on…` listeners; a value of null, undefined or false leaves the attribute out.
 * @param {...(Node|string|null)} children Strings become text.
 */
export function element(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** Makes an element of an SVG. */
export function drawing(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** Sets an attribute, or takes it away where the value is null, undefined or false. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? '' : value);
}

/** Sets a text, and leaves the page alone where it is the same. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Keeps as many children as there are items, and makes or updates each: the focus stays where it is. */
export function keepChildren(parent, items, make, update) {
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  items.forEach((item, index) => {
    if (index >= parent.children.length) parent.append(make(index));
    update(parent.children[index], item, index);
  });
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else setAttribute(node, name, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}
