// SPDX-License-Identifier: Apache-2.0
// The web page in Chromium: it draws, switches, remembers and copies, and asks nobody but its own server.

import assert from 'node:assert/strict';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';

import {launchBrowser} from './browser.mjs';
import {coloursOfMap, drawn, openPage, picture} from './browsing.mjs';
import {buildCity, emptyStore, makeFolder, removeFolder, startServer} from './running_server.mjs';

const title = 'Ortho <b>"2022"</b> & Cie';
const provider = 'Ville <i>d\'Ardoise</i>';

let folder, browser, city, proxied, empty;
before(async () => {
  folder = await makeFolder();
  const store = await buildCity(folder, '2x2');
  await mkdir(join(store, 'layers'));
  await writeFile(join(store, 'layers/irc.json'), JSON.stringify({
    attribution: {title: 'Région <i>', url: 'https://region.example/'},
    group: 'Infra <red>/2022',
    abstract: 'Seen <b>otherwise</b>',
  }));
  const configuration = join(folder, 'server.json');
  await writeFile(configuration, JSON.stringify({title, provider: {name: provider}, contact: {organisation: 'Ville d\'Ardoise'}}));
  city = await startServer(store, '--config', configuration);
  proxied = await startServer(store, '--public-url', 'https://ortho.example.fr/city');
  empty = await startServer(await emptyStore(folder));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await city?.stop();
  await proxied?.stop();
  await empty?.stop();
  await removeFolder(folder);
});

/** Opens the page, does what `visit` says, and checks that nothing went wrong meanwhile. */
const open = (server, {hash = '', ...options}, visit) => openPage(browser, server, `/${hash}`, options, visit);

/** What the address says is shown; `wanted` is waited for. */
async function shown(page, wanted) {
  await page.waitForFunction(text => decodeURIComponent(location.hash).includes(text), wanted);
  await drawn(page);
  return new URLSearchParams(new URL(page.url()).hash.slice(1));
}

