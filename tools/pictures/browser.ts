import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where a Chromium may be that npm did not bring. */
const INSTALLED = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Opens a real Chromium: npm's own where it runs, one on the machine elsewhere. Null, with a word, where there is none. */
export async function openBrowser(): Promise<Browser | null> {
  for (const find of [fromNpm, fromMachine]) {
    try {
      const executablePath = await find();
      if (executablePath) return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    } catch (error) {
      console.warn(`A Chromium did not start: ${error instanceof Error ? error.message : error}`);
    }
  }
  console.warn(
    'NO CHROMIUM RUNS HERE: the workbench is not tested in a browser. Install one, or name it by CHROMIUM_PATH.',
  );
  return null;
}

/** Linux on x64 alone has one. */
async function fromNpm(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}

async function fromMachine(): Promise<string | undefined> {
  return INSTALLED.find((path) => path !== '' && existsSync(path));
}
