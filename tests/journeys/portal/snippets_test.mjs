// SPDX-License-Identifier: Apache-2.0
// What a layer's page offers to paste does what it says: pages in Chromium, commands in a shell. The packages that
// pages ask a network for come from those that npm installed.

import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, extname, join} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

import {launchBrowser} from './browser.mjs';
import {openElsewhere, picture} from './browsing.mjs';
import {ardoise, buildCity, makeFolder, removeFolder, startServer} from './running_server.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const portal = join(here, '../../../server/portal');
const {inHtml, inScript, inShell, snippetsOf} = await import(join(portal, 'snippets.js'));

const hostile = '</script><script>document.title = "taken"</script> <!-- \u2028 "$(touch taken)" \'`&amp;\\';

const installed = {
  'leaflet': join(here, 'node_modules'),
  'maplibre-gl': join(here, 'node_modules'),
  'ol': join(portal, 'node_modules'),
  'proj4': join(portal, 'node_modules'),
};
const types = {'.css': 'text/css', '.js': 'text/javascript', '.png': 'image/png'};

/** A file of a package, of the very version that is asked for. */
async function packageFile(address) {
  const [, name, version, path] = /^https:\/\/cdn\.jsdelivr\.net\/npm\/([\w-]+)@([\d.]+)\/(.+)$/.exec(address) ?? assert.fail(address);
  const folder = join(installed[name], name);
  assert.equal(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).version, version, address);
  return {body: await readFile(join(folder, path)), contentType: types[extname(path)]};
}

/** How many colours a picture of the page has. */
async function coloursOf(page) {
  const shot = (await page.screenshot()).toString('base64');
  return page.evaluate(async data => {
    const bytes = Uint8Array.from(atob(data), letter => letter.codePointAt(0));
    const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
    const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
  }, shot);
}

/** Tiles fade in: looks until there is a photograph, as often as it takes thirty seconds to. */
async function untilDrawn(page) {
  for (let looks = 0; await coloursOf(page) < 1000; ++looks) {
    assert.ok(looks < 300, 'nothing is drawn');
    await page.waitForTimeout(100);
  }
}

let folder, browser, server;
before(async () => {
  folder = await makeFolder();
  const store = await buildCity(folder, '1x1');
  for (const [name, set, bottom] of [['mercator', 'PM_5cm', '19'], ['degrees', '4326', '17']])
    await ardoise(
      'build', join(folder, 'city/2022/ortho'), '--into', store, '--tms', set, '--bottom', bottom, '--bands', '1,2,3',
      '--name', name,
    );
  await mkdir(join(store, 'layers'));
  const attribution = {title: hostile, url: 'https://region.example/?a=1&b=2'};
  await writeFile(join(store, 'layers/ortho.json'), JSON.stringify({title: hostile, attribution}));
  await writeFile(join(store, 'layers/years.json'), JSON.stringify({
    dimensions: {members: [{layer: 'irc', time: '2005'}, {layer: 'ortho', time: '2022'}]},
  }));
  server = await startServer(store);
  // MapLibre draws by WebGL, without a graphics card.
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await removeFolder(folder);
});

async function factsOf(name, values = {}) {
  const {layers: [layer]} = await (await fetch(`${server.url}/${name}/layers.json`)).json();
  const tileJsonAddress = [layer.tilejson, new URLSearchParams(values)].filter(String).join('?');
  return {layer, values, tileJsonAddress, tileJson: await (await fetch(tileJsonAddress)).json()};
}

const snippet = (facts, id) => snippetsOf(facts).find(candidate => candidate.id === id);

/** The page is drawn, of tiles that match. */
async function checkPage(facts, id, tile) {
  await openElsewhere(browser, snippet(facts, id).code, packageFile, async page => {
    await untilDrawn(page);
    assert.equal(await page.title(), facts.layer.title.replace(/ +/g, ' '));
    const asked = await page.evaluate(() => performance.getEntriesByType('resource').map(entry => entry.name));
    assert.ok(asked.some(address => tile.test(address)), `${tile}:\n${asked.join('\n')}`);
    await picture(page, `snippet_${id}_${facts.layer.name}`);
  });
}

/** Addresses by which OpenLayers asks a layer's own service. */
const tilesOf = (layer, set, rest = '') => new RegExp(`/${layer}/wmts\\?.*&tilematrixset=${set}&.*${rest}$`);

