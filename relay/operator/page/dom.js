/** Pieces of the page. */

/** An element with its attributes and what it holds; texts are never read as HTML. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function time(value) {
  if (!value) return '–';
  return element('time', { datetime: value, title: value }, timeFormat.format(new Date(value)));
}

export function duration(ms) {
  if (ms < 1000) return '0 s';
  const steps = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ];
  const [size, unit] = steps.find(([one]) => ms >= one);
  return `${Math.floor(ms / size)} ${unit}`;
}

export const code = (text) => element('code', {}, text ?? '–');

export const filtersText = (filters) =>
  Object.entries(filters)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ') || 'all';

export const button = (label, act, about) =>
  element('button', { type: 'button', 'aria-label': `${label}: ${about}`, click: act }, label);

export const buttons = (...all) => element('div', { class: 'buttons' }, ...all);
