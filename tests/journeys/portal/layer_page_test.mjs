// SPDX-License-Identifier: Apache-2.0
// The page of a layer in Chromium: what it says, draws, chooses and copies.

import assert from 'node:assert/strict';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';

import {launchBrowser} from './browser.mjs';
import {coloursOfMap, drawn, openPage, picture} from './browsing.mjs';
import {buildCity, makeFolder, removeFolder, startServer} from './running_server.mjs';

const title = '</script><script>document.title = "taken"</script> <b>"Ortho"</b> & \'Cie\'';
const abstract = 'By plane, <img src=x onerror=alert(1)>\nin summer.';
const descriptions = {
  ortho: {
    title, abstract, keywords: ['5 cm', '<i>'], group: 'Pictures', min_scale: 250, max_scale: 25000,
    attribution: {title: 'Région <i>', url: 'https://region.example/?a=1&b=2'},
    metadata: [{type: 'ISO19115:2003', format: 'text/xml', url: 'https://region.example/record.xml'}],
  },
  vintages: {
    dimensions: {members: [{layer: 'irc', time: '2005'}, {layer: 'ortho', time: '2022'}]},
  },
};
const service = {
  title: 'Maps <i>', access_constraints: 'Licence Ouverte 2.0',
  contact: {person: 'A. <b>', email: 'maps@ville.example'},
};

let folder, browser, city, proxied;
before(async () => {
  folder = await makeFolder();
  const store = await buildCity(folder, '1x1');
  await mkdir(join(store, 'layers'));
  for (const [name, description] of Object.entries(descriptions))
    await writeFile(join(store, 'layers', `${name}.json`), JSON.stringify(description));
  const configuration = join(folder, 'server.json');
  await writeFile(configuration, JSON.stringify(service));
  city = await startServer(store, '--config', configuration);
  proxied = await startServer(store, '--public-url', 'https://ortho.example.fr/city');
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await city?.stop();
  await proxied?.stop();
  await removeFolder(folder);
});

const open = (path, options, visit) => openPage(browser, city, path, options, visit);
const fact = (page, term) => page.locator('#facts div', {has: page.locator('dt', {hasText: new RegExp(`^${term}$`)})}).locator('dd');
const pressed = page => page.locator('#programs [aria-pressed=true]').textContent();

