// SPDX-License-Identifier: Apache-2.0
// MapLibre GL JS makes ground of our heights in colours: as high as WMS says that it is.

import assert from 'node:assert/strict';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';

import {town} from './maps/city_maps.mjs';
import {MapPages} from './maps/map_page.mjs';
import {colours} from './maps/pictures.mjs';
import {ardoise, makeFolder, removeFolder, startServer} from './running_server.mjs';

const [longitude, latitude] = town.degrees.middle;
const places = [-0.0008, -0.0004, 0, 0.0004, 0.0008].map(east => [longitude + east, latitude + east / 2]);

describe('heights in MapLibre GL JS', () => {
  let folder, server, pages;
  before(async () => {
    folder = await makeFolder();
    const store = join(folder, 'store');
    await ardoise('sample', '--into', join(folder, 'city'), '--dalles', '2x2', '--years', '2022');
    await ardoise('build', join(folder, 'city/dtm'), '--into', store, '--tms', 'PM', '--bottom', '17', '--name', 'dtm');
    await mkdir(join(store, 'layers'));
    await writeFile(join(store, 'layers/dtm.json'), JSON.stringify({
      styles: ['terrain-rgb', 'terrarium', 'normal'], outside_limits: 'empty',
    }));
    server = await startServer(store);
    pages = await MapPages.open('maplibre_terrain', server);
  });
  after(async () => {
    await pages?.close();
    await server?.stop();
    await removeFolder(folder);
  });

  /** The value of WMS, of a pixel of the finest level. */
  async function heightAt([east, north]) {
    const half = 0.000005;
    const parameters = new URLSearchParams({
      SERVICE: 'WMS', VERSION: '1.1.1', REQUEST: 'GetMap', LAYERS: 'dtm', STYLES: 'normal', SRS: 'EPSG:4326', WIDTH: 1, HEIGHT: 1,
      BBOX: [east - half, north - half, east + half, north + half].join(), FORMAT: 'image/x-bil;bits=32',
    });
    const response = await fetch(`${server.url}/wms?${parameters}`);
    assert.equal(response.status, 200);
    return new DataView(await response.arrayBuffer()).getFloat32(0, true);
  }

  for (const [style, encoding] of [['terrain-rgb', 'mapbox'], ['terrarium', 'terrarium']])
    it(`are those of the model, by ${style}`, async () => {
      const source = {
        tiles: [`${server.url}/wmts/1.0.0/dtm/${style}/PM/{z}/{y}/{x}.png`], tileSize: 256, encoding, minzoom: 14, maxzoom: 17,
      };
      const {box: seen, picture} = await pages.show(style, {source, center: [longitude, latitude], zoom: 16.5, places});
      const heights = await Promise.all(places.map(heightAt));
      assert.ok(Math.max(...heights) - Math.min(...heights) > 0.5, `the ground is no plain: ${heights}`);
      seen.forEach((height, i) => assert.ok(Math.abs(height - heights[i]) < 0.5, `${seen} for ${heights}`));
      assert.ok(colours(picture) > 10, 'slopes are shaded');
    });
});