describe('the web page', () => {
  it('draws the first layer in its own system', () => open(city, {}, async page => {
    const state = await shown(page, 'view=native');
    assert.equal(state.get('layer'), 'ortho');
    assert.ok(await coloursOfMap(page) > 1000);
    assert.match(await page.locator('.ol-scale-line').innerText(), /^\d+ m$/);
    await picture(page, 'wide');
  }));

  it('writes texts of the server as texts', () => open(city, {}, async page => {
    await drawn(page);
    assert.equal(await page.locator('h1').textContent(), title);
    assert.equal(await page.title(), title);
    assert.equal(await page.locator('#attribution').textContent(), `© ${provider}`);
    assert.equal(await page.locator('h1 b, #attribution i, #provider i').count(), 0);
  }));

  it('credits whom a layer names, with a link', () => open(city, {hash: '#layer=irc'}, async page => {
    await shown(page, 'layer=irc');
    const link = page.locator('#attribution a');
    assert.equal(await link.textContent(), '© Région <i>');
    assert.equal(await link.getAttribute('href'), 'https://region.example/');
  }));

  it('scrolls its list, and nothing else', () => open(city, {viewport: {width: 1280, height: 420}}, async page => {
    await shown(page, 'layer=ortho');
    const list = await page.locator('#catalogue').evaluate(({scrollHeight, clientHeight}) => scrollHeight - clientHeight);
    assert.ok(list > 100, `the list has ${list} pixels to scroll`);
    const beyond = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    assert.equal(beyond, 0);
  }));

  it('lists layers in their groups, whom to ask, and the way to the page of each', () => open(city, {}, async page => {
    await shown(page, 'layer=ortho');
    assert.equal(await page.locator('#layers > .card').count(), 1);
    assert.equal(await page.locator('.group h3').textContent(), 'Infra <red> › 2022');
    await page.getByText('Addresses of the group').click();
    assert.equal(await page.locator('.group > details').getByLabel('WMS', {exact: true}).inputValue(),
      `${city.url}/Infra%20%3Cred%3E/2022/wms?SERVICE=WMS&REQUEST=GetCapabilities`);
    const card = page.locator('.group .card');
    await card.getByText('Addresses and details').click();
    assert.equal(await card.locator('.abstract').textContent(), 'Seen <b>otherwise</b>');
    assert.match(await page.locator('#contact').textContent(), /Ville d'Ardoise/);
    await card.getByRole('link', {name: 'Use it: irc'}).click();
    await page.waitForURL(`${city.url}/irc*`);
    await drawn(page);
    assert.equal(await page.locator('h1').textContent(), 'irc');
  }));

  it('switches layer and stays in place', () => open(city, {}, async page => {
    const before = await shown(page, 'layer=ortho');
    await page.getByText('irc', {exact: true}).first().click();
    const after = await shown(page, 'layer=irc');
    assert.equal(after.get('center'), before.get('center'));
    assert.equal(after.get('zoom'), before.get('zoom'));
    assert.ok(await coloursOfMap(page) > 1000);
  }));

  it('switches to Web Mercator and back, and stays in place', () => open(city, {colorScheme: 'dark'}, async page => {
    const before = await shown(page, 'view=native');
    await page.getByRole('button', {name: 'Web Mercator'}).click();
    await shown(page, 'view=mercator');
    assert.ok(await coloursOfMap(page) > 1000);
    assert.match(await page.locator('#readout').innerText(), /Web Mercator\s*EPSG:3857/);
    await picture(page, 'dark');
    await page.getByRole('button', {name: 'Lambert-93'}).click();
    const after = await shown(page, 'view=native');
    const [was, is] = [before, after].map(state => state.get('center').split(',').map(Number));
    assert.ok(Math.hypot(was[0] - is[0], was[1] - is[1]) < 0.1, `${was} ${is}`);
    assert.ok(Math.abs(before.get('zoom') - after.get('zoom')) < 0.02);
  }));

  it('restores what a permalink says', () => {
    const hash = '#layer=irc&view=native&center=430850,6712850&zoom=21';
    return open(city, {hash}, async page => {
      await shown(page, 'layer=irc');
      assert.equal(new URL(page.url()).hash, hash);
      assert.ok(await page.getByRole('radio', {name: 'irc'}).isChecked());
      assert.match(await page.locator('#coordinates').textContent(), /E 430,850.00\s+N 6,712,850.00/);
      await picture(page, 'close');
      await page.evaluate(() => location.hash = '#layer=ortho&view=mercator');
      await shown(page, 'view=mercator');
      assert.ok(await page.getByRole('radio', {name: 'ortho'}).isChecked());
    });
  });

  it('shows a default for a permalink that makes no sense', () =>
    open(city, {hash: '#layer=none&view=sideways&center=NaN,1&zoom=x&style=y'}, async page => {
      const state = await shown(page, 'layer=ortho');
      assert.equal(state.get('view'), 'native');
    }));

  it('tells coordinates under the pointer', () => open(city, {}, async page => {
    await drawn(page);
    assert.match(await page.locator('#coordinates').textContent(), /^Centre E /);
    await page.mouse.move(900, 400);
    await page.waitForFunction(() => document.querySelector('#coordinates').textContent.startsWith('E 430,'));
  }));

  it('copies addresses', () => open(city, {}, async page => {
    await drawn(page);
    const wanted = {
      WMTS: `${city.url}/ortho/wmts/1.0.0/WMTSCapabilities.xml`,
      WMS: `${city.url}/ortho/wms?SERVICE=WMS&REQUEST=GetCapabilities`,
      TileJSON: `${city.url}/xyz/ortho/tilejson.json`,
      XYZ: `${city.url}/xyz/ortho/{z}/{x}/{y}.jpg`,
    };
    for (const [name, address] of Object.entries(wanted)) {
      await page.locator('.card').first().getByRole('button', {name: `Copy: ${name}`}).click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
      assert.equal((await fetch(address.replace('{z}/{x}/{y}', '0/0/0'))).status, 200, address);
    }
  }));

  it('draws from where it came, and copies the public address', () => open(proxied, {}, async page => {
    await shown(page, 'layer=ortho');
    assert.ok(await coloursOfMap(page) > 1000);
    const address = page.locator('.card').first().getByLabel('WMTS', {exact: true});
    assert.equal(await address.inputValue(), 'https://ortho.example.fr/city/ortho/wmts/1.0.0/WMTSCapabilities.xml');
  }));

  it('moves by the keyboard', () => open(city, {}, async page => {
    const before = await shown(page, 'layer=ortho');
    await page.locator('#map').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(center => !location.hash.includes(`center=${center}`), before.get('center'));
    await page.keyboard.press('+');
    await page.waitForFunction(zoom => !location.hash.endsWith(`zoom=${zoom}`), before.get('zoom'));
    await page.getByRole('radio', {name: 'ortho'}).focus();
    await page.keyboard.press('ArrowDown');
    await shown(page, 'layer=irc');
  }));

  it('fits a telephone, in French', () =>
    open(city, {viewport: {width: 360, height: 740}, deviceScaleFactor: 2, locale: 'fr-FR'}, async page => {
      await shown(page, 'layer=ortho');
      assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
      assert.ok(await page.locator('#map').isVisible());
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      await picture(page, 'narrow_map');
      await page.getByRole('button', {name: 'Couches'}).click();
      assert.ok(await page.locator('#catalogue').isVisible());
      assert.equal(await page.locator('#map').isVisible(), false);
      await picture(page, 'narrow_layers');
      await page.getByText('irc', {exact: true}).first().click();
      await shown(page, 'layer=irc');
      assert.ok(await page.locator('#map').isVisible());
    }));

  it('tells how to begin when nothing is published', () => open(empty, {}, async page => {
    await page.getByText('Nothing is published yet.').waitFor();
    assert.match(await page.getByLabel('ardoise build', {exact: true}).inputValue(), /^ardoise build /);
    assert.equal(await page.locator('#catalogue').isVisible(), false);
    await picture(page, 'empty');
  }));
});
