// SPDX-License-Identifier: Apache-2.0
// A page with one map, on a site of its own: to the server under test it comes from another origin, as maps do.

import assert from 'node:assert/strict';
import {once} from 'node:events';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {launchBrowser, mishapsOn} from '../browser.mjs';
import {decode} from './pictures.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const packages = '../node_modules/', ofThePortal = '../../../../server/portal/node_modules/';

/** The files of each library, after its name: its style and its scripts. */
const libraries = {
  leaflet: [`${packages}leaflet/dist/leaflet.css`, `${packages}leaflet/dist/leaflet.js`],
  maplibre: [`${packages}maplibre-gl/dist/maplibre-gl.css`, `${packages}maplibre-gl/dist/maplibre-gl.js`],
  maplibre_terrain: [`${packages}maplibre-gl/dist/maplibre-gl.css`, `${packages}maplibre-gl/dist/maplibre-gl.js`],
  openlayers: [`${ofThePortal}ol/ol.css`, `${ofThePortal}proj4/dist/proj4.js`, `${ofThePortal}ol/dist/ol.js`],
};
const types = {'.js': 'text/javascript', '.css': 'text/css'};

const page = ([style, ...scripts]) => `<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Map</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<style>html, body, #map { margin: 0; height: 100%; background: #fff }</style>
<div id="map"></div>
${scripts.map(script => `<script src="${script}"></script>`).join('\n')}
</html>`;

/** The page at "/", and what it names by numbers. */
async function serveFiles(files) {
  const texts = await Promise.all(files.map(file => readFile(here(file))));
  const site = createServer((request, response) => {
    const number = Number(request.url.slice(1));
    response.setHeader('Content-Type', request.url === '/' ? 'text/html' : types[extname(files[number])]);
    response.end(request.url === '/' ? page([...files.keys()]) : texts[number]);
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  return site;
}

const size = {width: 640, height: 480};

/** A browser on pages of one library; `server` is the one under test. */
export class MapPages {
  static async open(library, server) {
    const pages = new MapPages();
    pages.library = library;
    pages.server = server;
    pages.site = await serveFiles([...libraries[library], `./${library}.js`]);
    pages.origin = `http://127.0.0.1:${pages.site.address().port}`;
    pages.browser = await launchBrowser();
    return pages;
  }

  async close() {
    await this.browser.close();
    await once(this.site.close(), 'close');
  }

  /**
   * The map that the library's show() makes of `wanted`, and its box. Nothing may go wrong meanwhile, be refused by the
   * server or come from elsewhere. The picture stays in ARDOISE_SCREENSHOTS under `name`.
   */
  async show(name, wanted, pixelRatio = 1) {
    const context = await this.browser.newContext({viewport: size, deviceScaleFactor: pixelRatio});
    const page = await context.newPage();
    const mishaps = mishapsOn(page, [this.origin, this.server.url]);
    await page.goto(`${this.origin}/`);
    const box = await page.evaluate(wanted => show(wanted), wanted);
    const bytes = await page.screenshot();
    await context.close();
    await this.#keep(name, bytes);
    assert.deepEqual(mishaps, []);
    return {box, picture: decode(bytes)};
  }

  async #keep(name, bytes) {
    const folder = process.env.ARDOISE_SCREENSHOTS;
    if (!folder)
      return;
    await mkdir(folder, {recursive: true});
    await writeFile(join(folder, `${this.library}_${name.replaceAll(/\W+/g, '_')}.png`), bytes);
  }
}

/** The map of WMS 1.3.0 that lies on `box` (west, south, east, north). */
export async function getMap(server, layer, crs, box, {width, height}) {
  const parameters = new URLSearchParams({
    SERVICE: 'WMS', VERSION: '1.3.0', REQUEST: 'GetMap', LAYERS: layer, STYLES: '', CRS: crs, BBOX: box.join(),
    WIDTH: width, HEIGHT: height, FORMAT: 'image/png',
  });
  const response = await fetch(`${server.url}/wms?${parameters}`);
  assert.equal(response.status, 200, parameters.toString());
  return decode(await response.arrayBuffer());
}
