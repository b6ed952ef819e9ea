// SPDX-License-Identifier: Apache-2.0
// What the server says of itself: its layers, and how each is asked for.

import {transformExtent} from 'ol/proj.js';
import WMTSCapabilities from 'ol/format/WMTSCapabilities.js';
import {optionsFromCapabilities} from 'ol/source/WMTS.js';

import {projectionOf} from './projections.js';

const drawable = new Set(['image/jpeg', 'image/png', 'image/webp']);
const wholeCapabilities = '/wmts/1.0.0/WMTSCapabilities.xml';

async function get(address) {
  const response = await fetch(address);
  if (!response.ok)
    throw new Error(`${address}: ${response.status}`);
  return response;
}

/** The service of the folder that the page came from. */
export class Service {
  #publicAddress;
  #capabilities = new Map();

  constructor({title, abstract, provider, contact, fees, access_constraints: accessConstraints, wmts, wms, groups, layers}) {
    Object.assign(this, {title, abstract, provider, contact, fees, accessConstraints, wmts, wms, groups, layers});
    this.#publicAddress = wmts.slice(0, -wholeCapabilities.length);
  }

  /** All layers, or the one whose page stands at `address`. */
  static async read(address = '.') {
    return new Service(await (await get(`${address}/layers.json`)).json());
  }

  /**
   * Documents hold the public address, for other programs. The page asks the server it came from, which may be
   * reached otherwise: through a tunnel, by another name, before https is set up.
   */
  local(address) {
    if (!address.startsWith(`${this.#publicAddress}/`))
      return address;
    // A template's braces have to stay as they are, which URL would not leave them.
    return new URL('.', document.baseURI).href + address.slice(this.#publicAddress.length + 1);
  }

  /** Of a series' dimensions with these values. */
  async tileJson(layer, values = {}) {
    const address = new URL(this.local(layer.tilejson));
    address.search = new URLSearchParams(values);
    return (await get(address.href)).json();
  }

  /** The ways in which a layer can be shown: "native" in its own system, "mercator" in the web's. */
  views(layer) {
    if (!drawable.has(layer.format))
      return [];
    const views = [];
    if (projectionOf(layer.crs))
      views.push({id: 'native', set: layer.tile_matrix_set, crs: layer.crs});
    if (layer.web_mercator_set !== layer.tile_matrix_set)
      views.push({id: 'mercator', set: layer.web_mercator_set, crs: 'EPSG:3857'});
    return views;
  }

  /** The options of a WMTS source of OpenLayers; `values` are those of the dimensions of a series. */
  async tileSourceOptions(layer, view, style, values) {
    if (!this.#capabilities.has(layer.name))
      this.#capabilities.set(layer.name, get(this.local(layer.wmts)).then(response => response.text()));
    try {
      const document = new WMTSCapabilities().read(await this.#capabilities.get(layer.name));
      const options = optionsFromCapabilities(document, {layer: layer.name, matrixSet: view.set, format: layer.format});
      for (const name of Object.keys(options.dimensions ?? {}))
        options.dimensions[name] = values?.[name.toLowerCase()] ?? options.dimensions[name];
      return {...options, style: style ?? options.style, urls: options.urls.map(url => this.local(url))};
    } catch (failure) {
      this.#capabilities.delete(layer.name);
      throw failure;
    }
  }

  /** A small square picture of the whole layer, by WMS. */
  thumbnail(layer, size) {
    const [west, south, east, north] = transformExtent(layer.geographic_extent, 'EPSG:4326', 'EPSG:3857');
    const half = Math.max(east - west, north - south) / 2;
    const [x, y] = [(west + east) / 2, (south + north) / 2];
    const address = new URL(this.local(layer.wms));
    address.search = new URLSearchParams({
      SERVICE: 'WMS',
      VERSION: '1.3.0',
      REQUEST: 'GetMap',
      LAYERS: layer.name,
      STYLES: '',
      CRS: 'EPSG:3857',
      BBOX: [x - half, y - half, x + half, y + half].join(','),
      WIDTH: size,
      HEIGHT: size,
      FORMAT: 'image/png',
      TRANSPARENT: 'TRUE',
    });
    return address.href;
  }
}

/** A layer's extent in the system of a view. */
export function extentIn(layer, view) {
  return view.id === 'native' ? layer.extent : transformExtent(layer.geographic_extent, 'EPSG:4326', view.crs);
}
