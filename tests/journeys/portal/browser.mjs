// SPDX-License-Identifier: Apache-2.0
// Chromium, and what goes wrong on its pages. CHROMIUM names the browser, where it is not Debian's.

import {chromium} from 'playwright-core';

/** WebGL is drawn by the processor, and colours are not those of a screen. */
const flags = [
  '--headless', '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--force-color-profile=srgb',
  '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Each launch has a new profile of its own. */
export const launchBrowser = () =>
  chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags});

/** What goes wrong on a page from now on: a list that grows. Only `origins` may be asked for anything. */
export function mishapsOn(page, origins) {
  const mishaps = [];
  page.on('console', message => ['error', 'warning'].includes(message.type()) && mishaps.push(message.text()));
  page.on('pageerror', error => mishaps.push(String(error)));
  page.on('requestfailed', request => mishaps.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('request', request => isOf(request.url(), origins) || mishaps.push(`foreign: ${request.url()}`));
  page.on('response', response => response.ok() || mishaps.push(`${response.status()}: ${response.url()}`));
  return mishaps;
}

/** What a page makes for itself has an address, too. */
const isOf = (url, origins) => /^(data|blob):/.test(url) || origins.some(origin => url.startsWith(`${origin}/`));
