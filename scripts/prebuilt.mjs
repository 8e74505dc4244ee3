// prebuilt.mjs: `npm run prebuilt`: makes samples/prebuilt/race, for machines without a C compiler.
//
// Statically linked, so that it needs nothing of the machine it runs on; its debug information names the source as
// lying one folder up, wherever that is. SHA256SUMS says which source it was built from; a unit test compares.

import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './lib/setup.mjs';

const samples = path.join(root, 'samples');
const program = path.join(samples, 'prebuilt/race');
const flags = ['-g', '-gz=zlib', '-O1', '-static', '-pthread', '-ffile-prefix-map=' + samples + '=..'];

const sum = (file) => crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');

fs.mkdirSync(path.dirname(program), { recursive: true });
execFileSync('gcc', [...flags, '-o', program, 'race.c'], { cwd: samples, stdio: 'inherit' });
const lines = ['race.c', 'prebuilt/race'].map((name) => `${sum(path.join(samples, name))}  ${name}`);
fs.writeFileSync(path.join(samples, 'SHA256SUMS'), `${lines.join('\n')}\n`);
console.log(`samples/prebuilt/race: ${(fs.statSync(program).size / 1024).toFixed(0)} kB`);
