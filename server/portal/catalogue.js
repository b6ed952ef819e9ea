// SPDX-License-Identifier: Apache-2.0
// The list of layers: a card each, with what a geographer asks first, the addresses to copy and the way to its page.

import {copyRow, make, termList} from './elements.js';
import {contactLines, essentialFacts, resolutionOf} from './facts.js';
import {projectionName} from './projections.js';
import {texts, writeFormat} from './texts.js';

const enoughToFilter = 7;
const thumbnailSize = 128;

/** Opened, a card asks for the TileJSON, which knows the template of XYZ tiles. */
function details(layer, service) {
  const addresses = make('div', {className: 'addresses'},
    copyRow('WMTS', layer.wmts), copyRow('WMS', layer.wms), copyRow('TileJSON', layer.tilejson));
  const abstract = make('p', {className: 'abstract', textContent: layer.abstract, hidden: !layer.abstract});
  const element = make('details', {},
    make('summary', {textContent: texts.addresses}), abstract, termList(essentialFacts(layer)), addresses);
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
  const page = make('a', {className: 'card-page', href: service.local(layer.page), textContent: texts.layerPage});
  page.setAttribute('aria-label', texts.layerPageOf(layer.title));
  return make('li', {className: 'card'}, label, page, details(layer, service));
}

/** Of the services of a group alone, where it has them. */
function groupAddresses(path, service) {
  const group = service.groups.find(one => one.path === path);
  return group ? [make('details', {}, make('summary', {textContent: texts.addressesOfGroup}),
    make('div', {className: 'addresses'}, copyRow('WMTS', group.wmts), copyRow('WMS', group.wms)))] : [];
}

/** Cards of layers in no group, and below them those of each group, in the order in which groups come first. */
function inGroups(service, cards) {
  const groups = Map.groupBy(service.layers, layer => layer.group);
  const cardsOf = members => members.map(({name}) => cards.get(name));
  const listed = [...groups].filter(([path]) => path).map(([path, members]) =>
    make('li', {className: 'group'},
      make('h3', {textContent: path.split('/').join(' › ')}), ...groupAddresses(path, service),
      make('ul', {}, ...cardsOf(members))));
  return [...cardsOf(groups.get('') ?? []), ...listed];
}

function showService(service) {
  document.getElementById('service-abstract').textContent = service.abstract;
  document.getElementById('service-addresses').append(copyRow('WMTS', service.wmts), copyRow('WMS', service.wms));
  document.getElementById('contact').append(...contactLines(service.contact));
  document.getElementById('service').hidden = false;
}

/** Fills the list. `onPick` is called with the layer that the reader chooses; the result marks one as shown. */
export function showCatalogue(service, onPick) {
  const cards = new Map(service.layers.map(layer => [layer.name, card(layer, service, onPick)]));
  document.getElementById('layers').append(...inGroups(service, cards));
  document.getElementById('layer-count').textContent = service.layers.length;
  showService(service);

  const filter = document.getElementById('filter');
  filter.hidden = service.layers.length < enoughToFilter;
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const {name, title, crs, group, keywords} of service.layers)
      cards.get(name).hidden = ![name, title, crs, group, ...keywords].join(' ').toLowerCase().includes(wanted);
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
