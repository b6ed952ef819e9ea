// SPDX-License-Identifier: Apache-2.0
// The made-up city on a server, and one library that draws it.

import assert from 'node:assert/strict';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {buildCity, makeFolder, removeFolder, startServer} from '../running_server.mjs';
import {MapPages, getMap} from './map_page.mjs';
import {checkAlike, colours} from './pictures.mjs';

/** Where the city's middle is, that of its western edge, and a place a kilometre or two beside it. */
export const town = {
  'EPSG:2154': {middle: [430800, 6712800], edge: [430600, 6712800], beside: [429000, 6712000]},
  'EPSG:3857': {middle: [-63951, 6017650], edge: [-64250, 6017650], beside: [-66000, 6016000]},
  degrees: {middle: [-0.57448, 47.46083], beside: [-0.593, 47.451]},
};

/** Maps of `library` on a server whose layer irc has empty tiles beside its limits. */
export class CityMaps {
  static async open(library) {
    const maps = new CityMaps();
    maps.folder = await makeFolder();
    const store = await buildCity(maps.folder, '2x2');
    await mkdir(join(store, 'layers'));
    await writeFile(join(store, 'layers/irc.json'), JSON.stringify({outside_limits: 'empty'}));
    maps.server = await startServer(store);
    maps.pages = await MapPages.open(library, maps.server);
    return maps;
  }

  async close() {
    await this.pages?.close();
    await this.server?.stop();
    await removeFolder(this.folder);
  }

  get url() {
    return this.server.url;
  }

  /** Insists that the library shows what WMS draws of the same ground: within `difference` and `pixels`. */
  async check(name, {layer = 'ortho', crs = 'EPSG:3857', pixelRatio = 1, difference = 3, pixels = 0.15, ...wanted}) {
    const {box, picture} = await this.pages.show(name, {crs, ...wanted}, pixelRatio);
    checkAlike(picture, await getMap(this.server, layer, crs, box, picture), {difference, pixels});
  }

  /** Insists that the library shows blank paper where the city is not. */
  async checkBeside(name, {crs = 'EPSG:3857', pixelRatio = 1, ...wanted}) {
    const {picture} = await this.pages.show(name, {crs, ...wanted}, pixelRatio);
    assert.deepEqual([...picture.data.subarray(0, 4), colours(picture)], [255, 255, 255, 255, 1]);
  }
}
