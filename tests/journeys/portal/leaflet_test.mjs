// SPDX-License-Identifier: Apache-2.0
// Leaflet in Chromium: what is seen is what WMS draws of the same box, and no request is refused, beside the layer neither.

import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {CityMaps, town} from './maps/city_maps.mjs';

describe('Leaflet', () => {
  let maps;
  before(async () => maps = await CityMaps.open('leaflet'));
  after(() => maps?.close());

  const [middle, beside] = [town.degrees.middle, town.degrees.beside].map(([longitude, latitude]) => [latitude, longitude]);

  /** Close up, with all of the city's edges in sight, and beside it. */
  async function check(name, {url, options = {}, ...more}) {
    const layer = {url: maps.url + url, options: {maxZoom: 24, ...options}, ...more};
    for (const zoom of [19, 17])
      await maps.check(`${name} ${zoom}`, {...layer, center: middle, zoom});
    await maps.checkBeside(`${name} beside`, {...layer, center: beside, zoom: 17});
  }

  it('draws XYZ', () => check('xyz', {url: '/xyz/ortho/{z}/{x}/{y}.jpg'}));

  it('draws XYZ beyond the finest level that the server has', async () => {
    const {maxzoom} = await (await fetch(`${maps.url}/xyz/ortho/tilejson.json`)).json();
    await maps.check('xyz overzoomed', {
      url: `${maps.url}/xyz/ortho/{z}/{x}/{y}.png`, options: {maxZoom: 24, maxNativeZoom: maxzoom},
      center: middle, zoom: maxzoom + 1, difference: 6,
    });
  });

  for (const [name, url, options] of [
    ['by {r}', '/xyz/ortho/{z}/{x}/{y}{r}.jpg', {}],
    ['by the next level', '/xyz/ortho/{z}/{x}/{y}.jpg', {detectRetina: true}],
    ['by {r} of WMTS', '/wmts/1.0.0/irc/normal/WebMercatorQuad/{z}/{y}/{x}{r}.png', {}],
  ])
    it(`draws for two dots a pixel ${name}`, () =>
      check(`retina ${name}`, {url, options, pixelRatio: 2, layer: url.includes('irc') ? 'irc' : 'ortho'}));

  it('draws TMS', () => check('tms', {url: '/tms/1.0.0/ortho@WebMercatorQuad/{z}/{x}/{y}.jpg', options: {tms: true}}));

  it('draws TMS by {-y}', () => check('tms -y', {url: '/tms/1.0.0/ortho@PM/{z}/{x}/{-y}.jpg'}));

  for (const version of ['1.1.1', '1.3.0'])
    for (const [format, transparent] of [['image/jpeg', false], ['image/png', true]])
      it(`draws WMS ${version} as ${format}`, () => check(`wms ${version} ${format}`, {
        kind: 'wms', url: '/wms', options: {layers: 'ortho', version, format, transparent},
      }));

  it('draws WMS of a service with parameters of its own', () => check('wms map', {
    kind: 'wms', url: '/ortho/wms?MAP=/maps/city.map&', options: {layers: 'ortho', uppercase: true},
  }));

  it('draws a template of WMTS beside the limits, of a layer that has empty tiles there', () =>
    check('wmts', {layer: 'irc', url: '/wmts/1.0.0/irc/normal/PM/{z}/{y}/{x}.jpg'}));

  it('is refused such tiles of a layer that has none, and the test sees it', () => assert.rejects(
    maps.checkBeside('refused', {url: `${maps.url}/wmts/1.0.0/ortho/normal/PM/{z}/{y}/{x}.jpg`, center: beside, zoom: 17}),
    /\/wmts\/1\.0\.0\/ortho\/normal\/PM\/17\//));
});
