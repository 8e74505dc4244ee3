// animation.mjs: pictures of the same size as one animated GIF.
//
// Each frame keeps of the one before what is the same in both: those pixels are transparent, which makes the file small.

import fs from 'node:fs';
import gifenc from 'gifenc';
import { PNG } from 'pngjs';

const { GIFEncoder, applyPalette, quantize } = gifenc;
/** One of the 256 colours is "as before". */
const COLOURS = 255;

/** @param {readonly { file: string, delayMs: number }[]} frames PNG files, in order */
export function writeAnimation(frames, output) {
  const gif = GIFEncoder();
  let before;
  for (const { file, delayMs } of frames) {
    const { width, height, data } = PNG.sync.read(fs.readFileSync(file));
    const changed = before === undefined ? allOf(width * height) : changedPixels(before, data);
    const palette = quantize(pixelsAt(data, changed), COLOURS);
    while (palette.length <= COLOURS) palette.push([0, 0, 0]);
    const index = applyPalette(data, palette.slice(0, COLOURS));
    for (let at = 0; at < index.length; at++) if (changed[at] === 0) index[at] = COLOURS;
    const transparency = { transparent: before !== undefined, transparentIndex: COLOURS };
    gif.writeFrame(index, width, height, { palette, delay: delayMs, dispose: 1, ...transparency });
    before = data;
  }
  gif.finish();
  fs.writeFileSync(output, gif.bytes());
}

const allOf = (count) => new Uint8Array(count).fill(1);

/** 1 where a pixel is another than before. */
function changedPixels(before, now) {
  const changed = new Uint8Array(now.length / 4);
  for (let at = 0; at < changed.length; at++) {
    const byte = 4 * at;
    if (before[byte] !== now[byte] || before[byte + 1] !== now[byte + 1] || before[byte + 2] !== now[byte + 2]) {
      changed[at] = 1;
    }
  }
  return changed;
}

/** Their colours only: the palette serves what is new. Never empty. */
function pixelsAt(data, changed) {
  const count = changed.reduce((sum, each) => sum + each, 0);
  if (count === 0) return data.slice(0, 4);
  const pixels = new Uint8Array(4 * count);
  let to = 0;
  for (let at = 0; at < changed.length; at++) {
    if (changed[at] === 0) continue;
    pixels.set(data.subarray(4 * at, 4 * at + 4), to);
    to += 4;
  }
  return pixels;
}
