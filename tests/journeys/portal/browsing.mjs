// SPDX-License-Identifier: Apache-2.0
// Pages, opened, looked at and closed again: nothing may go wrong meanwhile. ARDOISE_SCREENSHOTS is the folder for pictures
// of them.

import assert from 'node:assert/strict';
import {once} from 'node:events';
import {mkdir} from 'node:fs/promises';
import {createServer} from 'node:http';
import {join} from 'node:path';

import {mishapsOn} from './browser.mjs';

const wide = {width: 1360, height: 850};

/** Opens a page of the server, does what `visit` says, and checks that nothing went wrong meanwhile. */
export async function openPage(browser, server, path, options, visit) {
  const context = await browser.newContext({viewport: wide, locale: 'en-GB', reducedMotion: 'reduce', ...options});
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], {origin: server.url});
  const page = await context.newPage();
  const mishaps = mishapsOn(page, [server.url]);
  await page.goto(server.url + path);
  await visit(page);
  await context.close();
  assert.deepEqual(mishaps, []);
}

/** A server that has one page: another origin than the one that it asks. */
async function serveAlone(html) {
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', request.url === '/' ? 'text/html; charset=utf-8' : 'image/x-icon');
    response.end(request.url === '/' ? html : '');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close()};
}

/** Opens a page of another origin. `answer` has what it asks the network for. */
export async function openElsewhere(browser, html, answer, visit) {
  const elsewhere = await serveAlone(html);
  const context = await browser.newContext({viewport: {width: 800, height: 600}});
  const page = await context.newPage();
  const mishaps = mishapsOn(page, ['http:', 'https:']);
  await page.route(url => url.protocol === 'https:', async route => route.fulfill(await answer(route.request().url())));
  try {
    await page.goto(elsewhere.address);
    await visit(page);
  } finally {
    await context.close();
    elsewhere.stop();
    assert.deepEqual(mishaps, []);
  }
}

/** Waits until every tile in sight is drawn. */
export const drawn = page => page.locator('#map[aria-busy=false]').waitFor();

/** How many colours the map is made of. */
export const coloursOfMap = page => page.evaluate(() => {
  const canvas = document.querySelector('#map canvas');
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
});

export async function picture(page, name) {
  const folder = process.env.ARDOISE_SCREENSHOTS;
  if (!folder)
    return;
  await mkdir(folder, {recursive: true});
  await page.screenshot({path: join(folder, `${name}.png`)});
}
