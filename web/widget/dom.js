// Text is only ever set as text, and the only address ever set is tel: with digits.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || (value ?? null) === null) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'text') node.textContent = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(9).filter(Boolean));
  return node;
}

const SHAPES = {
  chat: 'M4 5h16v11H9l-5 4z M8 9h8 M8 12h5',
  phone: 'M6 3h3l2 5-2 2c1 2 3 4 5 5l2-2 5 2v3c0 2-2 3-4 3C10 20 4 13 3 7c0-2 1-4 3-4z',
  emergency: 'M12 3L2 20h20z M12 9v5 M12 17v.5',
  crisis: 'M12 20l-8-8a5 5 0 0 1 8-6 5 5 0 0 1 8 6z',
  urgent: 'M12 3a9 9 0 1 0 .01 0z M12 7v6 M12 16v.5',
  close: 'M6 6l12 12 M18 6L6 18',
  today: 'M4 6h16v14H4z M4 10h16 M8 3v4 M16 3v4',
};

export function icon(name) {
  const [svg, path] = ['svg', 'path'].map((tag) => document.createElementNS('http://www.w3.org/2000/svg', tag));
  Object.entries({ viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': true }).forEach((pair) => svg.setAttribute(...pair));
  path.setAttribute('d', SHAPES[name]);
  svg.append(path);
  return svg;
}

export function button(label, onclick, props = {}) {
  const { shape, ...rest } = props;
  return h('button', { type: 'button', onclick, ...rest }, shape && icon(shape), h('span', { text: label }));
}

export function dial(contact, props, ...children) {
  const tel = String(contact.tel ?? '').replace(/[\s().-]/g, '');
  return /^\+?\d{2,15}$/.test(tel) ? h('a', { ...props, href: `tel:${tel}` }, ...children) : h('span', props, ...children);
}

// A phone number on one line.
export const textWithNumbers = (text) => text.split(/(\d[\d-]{6,}\d)/).map((piece, odd) => (odd % 2 ? h('span', { class: 'number', text: piece }) : piece));

export const hidden = (text, tag = 'span') => h(tag, { class: 'sr', text });
