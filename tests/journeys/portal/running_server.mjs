// SPDX-License-Identifier: Apache-2.0
// A store built on the spot and a server on a free port, by the real programs.
// ARDOISE_BIN is the folder of the programs.

import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';

assert.ok(process.env.ARDOISE_BIN, 'ARDOISE_BIN names the folder of ardoise and ardoise-server');
const program = name => join(process.env.ARDOISE_BIN, name);
const run = promisify(execFile);

/** Runs the pyramid tool to its end, which must be a good one. */
export const ardoise = (...parameters) => run(program('ardoise'), parameters);

export const makeFolder = () => mkdtemp(join(tmpdir(), 'ardoise-portal-'));
export const removeFolder = folder => rm(folder, {recursive: true, force: true});

/** The made-up city as `ortho` and `irc`, at 5 cm in Lambert-93. */
export async function buildCity(folder, dalles) {
  const [sources, store] = [join(folder, 'city'), join(folder, 'store')];
  await ardoise('sample', '--into', sources, '--dalles', dalles, '--years', '2022');
  await ardoise(
    'build', join(sources, '2022'), '--into', store, '--tms', '2154_5cm',
    '--product', 'ortho=1,2,3:jpg:85', '--product', 'irc=4,1,2:jpg:85',
  );
  return store;
}

export async function emptyStore(folder) {
  const store = join(folder, 'empty');
  await mkdir(store);
  return store;
}

/** Starts a server; `stop` asks it to end and checks that it does so in order. */
export async function startServer(store, ...options) {
  const server = spawn(program('ardoise-server'), ['--store', store, '--listen', '127.0.0.1:0', ...options],
    {stdio: ['ignore', 'inherit', 'pipe']});
  const ended = once(server, 'exit');
  const log = [];
  const port = await new Promise((resolve, reject) => {
    createInterface({input: server.stderr}).on('line', line => {
      log.push(line);
      const listening = / listening url=\S+ port=(\d+)/.exec(line);
      if (listening)
        resolve(listening[1]);
    });
    ended.then(([code]) => reject(new Error(`the server ended with ${code}:\n${log.join('\n')}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.kill('SIGTERM');
      const [code] = await ended;
      assert.equal(code, 0, log.join('\n'));
      assert.deepEqual(log.filter(line => /^\S+ (warning|error) /.test(line)), [], 'the log is clean');
    },
  };
}