describe('snippets of browsers', {timeout: 240_000}, () => {
  const stored = tilesOf('ortho', '2154_5cm');
  for (const [id, tile] of [['openlayers', stored], ['leaflet', /\/xyz\/ortho\/\d+\//], ['maplibre', /\/xyz\/ortho\/\d+\//]])
    it(`${id} draws a layer in Lambert-93, whatever its title`, async () => checkPage(await factsOf('ortho'), id, tile));

  it('OpenLayers draws layers in systems that it knows by itself', async () => {
    await checkPage(await factsOf('mercator'), 'openlayers', tilesOf('mercator', 'PM_5cm'));
    await checkPage(await factsOf('degrees'), 'openlayers', tilesOf('degrees', '4326'));
  });

  it('OpenLayers draws a system that there is no definition of in Web Mercator', async () => {
    const {layer, ...others} = await factsOf('ortho');
    await checkPage({layer: {...layer, crs: 'EPSG:1', title: 'ortho'}, ...others}, 'openlayers', tilesOf('ortho', 'WebMercatorQuad'));
  });

  it('OpenLayers, Leaflet and MapLibre draw the vintage that was chosen', async () => {
    const facts = await factsOf('years', {time: '2005'});
    await checkPage(facts, 'openlayers', tilesOf('years', '2154_5cm', '&Time=2005'));
    await checkPage(facts, 'leaflet', /\/xyz\/years\/.*\?time=2005$/);
    await checkPage(facts, 'maplibre', /\/xyz\/years\/.*\?time=2005$/);
  });

  it('a picture in HTML is one, of all of the layer', async () => {
    for (const facts of [await factsOf('ortho'), await factsOf('mercator'), await factsOf('degrees'), await factsOf('years', {time: '2005'})])
      await openElsewhere(browser, `<!doctype html>${snippet(facts, 'image').code}`, packageFile, async page => {
        await untilDrawn(page);
        const image = page.locator('img');
        const [west, south, east, north] = facts.layer.extent;
        const size = [800, Math.round(800 * (north - south) / (east - west))];
        assert.deepEqual(await image.evaluate(({naturalWidth, naturalHeight}) => [naturalWidth, naturalHeight]), size);
        assert.deepEqual(await image.evaluate(({width, height}) => [width, height]), size);
        assert.equal(await image.getAttribute('alt'), facts.layer.title);
      });
  });
});

describe('snippets of others', () => {
  it('GDAL reads the layer, and writes a part of it', async () => {
    for (const name of ['ortho', 'mercator', 'degrees']) {
      const cwd = join(folder, `gdal-${name}`);
      await mkdir(cwd);
      const env = {...process.env, GDAL_DEFAULT_WMS_CACHE_PATH: join(cwd, 'cache')};
      const {code} = snippet(await factsOf(name), 'gdal');
      assert.equal(code.trim().split('\n').length, 3, code);
      await run('/bin/sh', ['-ec', code], {cwd, env});
      const {stdout} = await run('gdalinfo', ['-json', '-stats', 'part.tif'], {cwd, env});
      const {size, bands} = JSON.parse(stdout);
      assert.deepEqual(size, [500, 500]);
      assert.ok(Number(bands[0].metadata[''].STATISTICS_STDDEV) > 10, stdout);
    }
  });

  it('addresses of portals are answered, and known by their words', async () => {
    const facts = await factsOf('ortho');
    const addresses = new Map(snippet(facts, 'opendatasoft').addresses);
    assert.match(addresses.get('WMTS').toLowerCase(), /service=wmts.*request=getcapabilities/);
    for (const address of [addresses.get('WMTS'), addresses.get('XYZ').replace('{z}/{x}/{y}', '2/0/0')])
      assert.equal((await fetch(address)).status, 200, address);
  });
});

describe('texts of a layer in a snippet', () => {
  it('stay what they are in a shell', async () => {
    const {stdout} = await run('/bin/sh', ['-c', `printf %s ${inShell(hostile)}`]);
    assert.equal(stdout, hostile);
  });

  it('stay what they are in a script, which they do not end', () => {
    const written = inScript(hostile);
    assert.equal(JSON.parse(written), hostile);
    assert.doesNotMatch(written, /[<\u2028]/);
  });

  it('stay what they are in HTML', () => assert.doesNotMatch(inHtml(hostile), /[<>"']/));
});
