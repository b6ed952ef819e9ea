// SPDX-License-Identifier: Apache-2.0
// OpenLayers reads the WMTS capabilities of a running server and asks for tiles of every layer in every set.

import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {JSDOM} from 'jsdom';

import {imageSize} from './image_size.mjs';
import {buildCity, makeFolder, removeFolder, startServer} from './running_server.mjs';

const {window} = new JSDOM();
globalThis.DOMParser = window.DOMParser;
globalThis.Node = window.Node;

const portal = new URL('../../../server/portal/', import.meta.url);
const fromPortal = path => import(new URL(path, portal));
const {default: WMTSCapabilities} = await fromPortal('node_modules/ol/format/WMTSCapabilities.js');
const {default: WMTS, optionsFromCapabilities} = await fromPortal('node_modules/ol/source/WMTS.js');
const {getCenter} = await fromPortal('node_modules/ol/extent.js');
const {transformExtent} = await fromPortal('node_modules/ol/proj.js');
const {projectionOf} = await fromPortal('projections.js');

const parse = async address => new WMTSCapabilities().read(await (await fetch(address)).text());

/** Its first, middle and last level. */
function someLevels(grid) {
  const last = grid.getMaxZoom();
  return [...new Set([grid.getMinZoom(), last >> 1, last])];
}

/** The tile that OpenLayers asks for in the middle of the layer: its address, and what should come. */
function tileAddress(source, zoom) {
  const grid = source.getTileGrid();
  const tile = grid.getTileCoordForCoordAndZ(getCenter(grid.getExtent()), zoom);
  return source.getTileUrlFunction()(tile, 1, source.getProjection());
}

async function checkTile(address, type, size) {
  const response = await fetch(address);
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(response.status, 200, address);
  assert.equal(response.headers.get('content-type'), type, address);
  assert.equal(response.headers.get('oatiles-hint'), null, `${address} is empty`);
  assert.deepEqual(imageSize(bytes), {type, width: size, height: size}, address);
}

describe('OpenLayers on the WMTS', () => {
  let folder, server, site;

  before(async () => {
    folder = await makeFolder();
    server = await startServer(await buildCity(folder, '1x1'));
    site = await (await fetch(`${server.url}/layers.json`)).json();
    for (const layer of site.layers)
      assert.ok(projectionOf(layer.crs), layer.crs);
  });
  after(async () => {
    await server?.stop();
    await removeFolder(folder);
  });

  it('has both layers of the city', () => {
    assert.deepEqual(site.layers.map(layer => layer.name).sort(), ['irc', 'ortho']);
  });

  it('agrees with the server on where the layers are', () => {
    for (const layer of site.layers) {
      const degrees = transformExtent(layer.extent, layer.crs, 'EPSG:4326', 21);
      for (const [i, value] of degrees.entries())
        assert.ok(Math.abs(value - layer.geographic_extent[i]) < 1e-6, `${layer.name}: ${degrees}`);
    }
  });

  for (const requestEncoding of ['KVP', 'REST'])
    it(`draws tiles of every layer in every set, by ${requestEncoding}`, async () => {
      const whole = await parse(site.wmts);
      for (const layer of whole.Contents.Layer)
        for (const {TileMatrixSet: matrixSet} of layer.TileMatrixSetLink) {
          const options = optionsFromCapabilities(whole, {layer: layer.Identifier, matrixSet, requestEncoding});
          assert.equal(options.requestEncoding, requestEncoding);
          assert.equal(options.matrixSet, matrixSet);
          const source = new WMTS(options);
          for (const zoom of someLevels(options.tileGrid))
            await checkTile(tileAddress(source, zoom), options.format, options.tileGrid.getTileSize(zoom));
        }
    });

  it('reads each layer alone as it reads them together', async () => {
    const whole = await parse(site.wmts);
    for (const {name, wmts, format, tile_matrix_set: matrixSet} of site.layers) {
      const alone = await parse(wmts);
      assert.deepEqual(alone.Contents.Layer.map(layer => layer.Identifier), [name]);
      const [one, all] = [alone, whole].map(document => optionsFromCapabilities(document, {layer: name, matrixSet, format}));
      assert.deepEqual(one.tileGrid.getResolutions(), all.tileGrid.getResolutions());
      assert.deepEqual(one.tileGrid.getExtent(), all.tileGrid.getExtent());
    }
  });
});
