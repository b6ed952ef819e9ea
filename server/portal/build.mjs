// SPDX-License-Identifier: Apache-2.0
// Bundles the page into dist/, with the licences of what the bundle holds.

import {build} from 'esbuild';
import {copyFile, mkdir, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

const bundled = 'dist';

/** The packages whose files went into the bundle. */
function packagesIn(metafile) {
  const packageOf = path => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  return [...new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean))].sort();
}

async function licenceOf(name) {
  const folder = join('node_modules', name);
  const {version, license} = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find(entry => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(folder, file), 'utf8') : '';
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

await rm(bundled, {recursive: true, force: true});
await mkdir(bundled);
const {metafile} = await build({
  entryPoints: ['portal.js', 'layer.js', 'portal.css', 'layer.css'],
  outdir: bundled,
  bundle: true,
  splitting: true, // what both pages need is sent once
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
for (const file of ['index.html', 'layer.html', 'icon.svg'])
  await copyFile(file, join(bundled, file));
const licences = await Promise.all(packagesIn(metafile).map(licenceOf));
await writeFile(join(bundled, 'third-party.txt'), licences.join(`\n${'-'.repeat(72)}\n\n`));
for (const [file, {bytes}] of Object.entries(metafile.outputs))
  console.log(`${file}: ${Math.round(bytes / 1000)} kB`);
