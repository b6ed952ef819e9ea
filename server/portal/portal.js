// SPDX-License-Identifier: Apache-2.0
// The page of ardoise-server: reads the list of layers, shows one, keeps the address up to date.

import {copyRow, make, showCatalogue} from './catalogue.js';
import {readPermalink, writePermalink} from './permalink.js';
import {projectionName} from './projections.js';
import {Service} from './service.js';
import {texts, translate} from './texts.js';
import {Viewer} from './viewer.js';

const byId = id => document.getElementById(id);

function showTrouble(text) {
  byId('trouble').textContent = text;
  byId('trouble').hidden = !text;
}

/** Whose a layer is, with a link to them if there is one. */
function showAttribution({title, url}) {
  const textContent = texts.attributionOf(title);
  byId('attribution').replaceChildren(url ? make('a', {href: url, textContent}) : textContent);
}

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

/** What the reader has chosen, and the controls that change it. */
class Portal {
  #service;
  #viewer;
  #markShown;
  #layer;
  #view;
  #style;

  constructor(service) {
    this.#service = service;
    this.#viewer = new Viewer(service, {onMove: state => this.#remember(state), onTrouble: showTrouble});
    this.#markShown = showCatalogue(service, layer => {
      openPane('map');
      this.#show({layer, view: this.#view?.id});
    });
    byId('styles').addEventListener('change', event =>
      this.#show({layer: this.#layer, view: this.#view.id, style: event.target.value}));
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

  async #show({layer, view, style, position}) {
    const views = this.#service.views(layer);
    this.#layer = layer;
    this.#view = views.find(({id}) => id === view) ?? views[0];
    this.#style = layer.styles.includes(style) ? style : layer.styles[0];
    this.#markShown(layer);
    this.#offerViews(views);
    this.#offerStyles();
    showAttribution(layer.attribution);
    showTrouble('');
    try {
      const inAnotherSystem = view !== undefined && view !== this.#view.id;
      await this.#viewer.show(layer, this.#view, this.#style, inAnotherSystem ? undefined : position);
      byId('announcement').textContent = texts.shown(layer.title);
    } catch (failure) {
      console.error(failure);
      showTrouble(texts.troubleLayer(layer.title));
    }
  }

  #offerViews(views) {
    byId('views').hidden = views.length < 2;
    byId('views').replaceChildren(...views.map(({id, crs}) => {
      const name = projectionName(crs);
      const button = make('button', {type: 'button', value: id, textContent: id === 'native' ? texts.ownView(name) : name});
      button.setAttribute('aria-pressed', String(id === this.#view.id));
      button.addEventListener('click', () => {
        this.#show({layer: this.#layer, view: id, style: this.#style});
        byId('views').querySelector('[aria-pressed=true]').focus();
      });
      return button;
    }));
  }

  #offerStyles() {
    const {styles} = this.#layer;
    byId('style-choice').hidden = styles.length < 2;
    byId('styles').replaceChildren(...styles.map(value => make('option', {value, textContent: value})));
    byId('styles').value = this.#style;
  }

  #remember(state) {
    const style = state.style === this.#layer.styles[0] ? undefined : state.style;
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
  byId('attribution').textContent = texts.attributionOf(service.provider);
  if (service.layers.length === 0) {
    showEmpty();
    return;
  }
  byId('panes').hidden = false;
  new Portal(service).restore();
}

start();
