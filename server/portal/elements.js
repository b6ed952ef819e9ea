// SPDX-License-Identifier: Apache-2.0
// Parts that pages are made of.

import {texts} from './texts.js';

/** Makes an element; a string among the children is text, never markup. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The text that `field` holds or shows. */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
  } catch {
    // Clipboards are for https only; on a plain network the old way still works.
    getSelection().selectAllChildren(field);
    field.select?.();
    document.execCommand('copy');
  }
}

/** Copies what `field` holds, and says so. */
export function copyButton(label, field) {
  const button = make('button', {type: 'button', className: 'copy', textContent: texts.copy});
  button.setAttribute('aria-label', texts.copyOf(label));
  button.addEventListener('click', async () => {
    await copy(field);
    button.textContent = texts.copied;
    button.classList.add('done');
    document.getElementById('announcement').textContent = `${label}: ${texts.copied}`;
    setTimeout(() => {
      button.textContent = texts.copy;
      button.classList.remove('done');
    }, 1600);
  });
  return button;
}

/** A labelled text that cannot be changed, and a button that copies it. */
export function copyRow(label, value) {
  const input = make('input', {type: 'text', readOnly: true, value, spellcheck: false});
  input.setAttribute('aria-label', label);
  input.addEventListener('focus', () => input.select());
  return make('div', {className: 'copy-row'},
    make('span', {className: 'copy-label', textContent: label}), input, copyButton(label, input));
}

/** A list of terms, each with a text or elements. */
export function termList(rows) {
  return make('dl', {}, ...rows.map(([term, ...told]) =>
    make('div', {}, make('dt', {textContent: term}), make('dd', {}, ...told))));
}

/** Buttons of which one is down. `onPick` is called with the id of the other that is pressed. */
export function fillSegments(group, choices, chosen, onPick) {
  group.replaceChildren(...choices.map(({id, name}) => {
    const button = make('button', {type: 'button', value: id, textContent: name});
    button.setAttribute('aria-pressed', String(id === chosen));
    button.addEventListener('click', () => {
      onPick(id);
      group.querySelector('[aria-pressed=true]').focus();
    });
    return button;
  }));
}
