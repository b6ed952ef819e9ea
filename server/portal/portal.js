// SPDX-License-Identifier: Apache-2.0
// The page of ardoise-server: reads the list of layers, shows one, keeps the address up to date.

import {showCatalogue} from './catalogue.js';
import {copyRow} from './elements.js';
import {MapPane, showAttribution, showTrouble} from './map_pane.js';
import {readPermalink, writePermalink} from './permalink.js';
import {Service} from './service.js';
import {texts, translate} from './texts.js';

const byId = id => document.getElementById(id);

/** On a narrow screen the map and the list take turns. */
function openPane(name) {
  document.body.dataset.pane = name;
  for (const button of byId('panes').children)
    button.setAttribute('aria-pressed', String(button.value === name));
}

function showEmpty() {
  byId('empty').hidden = false;
  byId('catalogue').hidden = true;
  byId('map').hidden = true;
  byId('legend').hidden = true;
  byId('empty-command').append(copyRow('ardoise build', 'ardoise build ORTHOS --into STORE --name ortho --tms 2154_5cm'));
  byId('empty-reload').append(copyRow('pkill', 'pkill -HUP ardoise-server'));
}

/** What the reader has chosen, and the address that remembers it. */
class Portal {
  #service;
  #pane;
  #markShown;

  constructor(service) {
    this.#service = service;
    this.#pane = new MapPane(service, state => this.#remember(state));
    this.#markShown = showCatalogue(service, layer => {
      openPane('map');
      this.#show({layer, view: this.#pane.shown.view?.id});
    });
    addEventListener('hashchange', () => this.restore());
  }

  /** Shows what the address says, as far as it makes sense. */
  restore() {
    const wanted = readPermalink(location.hash);
    const displayable = this.#service.layers.filter(layer => this.#service.views(layer).length > 0);
    const layer = displayable.find(({name}) => name === wanted.layer) ?? displayable[0];
    if (layer)
      this.#show({...wanted, layer, position: layer.name === wanted.layer ? wanted.position : undefined});
  }

  #show(wanted) {
    this.#markShown(wanted.layer);
    this.#pane.show(wanted);
  }

  #remember(state) {
    const style = state.style === this.#pane.shown.layer.styles[0].name ? undefined : state.style;
    history.replaceState(null, '', writePermalink({...state, style}));
  }
}

async function start() {
  translate(document);
  for (const button of byId('panes').children)
    button.addEventListener('click', () => openPane(button.value));
  let service;
  try {
    service = await Service.read();
  } catch (failure) {
    console.error(failure);
    showTrouble(texts.troubleLayers);
    return;
  }
  byId('title').textContent = service.title;
  document.title = service.title;
  if (service.provider !== service.title)
    byId('provider').textContent = service.provider;
  showAttribution({title: service.provider});
  if (service.layers.length === 0) {
    showEmpty();
    return;
  }
  byId('panes').hidden = false;
  new Portal(service).restore();
}

start();
