// SPDX-License-Identifier: Apache-2.0
// OpenLayers in Chromium, in Lambert-93 and Web Mercator: what is seen is what WMS draws of the same box, and no request
// is refused.

import {after, before, describe, it} from 'node:test';

import {CityMaps, town} from './maps/city_maps.mjs';

const lambert = 'EPSG:2154', mercator = 'EPSG:3857';
/** Close up, with the city's edge in sight, and beside it: metres a pixel of levels that the sets have. */
const resolutions = {[lambert]: [0.05, 0.8, 0.8], [mercator]: [0.298582141647617, 1.194328566590468, 1.194328566590468]};

describe('OpenLayers', () => {
  let maps;
  before(async () => maps = await CityMaps.open('openlayers'));
  after(() => maps?.close());

  async function check(name, {crs = mercator, url, ...wanted}) {
    for (const [i, place] of ['middle', 'edge', 'beside'].entries()) {
      const map = {crs, url: maps.url + url, center: town[crs][place], resolution: resolutions[crs][i], ...wanted};
      await (place === 'beside' ? maps.checkBeside : maps.check).call(maps, `${name} ${crs} ${place}`, map);
    }
  }

  for (const requestEncoding of ['KVP', 'REST'])
    for (const [crs, matrixSet] of [[lambert, '2154_5cm'], [mercator, 'WebMercatorQuad'], [mercator, 'PM']])
      it(`draws WMTS from capabilities by ${requestEncoding} in ${matrixSet}`, () =>
        check(`wmts ${requestEncoding} ${matrixSet}`, {
          crs, kind: 'WMTS', url: '/wmts/1.0.0/WMTSCapabilities.xml', options: {layer: 'ortho', matrixSet, requestEncoding},
        }));

  it('draws WMTS between two levels', () => maps.check('wmts between', {
    crs: lambert, kind: 'WMTS', url: `${maps.url}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities`,
    options: {layer: 'irc', matrixSet: '2154_5cm'}, layer: 'irc', center: town[lambert].middle, resolution: 0.27, between: true,
    difference: 4, pixels: 0.5,
  }));

  for (const kind of ['TileWMS', 'ImageWMS'])
    for (const crs of [lambert, mercator])
      for (const version of ['1.1.1', '1.3.0'])
        it(`draws ${kind} ${version} in ${crs}`, () => check(`${kind} ${version}`, {
          crs, kind, url: '/wms', options: {params: {LAYERS: 'ortho', VERSION: version}, crossOrigin: 'anonymous'},
        }));

  for (const [kind, serverType] of [['TileWMS', 'geoserver'], ['ImageWMS', 'mapserver'], ['ImageWMS', 'qgis']])
    it(`draws ${kind} for two dots a pixel as from ${serverType}`, () => check(`${kind} ${serverType}`, {
      crs: lambert, kind, url: '/ortho/wms', options: {params: {LAYERS: 'ortho'}, serverType}, pixelRatio: 2,
    }));

  it('draws what a TileJSON tells', () => check('tilejson', {kind: 'TileJSON', url: '/xyz/ortho/tilejson.json'}));

  it('draws XYZ with twice the dots', () => check('xyz retina', {
    kind: 'XYZ', url: '/xyz/ortho/{z}/{x}/{y}@2x.jpg', options: {tilePixelRatio: 2, maxZoom: 23}, pixelRatio: 2,
  }));

  for (const [crs, set] of [[lambert, '2154_5cm'], [mercator, 'WebMercatorQuad']])
    it(`draws map tiles of OGC API in ${set}`, () => check(`ogcapi ${set}`, {
      crs, kind: 'OGCMapTile', url: `/ogcapi/collections/ortho/map/tiles/${set}`, options: {projection: crs},
    }));
});
