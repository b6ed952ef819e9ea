// SPDX-License-Identifier: Apache-2.0
// The page of one layer: its map, what is known of it, its addresses, and how other programs have it.

import {copyButton, copyRow, fillSegments, make, termList} from './elements.js';
import {allFacts, contactLines} from './facts.js';
import {MapPane, showTrouble} from './map_pane.js';
import {readPermalink, writePermalink} from './permalink.js';
import {Service} from './service.js';
import {snippetsOf} from './snippets.js';
import {texts, translate} from './texts.js';

const byId = id => document.getElementById(id);

function showWords(layer, service) {
  document.title = `${layer.title} – ${service.title}`;
  byId('title').textContent = layer.title;
  byId('home').textContent = service.title;
  byId('abstract').textContent = layer.abstract;
  byId('facts').append(termList(allFacts(layer, service)));
  byId('contact').append(...contactLines(service.contact));
}

/** A snippet of its own is shown as it is to be pasted. */
function snippetElements({id, name, addresses, code}, definition) {
  const how = make('p', {textContent: texts.howTo[id]});
  const rows = addresses.map(([label, address]) => copyRow(label, address));
  if (id === 'qgis')
    rows.unshift(make('p', {}, make('a', {...definition, textContent: texts.layerDefinition})));
  if (!code)
    return [how, ...rows];
  const text = make('pre', {tabIndex: 0, textContent: code});
  text.setAttribute('aria-label', name);
  return [how, ...rows, make('div', {className: 'snippet'}, text, copyButton(name, text))];
}

class LayerPage {
  #service;
  #layer;
  #pane;
  #values = {};
  #program = 'qgis';
  #latest = 0; // of the calls to offer

  constructor(service) {
    this.#service = service;
    [this.#layer] = service.layers;
    showWords(this.#layer, service);
  }

  async open() {
    const drawable = this.#service.views(this.#layer).length > 0;
    byId('viewer').hidden = !drawable;
    byId('use').hidden = !drawable;
    if (drawable) {
      this.#pane = new MapPane(this.#service, state => history.replaceState(null, '', writePermalink(state)));
      this.#pane.show({...readPermalink(location.hash), layer: this.#layer});
      this.#offerDimensions();
    }
    await this.#offer();
  }

  /** A choice of each dimension of a series, which begins with its default. */
  #offerDimensions() {
    byId('dimensions').append(...this.#layer.dimensions.map(({name, values, default: value}) => {
      const options = values.map(text => make('option', {value: text, textContent: text}));
      const select = make('select', {name}, ...options);
      select.value = value;
      select.addEventListener('change', () => this.#choose(name, select.value));
      return make('label', {}, make('span', {textContent: texts.dimension[name]}), ' ', select);
    }));
  }

  async #choose(name, value) {
    this.#values = {...this.#values, [name]: value};
    const {view, style} = this.#pane.shown;
    this.#pane.show({layer: this.#layer, view: view.id, style, values: this.#values});
    await this.#offer().catch(() => showTrouble(texts.troubleLayer(this.#layer.title)));
  }

  /** Addresses, and what is made of them; of several calls, the last wins. */
  async #offer() {
    const call = ++this.#latest;
    const layer = this.#layer;
    const tileJson = await this.#service.tileJson(layer, this.#values);
    if (call !== this.#latest)
      return;
    const asked = new URLSearchParams(this.#values).toString();
    const tileJsonAddress = layer.tilejson + (asked && `?${asked}`);
    const rows = [['WMTS', layer.wmts], ['WMS', layer.wms], ['TileJSON', tileJsonAddress],
      ...tileJson.tiles.map(template => ['XYZ', template]), ['GDAL', layer.gdal], ['QGIS', layer.qlr]];
    byId('addresses').replaceChildren(...rows.filter(([, address]) => address).map(row => copyRow(...row)));
    if (this.#pane)
      this.#offerSnippets(snippetsOf({layer, tileJson, tileJsonAddress, values: this.#values}));
  }

  #offerSnippets(snippets) {
    const definition = {href: this.#service.local(this.#layer.qlr), download: `${this.#layer.name}.qlr`};
    const show = id => {
      this.#program = id;
      fillSegments(byId('programs'), snippets, id, show);
      byId('snippet').replaceChildren(...snippetElements(snippets.find(snippet => snippet.id === id), definition));
    };
    show(this.#program);
  }
}

async function start() {
  translate(document);
  try {
    // The page's address is the layer's name, encoded as addresses are.
    const service = await Service.read(`./${location.pathname.split('/').at(-1)}`);
    await new LayerPage(service).open();
  } catch (failure) {
    console.error(failure);
    showTrouble(texts.troubleLayers);
  }
}

start();
