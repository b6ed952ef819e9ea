// SPDX-License-Identifier: Apache-2.0
// MapLibre GL JS in Chromium, by WebGL: what is seen is what WMS draws of the same box, and no request is refused.

import {after, before, describe, it} from 'node:test';

import {CityMaps, town} from './maps/city_maps.mjs';

describe('MapLibre GL JS', () => {
  let maps;
  before(async () => maps = await CityMaps.open('maplibre'));
  after(() => maps?.close());

  /** Close up, with all of the city's edges in sight, and beside it; zooms are those of tiles of 512 pixels. */
  async function check(name, source, more = {}) {
    for (const zoom of [18, 16])
      await maps.check(`${name} ${zoom}`, {source, center: town.degrees.middle, zoom, ...more});
    await maps.checkBeside(`${name} beside`, {source, center: town.degrees.beside, zoom: 16, ...more});
  }

  const getMap = format =>
    `${maps.url}/wms?service=WMS&version=1.1.1&request=GetMap&layers=ortho&styles=&srs=EPSG:3857&bbox={bbox-epsg-3857}` +
    `&width=256&height=256&format=${format}&transparent=true`;

  it('draws what a TileJSON tells', () =>
    check('tilejson', {url: `${maps.url}/xyz/ortho/tilejson.json`, tileSize: 256}));

  it('draws a TileJSON between two levels', () =>
    maps.check('tilejson between', {
      source: {url: `${maps.url}/xyz/ortho/tilejson.json`, tileSize: 256}, center: town.degrees.middle, zoom: 17.4, difference: 6,
    }));

  it('draws tiles with twice the dots', () => check(
    'retina', {tiles: [`${maps.url}/xyz/ortho/{z}/{x}/{y}{ratio}.jpg`], tileSize: 256}, {pixelRatio: 2}));

  it('draws tiles of 512 pixels', () => check('512', {tiles: [`${maps.url}/xyz/ortho/{z}/{x}/{y}@2x.jpg`], tileSize: 512}));

  it('draws TMS', () => check(
    'tms', {tiles: [`${maps.url}/tms/1.0.0/ortho@WebMercatorQuad/{z}/{x}/{y}.jpg`], tileSize: 256, scheme: 'tms'}));

  for (const format of ['image/jpeg', 'image/png'])
    it(`draws WMS as ${format}`, () => check(`wms ${format}`, {tiles: [getMap(format)], tileSize: 256}));
});
