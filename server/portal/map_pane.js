// SPDX-License-Identifier: Apache-2.0
// The map, and the choices that stand on it: the system that it is shown in, and the style.

import {fillSegments, make} from './elements.js';
import {linkTo} from './facts.js';
import {projectionName} from './projections.js';
import {inLanguage, language, texts} from './texts.js';
import {Viewer} from './viewer.js';

const byId = id => document.getElementById(id);

export function showTrouble(text) {
  byId('trouble').textContent = text;
  byId('trouble').hidden = !text;
}

/** Whose a layer is, with a link to them if there is one. */
export function showAttribution({title, url}) {
  byId('attribution').replaceChildren(linkTo(url, texts.attributionOf(title)));
}

export class MapPane {
  #service;
  #viewer;
  #shown = {};

  /** `onMove` is called with what is shown where, whenever that changes. */
  constructor(service, onMove) {
    this.#service = service;
    this.#viewer = new Viewer(service, {onMove, onTrouble: showTrouble});
    byId('styles').addEventListener('change', event =>
      this.show({...this.#shown, view: this.#shown.view.id, style: event.target.value}));
  }

  /** The layer that is shown, the view and the style of it. */
  get shown() {
    return this.#shown;
  }

  /** What a layer has not got becomes what it has first. `values`: those of a series' dimensions, by their names. */
  async show({layer, view, style, position, values = {}}) {
    const views = this.#service.views(layer);
    const shown = {
      layer,
      view: views.find(({id}) => id === view) ?? views[0],
      style: (layer.styles.find(({name}) => name === style) ?? layer.styles[0]).name,
      values,
    };
    this.#shown = shown;
    this.#offerViews(views);
    this.#offerStyles();
    showAttribution(layer.attribution);
    showTrouble('');
    try {
      const inAnotherSystem = view !== undefined && view !== shown.view.id;
      await this.#viewer.show(shown, inAnotherSystem ? undefined : position);
      byId('announcement').textContent = texts.shown(layer.title);
    } catch (failure) {
      console.error(failure);
      showTrouble(texts.troubleLayer(layer.title));
    }
  }

  #offerViews(views) {
    byId('views').hidden = views.length < 2;
    const choices = views.map(({id, crs}) => {
      const name = projectionName(crs);
      return {id, name: id === 'native' ? texts.ownView(name) : name};
    });
    fillSegments(byId('views'), choices, this.#shown.view.id, id => this.show({...this.#shown, view: id}));
  }

  #offerStyles() {
    const {layer: {styles}, style} = this.#shown;
    byId('style-choice').hidden = styles.length < 2;
    byId('styles').replaceChildren(...styles.map(({name, title}) => make('option', {value: name, textContent: inLanguage(title)})));
    byId('styles').value = style;
    this.#showLegend(styles.find(({name}) => name === style));
  }

  /** Colours that mean values or classes have one; those of a photograph mean themselves. */
  #showLegend({legend, title}) {
    byId('style-legend').hidden = !legend;
    if (legend)
      Object.assign(byId('style-legend'), {
        src: `${this.#service.local(legend)}&LANGUAGE=${language}`,
        alt: texts.legendOf(inLanguage(title)),
      });
  }
}
