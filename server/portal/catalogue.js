// SPDX-License-Identifier: Apache-2.0
// The list of layers: a card each, with what a geographer asks first and the addresses to copy.

import {getPointResolution} from 'ol/proj.js';

import {projectionName, projectionOf} from './projections.js';
import {texts, writeFormat, writeResolution} from './texts.js';

const enoughToFilter = 7;
const thumbnailSize = 128;

/** Makes an element; a string among the children is text, never markup. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

async function copy(input) {
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    // Clipboards are for https only; on a plain network the old way still works.
    input.select();
    document.execCommand('copy');
  }
}

/** A labelled text that cannot be changed, and a button that copies it. */
export function copyRow(label, value) {
  const input = make('input', {type: 'text', readOnly: true, value, spellcheck: false});
  input.setAttribute('aria-label', label);
  input.addEventListener('focus', () => input.select());
  const button = make('button', {type: 'button', className: 'copy', textContent: texts.copy});
  button.setAttribute('aria-label', texts.copyOf(label));
  button.addEventListener('click', async () => {
    await copy(input);
    button.textContent = texts.copied;
    button.classList.add('done');
    document.getElementById('announcement').textContent = `${label}: ${texts.copied}`;
    setTimeout(() => {
      button.textContent = texts.copy;
      button.classList.remove('done');
    }, 1600);
  });
  return make('div', {className: 'copy-row'}, make('span', {className: 'copy-label', textContent: label}), input, button);
}

/** A pixel's side on the ground: Web Mercator's metres are shorter away from the equator. */
function resolutionOf(layer) {
  const projection = projectionOf(layer.crs);
  if (projection?.getUnits() === 'degrees')
    return writeResolution(layer.cell_size, 'degrees');
  if (layer.crs !== 'EPSG:3857')
    return writeResolution(layer.cell_size, 'm');
  const [left, bottom, right, top] = layer.extent;
  const middle = [(left + right) / 2, (bottom + top) / 2];
  return `≈ ${writeResolution(getPointResolution(projection, layer.cell_size, middle, 'm'), 'm')}`;
}

function facts(layer) {
  const name = projectionName(layer.crs);
  const rows = [
    [texts.identifier, layer.name],
    [texts.crs, name === layer.crs ? name : `${name} (${layer.crs})`],
    [texts.tileMatrixSet, layer.tile_matrix_set],
    [texts.resolution, resolutionOf(layer)],
    [texts.format, writeFormat(layer.format)],
  ];
  return make('dl', {}, ...rows.map(([term, text]) =>
    make('div', {}, make('dt', {textContent: term}), make('dd', {textContent: text}))));
}

/** Opened, a card asks for the TileJSON, which knows the template of XYZ tiles. */
function details(layer, service) {
  const addresses = make('div', {className: 'addresses'},
    copyRow('WMTS', layer.wmts), copyRow('WMS', layer.wms), copyRow('TileJSON', layer.tilejson));
  const element = make('details', {}, make('summary', {textContent: texts.addresses}), facts(layer), addresses);
  element.addEventListener('toggle', async function completeOnce() {
    if (!element.open)
      return;
    element.removeEventListener('toggle', completeOnce);
    const {tiles} = await service.tileJson(layer).catch(() => ({tiles: []}));
    addresses.append(...tiles.map(template => copyRow('XYZ', template)));
  });
  return element;
}

function card(layer, service, onPick) {
  const displayable = service.views(layer).length > 0;
  const radio = make('input', {type: 'radio', name: 'layer', value: layer.name, disabled: !displayable});
  radio.addEventListener('change', () => onPick(layer));
  const summary = [resolutionOf(layer), projectionName(layer.crs), writeFormat(layer.format)].join(' · ');
  const picture = displayable
    ? make('img', {src: service.thumbnail(layer, thumbnailSize), alt: '', loading: 'lazy', width: 64, height: 64})
    : make('span', {className: 'no-picture'});
  const label = make('label', {}, radio, picture, make('span', {className: 'card-text'},
    make('span', {className: 'card-title', textContent: layer.title}),
    make('span', {className: 'card-summary', textContent: displayable ? summary : texts.unknownFormat})));
  return make('li', {className: 'card'}, label, details(layer, service));
}

/** Fills the list. `onPick` is called with the layer that the reader chooses; the result marks one as shown. */
export function showCatalogue(service, onPick) {
  const cards = new Map(service.layers.map(layer => [layer.name, card(layer, service, onPick)]));
  document.getElementById('layers').append(...cards.values());
  document.getElementById('layer-count').textContent = service.layers.length;
  document.getElementById('service-addresses').append(copyRow('WMTS', service.wmts), copyRow('WMS', service.wms));
  document.getElementById('service').hidden = false;

  const filter = document.getElementById('filter');
  filter.hidden = service.layers.length < enoughToFilter;
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const layer of service.layers)
      cards.get(layer.name).hidden = !`${layer.name} ${layer.title} ${layer.crs}`.toLowerCase().includes(wanted);
  });

  return function markShown(layer) {
    for (const [name, element] of cards) {
      const chosen = name === layer.name;
      element.querySelector('input[type=radio]').checked = chosen;
      element.querySelector('details').open = chosen;
    }
    cards.get(layer.name).scrollIntoView({block: 'nearest'});
  };
}