describe('the page of a layer', () => {
  it('draws it, and says what is known of it as text', () => open('/ortho', {viewport: {width: 1280, height: 1500}}, async page => {
    await drawn(page);
    assert.ok(await coloursOfMap(page) > 1000);
    assert.equal(await page.locator('h1').textContent(), title);
    assert.equal(await page.title(), `${title} – Maps <i>`);
    assert.equal(await page.locator('#abstract').textContent(), abstract);
    const told = {
      'Name': 'ortho', 'Coordinate system': 'Lambert-93 (EPSG:2154)', 'Tile matrix set': '2154_5cm', 'Keywords': '5 cm, <i>',
      'Group': 'Pictures', 'Attribution': 'Région <i>', 'Terms of use': 'Licence Ouverte 2.0', 'Scales': '1 : 250 to 1 : 25,000',
    };
    for (const [term, text] of Object.entries(told))
      assert.equal((await fact(page, term).textContent()).replaceAll('\u202f', ' '), text);
    assert.match(await fact(page, 'Extent').textContent(), /^430,\d{3}\s6,712,\d{3} – 431,\d{3}\s6,71\d,\d{3}$/);
    assert.equal(await fact(page, 'Metadata').locator('a').getAttribute('href'), 'https://region.example/record.xml');
    assert.equal(await page.locator('#contact').textContent(), 'A. <b>maps@ville.example');
    assert.equal(await page.locator('main b, main i, #abstract img').count(), 0);
    await picture(page, 'layer');
  }));

  it('copies addresses that are answered', () => open('/ortho', {}, async page => {
    await page.getByRole('button', {name: 'Copy: QGIS'}).waitFor();
    for (const name of ['WMTS', 'WMS', 'TileJSON', 'XYZ', 'GDAL', 'QGIS']) {
      await page.locator('#addresses').getByRole('button', {name: `Copy: ${name}`}).click();
      const address = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal((await fetch(address.replace('{z}/{x}/{y}', '0/0/0'))).status, 200, address);
    }
  }));

  it('shows how each program has it, by the keyboard too', () => open('/ortho', {}, async page => {
    await page.getByText('Layer definition for QGIS').waitFor();
    assert.equal(await pressed(page), 'QGIS');
    const definition = page.locator('#snippet a');
    assert.equal(await definition.getAttribute('href'), `${city.url}/ortho/layer.qlr`);
    await page.locator('#programs [aria-pressed=true]').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await pressed(page), 'OpenLayers');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'OpenLayers');
    const code = await page.locator('#snippet pre').textContent();
    assert.match(code, /proj4\.defs[^]*"2154_5cm"/);
    await page.locator('#snippet').getByRole('button', {name: 'Copy: OpenLayers'}).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
    for (const name of ['ArcGIS', 'Opendatasoft, udata']) {
      await page.getByRole('button', {name, exact: true}).click();
      assert.ok(await page.locator('#snippet').getByLabel('WMTS', {exact: true}).isVisible());
    }
  }));

  it('chooses among vintages, for the map and for what is copied', () => open('/vintages', {colorScheme: 'dark'}, async page => {
    await drawn(page);
    const asked = page.waitForResponse(response => /\/vintages\/wmts\?.*&Time=2005$/.test(response.url()));
    await page.getByLabel('Time').selectOption('2005');
    assert.equal((await asked).status(), 200);
    await drawn(page);
    assert.ok(await coloursOfMap(page) > 1000);
    await page.waitForFunction(() => [...document.querySelectorAll('#addresses input')].some(({value}) => value.endsWith('.jpg?time=2005')));
    await page.getByRole('button', {name: 'HTML', exact: true}).click();
    assert.match(await page.locator('#snippet pre').textContent(), /TIME=2005/);
    await page.getByLabel('Time').selectOption('2022');
    await page.waitForFunction(() => document.querySelector('#snippet pre').textContent.includes('TIME=2022'));
    assert.equal(await pressed(page), 'HTML');
    await picture(page, 'layer_dark');
  }));

  it('fits a telephone, in French', () =>
    open('/ortho', {viewport: {width: 360, height: 740}, locale: 'fr-FR'}, async page => {
      await drawn(page);
      await page.getByRole('button', {name: 'GDAL', exact: true}).click();
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      assert.equal(await page.locator('#facts-title').textContent(), 'Description');
      await picture(page, 'layer_narrow');
    }));

  it('keeps its place in the address, and leads back to the list', () => open('/ortho', {}, async page => {
    await page.waitForFunction(() => location.hash.includes('zoom='));
    await page.getByRole('button', {name: 'Web Mercator'}).click();
    await page.waitForFunction(() => location.hash.includes('view=mercator'));
    await drawn(page);
    await page.reload();
    await page.waitForFunction(() => document.querySelector('#views [aria-pressed=true]')?.value === 'mercator');
    await drawn(page);
    await page.locator('#home').click();
    await page.waitForURL(address => address.pathname === '/');
    await drawn(page);
  }));

  it('draws from where it came, and copies the public address', () => openPage(browser, proxied, '/ortho', {}, async page => {
    await drawn(page);
    assert.ok(await coloursOfMap(page) > 1000);
    assert.equal(await page.locator('#addresses').getByLabel('WMTS', {exact: true}).inputValue(),
      'https://ortho.example.fr/city/ortho/wmts/1.0.0/WMTSCapabilities.xml');
  }));

  it('stands at one address', async () => {
    const answer = await fetch(`${city.url}/ortho/`, {redirect: 'manual'});
    assert.equal(answer.status, 308);
    assert.equal(new URL(answer.headers.get('location'), `${city.url}/ortho/`).href, `${city.url}/ortho`);
    assert.equal((await fetch(`${city.url}/nothing`)).status, 404);
  });
});
