// SPDX-License-Identifier: Apache-2.0
// The map: one layer at a time, in one of its tile matrix sets, drawn from its WMTS.

import Map from 'ol/Map.js';
import View from 'ol/View.js';
import {defaults as defaultControls} from 'ol/control/defaults.js';
import ScaleLine from 'ol/control/ScaleLine.js';
import ZoomToExtent from 'ol/control/ZoomToExtent.js';
import {buffer, getCenter, getHeight, getWidth} from 'ol/extent.js';
import {defaults as defaultInteractions} from 'ol/interaction/defaults.js';
import TileLayer from 'ol/layer/Tile.js';
import {getPointResolution, transform} from 'ol/proj.js';
import WMTS from 'ol/source/WMTS.js';

import {projectionName, projectionOf} from './projections.js';
import {extentIn} from './service.js';
import {texts, writeCoordinates} from './texts.js';

const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
const margins = [20, 12, 52, 12]; // pixels: top, right, bottom, left
const smallestOnScreen = 24; // pixels: further out there is nothing to see
const enlarged = [2, 4];     // times beyond the finest pixels
const sharper = devicePixelRatio > 1 ? -1 : 0; // on fine screens, the finer of two levels

function icon(className) {
  const element = document.createElement('span');
  element.className = className;
  return element;
}

/** Zoom levels are the set's matrices, down to somewhat finer than the layer's own pixels. */
function makeView(layer, extent, crs, grid) {
  const finest = layer.cell_size * getWidth(extent) / getWidth(layer.extent);
  const matrices = grid.getResolutions().filter(resolution => resolution > finest * 0.51);
  const last = matrices.at(-1);
  const resolutions = [...matrices, ...enlarged.map(times => last / times)];
  const size = Math.max(getWidth(extent), getHeight(extent));
  return new View({
    projection: projectionOf(crs),
    resolutions,
    minZoom: Math.max(0, resolutions.findLastIndex(resolution => size / resolution < smallestOnScreen)),
    extent: buffer(extent, size),
    constrainOnlyCenter: true,
    center: getCenter(extent),
    resolution: size / 256,
  });
}

export class Viewer {
  #service;
  #map;
  #tiles = new TileLayer();
  #shown;
  #latest = 0;       // of the calls to show
  #changing = false; // while a layer's capabilities are on their way
  #pointer;
  #onMove;
  #onTrouble;

  constructor(service, {onMove, onTrouble}) {
    this.#service = service;
    this.#onMove = onMove;
    this.#onTrouble = onTrouble;
    const target = document.getElementById('map');
    this.#map = new Map({
      target,
      layers: [this.#tiles],
      controls: defaultControls({
        attribution: false,
        rotate: false,
        zoomOptions: {zoomInTipLabel: texts.zoomIn, zoomOutTipLabel: texts.zoomOut, duration: still ? 0 : 250},
      }).extend([new ScaleLine({target: 'scale', minWidth: 80})]),
      interactions: defaultInteractions({altShiftDragRotate: false, pinchRotate: false}),
    });
    this.#map.on('loadstart', () => this.#setBusy(true));
    this.#map.on('loadend', () => this.#setBusy(this.#changing));
    this.#map.on('moveend', () => this.#moved());
    this.#map.on('pointermove', event => this.#readOut(event.coordinate));
    this.#map.getViewport().addEventListener('pointerleave', () => this.#readOut());
  }

  /**
   * Shows a layer. Without a position the map stays where it is, if the layer is there; else it frames the layer.
   * Of several calls, the last wins.
   */
  async show({layer, view, style, values}, position) {
    const call = ++this.#latest;
    this.#changing = true;
    this.#setBusy(true);
    let options;
    try {
      options = await this.#service.tileSourceOptions(layer, view, style, values);
    } finally {
      if (call === this.#latest) {
        this.#changing = false;
        this.#setBusy(options !== undefined);
      }
    }
    if (call === this.#latest)
      this.#change({layer, view, style}, options, position);
  }

  #change(shown, options, position) {
    const {layer, view} = shown;
    const extent = extentIn(layer, view);
    const source = new WMTS({...options, zDirection: sharper, transition: still ? 0 : 200});
    source.on('tileloaderror', () => this.#onTrouble(texts.troubleTiles));
    const next = makeView(layer, extent, view.crs, options.tileGrid);
    const kept = position ?? this.#keptPlace(layer, view);
    this.#shown = shown;
    this.#map.setView(next);
    this.#tiles.setExtent(extent);
    this.#tiles.setSource(source);
    if (kept) {
      next.setCenter(kept.center);
      next.setResolution(kept.resolution ?? next.getResolutionForZoom(kept.zoom));
    } else {
      next.fit(extent, {size: this.#map.getSize(), padding: margins});
    }
    this.#offerWhole(extent);
    this.#nameSystem(view.crs);
    this.#readOut();
    // Drawn once now, so that "complete" means the new tiles and not what was there before.
    this.#map.renderSync();
    this.#map.once('rendercomplete', () => this.#setBusy(this.#changing));
  }

  /** Until the tiles in sight are drawn. */
  #setBusy(busy) {
    this.#map.getTargetElement().setAttribute('aria-busy', String(busy));
  }

  /** Where the map is, said in the coming view's system, if the coming layer can be seen there. */
  #keptPlace(layer, view) {
    if (!this.#shown)
      return undefined;
    const from = this.#map.getView();
    const center = transform(from.getCenter(), from.getProjection(), projectionOf(view.crs));
    const [left, bottom, right, top] = extentIn(layer, view);
    if (center[0] < left || center[0] > right || center[1] < bottom || center[1] > top)
      return undefined;
    const onGround = getPointResolution(from.getProjection(), from.getResolution(), from.getCenter(), 'm');
    return {center, resolution: onGround / getPointResolution(projectionOf(view.crs), 1, center, 'm')};
  }

  #offerWhole(extent) {
    const controls = this.#map.getControls();
    controls.forEach(control => control instanceof ZoomToExtent && controls.remove(control));
    controls.push(new ZoomToExtent({extent, label: icon('whole-icon'), tipLabel: texts.wholeView}));
  }

  #moved() {
    const view = this.#map.getView();
    if (!this.#shown || !view.isDef())
      return;
    this.#readOut(this.#pointer);
    const {layer, view: {id}, style} = this.#shown;
    const unit = view.getProjection().getUnits();
    this.#onMove({layer: layer.name, view: id, style, position: {center: view.getCenter(), zoom: view.getZoom(), unit}});
  }

  #nameSystem(crs) {
    const name = projectionName(crs);
    document.getElementById('system').textContent = name;
    document.getElementById('system-code').textContent = name === crs ? '' : crs;
  }

  /** Coordinates under the pointer; of the middle for those who have none. */
  #readOut(coordinate) {
    this.#pointer = coordinate;
    const view = this.#map.getView();
    if (!this.#shown || !view.isDef())
      return;
    const written = writeCoordinates(coordinate ?? view.getCenter(), view.getProjection().getUnits());
    document.getElementById('coordinates').textContent = coordinate ? written : `${texts.centre} ${written}`;
  }
}
