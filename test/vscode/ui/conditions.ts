// conditions.ts: under which conditions the walks are walked: the window's size, and how slow its page is.
//
// A walk that only succeeds in a tall window on a fast machine fails one day on another. `TRAPLINE_VIEWPORT=1280x800`
// hides what does not fit, `TRAPLINE_SLOWDOWN=3` lets the page have a third of a CPU.

import type { Page, ViewportSize } from '@playwright/test';

const USUAL: ViewportSize = { width: 1600, height: 1300 };

/** Of each window of the walks. */
export const VIEWPORT = viewport(process.env.TRAPLINE_VIEWPORT);

function viewport(text: string | undefined): ViewportSize {
  if (text === undefined) return USUAL;
  const size = /^(\d+)x(\d+)$/.exec(text);
  if (size === null) throw new Error(`TRAPLINE_VIEWPORT is WIDTHxHEIGHT, such as 1280x800, not "${text}"`);
  return { width: Number(size[1]), height: Number(size[2]) };
}

/** Lets the page have a fraction of a CPU, where that is wanted. */
export async function slowDown(page: Page): Promise<void> {
  const rate = Number(process.env.TRAPLINE_SLOWDOWN ?? 1);
  if (rate <= 1) return;
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}
