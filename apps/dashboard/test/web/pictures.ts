import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';

const golden = join(import.meta.dirname, 'golden');
const failed = join(import.meta.dirname, '../../node_modules/.cache/pictures');
/** Take what is there now for right. */
const update = Boolean(process.env.UPDATE_PICTURES);
const tallest = 1600;

/**
 * Pictures of pages against those that are kept, which are half as large on each side: what a browser of another version
 * draws a little otherwise is even then.
 */
export interface Pictures {
  /** Undefined: as it was. Else what is different, and where to look. */
  differs(name: string): Promise<string | undefined>;
  /** The names of those that are kept. */
  kept(): readonly string[];
  close(): Promise<void>;
}

/** So much of a channel is no difference. */
const mostOff = 40;
/** Of all pixels. */
const mostDifferent = 0.004;

export async function openPictures(browser: Browser, page: Page): Promise<Pictures> {
  const desk = await (await browser.newContext()).newPage();
  const protocol = await page.context().newCDPSession(page);
  return {
    async differs(name) {
      const taken = await settled(page, protocol);
      const file = join(golden, `${name}.webp`);
      if (update || !existsSync(file)) {
        if (!update) return `${name}: there is no picture of it yet${howToUpdate}`;
        const before = existsSync(file) ? await compare(desk, readFileSync(file), taken) : undefined;
        // Kept as it is where nobody would see a difference: what is in the repository changes with the page alone.
        if (before === undefined || before.share > mostDifferent / 4) keep(file, taken);
        return undefined;
      }
      const { share, why, diff } = await compare(desk, readFileSync(file), taken);
      if (share <= mostDifferent) return undefined;
      keep(join(failed, `${name}.webp`), taken);
      keep(join(failed, `${name}-diff.png`), diff);
      return `${name}: ${why}. It is in ${join(failed, `${name}.webp`)}, what is different in ${name}-diff.png beside it${howToUpdate}`;
    },
    kept: () => (existsSync(golden) ? readdirSync(golden) : []),
    close: () => desk.context().close(),
  };
}

const howToUpdate = '; when it is right: pnpm --filter @pawl/dashboard run pictures';

function keep(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

const deadlineMs = 10_000;

/** The picture, once two in a row are the same. */
async function settled(page: Page, protocol: CDPSession): Promise<Buffer> {
  const until = Date.now() + deadlineMs;
  for (let last = await take(page, protocol); ; ) {
    await page.waitForTimeout(60);
    const next = await take(page, protocol);
    if (next.equals(last) || Date.now() > until) return next;
    last = next;
  }
}

async function take(page: Page, protocol: CDPSession): Promise<Buffer> {
  const { width, height } = (await page.evaluate(
    '({ width: innerWidth, height: document.documentElement.scrollHeight })',
  )) as { readonly width: number; readonly height: number };
  const { data } = await protocol.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 80,
    optimizeForSpeed: true,
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height: Math.min(tallest, height), scale: 0.5 },
  });
  return Buffer.from(data, 'base64');
}

interface Compared {
  /** Of the pixels. */
  readonly share: number;
  readonly why: string;
  /** A PNG in which what is different is red. */
  readonly diff: Buffer;
}

/** The browser itself decodes and compares: no library of pictures is needed. */
async function compare(desk: Page, expected: Buffer, actual: Buffer): Promise<Compared> {
  const { share, why, diff } = (await desk.evaluate(
    `(${inBrowser})(${JSON.stringify([expected.toString('base64'), actual.toString('base64'), mostOff])})`,
  )) as { readonly share: number; readonly why: string; readonly diff: string };
  return { share, why, diff: Buffer.from(diff.slice(diff.indexOf(',') + 1), 'base64') };
}

const inBrowser = `async ([expected, actual, mostOff]) => {
  const read = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/webp' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const [was, is] = [await read(expected), await read(actual)];
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [is.width, is.height];
  const context = canvas.getContext('2d');
  const size = (one) => one.width + ' x ' + one.height;
  if (was.width !== is.width || Math.abs(was.height - is.height) > 2) {
    context.putImageData(is, 0, 0);
    return { share: 1, why: 'it was ' + size(was) + ' and is ' + size(is), diff: canvas.toDataURL('image/png') };
  }
  const told = context.createImageData(is.width, is.height);
  const pixels = Math.min(was.data.length, is.data.length) / 4;
  let different = 0;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const at = pixel * 4;
    const off = Math.max(...[0, 1, 2].map((channel) => Math.abs(was.data[at + channel] - is.data[at + channel])));
    const grey = 255 - (255 - is.data[at + 1]) / 4;
    told.data.set(off > mostOff ? [220, 0, 0, 255] : [grey, grey, grey, 255], at);
    if (off > mostOff) different += 1;
  }
  context.putImageData(told, 0, 0);
  const share = different / pixels;
  return { share, why: (100 * share).toFixed(2) + '% of its pixels are others', diff: canvas.toDataURL('image/png') };
}`;
