// SPDX-License-Identifier: Apache-2.0
// Styles on the pages, in Chromium: what they are called in the reader's language, what is drawn, and what its colours mean.

import assert from 'node:assert/strict';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';

import {launchBrowser} from './browser.mjs';
import {coloursOfMap, drawn, openPage, picture} from './browsing.mjs';
import {ardoise, makeFolder, removeFolder, startServer} from './running_server.mjs';

const styles = ['hillshade', 'slope', {style: 'elevation', identifier: 'heights', title: '<i>Heights</i>'}];

describe('styles of a layer', () => {
  let folder, browser, server;
  before(async () => {
    folder = await makeFolder();
    const store = join(folder, 'store');
    await ardoise('sample', '--into', join(folder, 'city'), '--dalles', '2x2', '--years', '2022');
    await ardoise('build', join(folder, 'city/dtm'), '--into', store, '--tms', '2154_5cm', '--name', 'dtm');
    await ardoise('build', join(folder, 'city/2022'), '--into', store, '--tms', '2154_5cm', '--bands', '1,2,3', '--bottom', '12', '--name', 'ortho');
    await mkdir(join(store, 'layers'));
    await writeFile(join(store, 'layers/dtm.json'), JSON.stringify({styles}));
    server = await startServer(store);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await removeFolder(folder);
  });

  const open = (path, options, visit) => openPage(browser, server, path, options, visit);
  const offered = page => page.locator('#styles option').allTextContents();
  const legend = page => page.locator('#style-legend');
  const legendIsThere = page => page.waitForFunction(() => document.getElementById('style-legend').naturalWidth > 0);

  it('are chosen by their titles, and their colours are explained', () => open('/#layer=dtm', {}, async page => {
    await drawn(page);
    assert.deepEqual(await offered(page), ['Hillshade', 'Slope', '<i>Heights</i>']);
    await legendIsThere(page);
    const first = await legend(page).getAttribute('src');
    await page.locator('#styles').selectOption('Slope');
    await page.waitForFunction(src => document.getElementById('style-legend').src !== src, new URL(first, page.url()).href);
    await legendIsThere(page);
    await drawn(page);
    assert.equal(await legend(page).getAttribute('alt'), 'Legend: Slope');
    assert.ok(await coloursOfMap(page) > 100);
    assert.match(page.url(), /style=slope/);
    await picture(page, 'styles');
  }));

  it('are called in French, with a legend in French', () => open('/dtm#style=slope', {locale: 'fr-FR'}, async page => {
    await drawn(page);
    assert.deepEqual((await offered(page)).slice(0, 2), ['Estompage', 'Pente']);
    await legendIsThere(page);
    assert.match(await legend(page).getAttribute('src'), /STYLE=slope.*&LANGUAGE=fr$/);
    assert.equal(await legend(page).getAttribute('alt'), 'Légende : Pente');
    await picture(page, 'styles_french');
  }));

  it('have no legend where colours mean themselves', () => open('/#layer=ortho', {}, async page => {
    await drawn(page);
    assert.equal(await legend(page).isVisible(), false);
  }));

  it('leave the map its room on a telephone', () => open('/#layer=dtm&style=slope', {viewport: {width: 360, height: 640}}, async page => {
    await drawn(page);
    await legendIsThere(page);
    const {width, height} = await legend(page).boundingBox();
    assert.ok(width * height < 360 * 640 / 4, `${width} x ${height}`);
    await picture(page, 'styles_narrow');
  }));
});
