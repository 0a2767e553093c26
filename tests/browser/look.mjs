// Opens a page of ActorMD in Chromium and prints, as JSON, what a person would see of it:
//   node look.mjs URL [--shots FOLDER]
// With --shots it also takes screenshots at three widths, light and dark.
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';

const [url, ...rest] = process.argv.slice(2);
const folder = rest[0] === '--shots' ? rest[1] : null;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const complaints = [];
page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()); });
page.on('pageerror', error => complaints.push(String(error)));
page.on('request', request => { if (!/^(file|data|blob|http:\/\/127\.0\.0\.1)/.test(request.url())) complaints.push(`asked for ${request.url()}`); });
await page.goto(url, { waitUntil: 'load', timeout: 120_000 });
await page.waitForTimeout(400);

// A diagram is drawn when its canvas has points of several colours.
const plots = await page.evaluate(() => [...document.querySelectorAll('[data-plot]')].map(place => {
  const canvas = place.querySelector('canvas');
  if (!canvas) return { id: place.dataset.plot, colours: 0 };
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let k = 0; k < pixels.length; k += 4) if (pixels[k + 3] > 200) seen.add((pixels[k] >> 4) << 8 | (pixels[k + 1] >> 4) << 4 | pixels[k + 2] >> 4);
  return { id: place.dataset.plot, colours: seen.size };
}));
const numbers = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('[data-key]')].map(cell => [cell.dataset.key, Number(cell.dataset.value)])));
const stills = await page.evaluate(() => [...document.querySelectorAll('img.still')].every(image => image.complete && image.naturalWidth > 0));
const overflow = [];

// The view of the particles turns when it is dragged, and plays.
let scene = null;
const space = page.locator('.space').first();
if (await space.count() > 0) {
  await space.scrollIntoViewIfNeeded();
  await page.waitForTimeout(600);
  const before = await space.screenshot();
  const box = await space.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2 + 30, { steps: 6 });
  await page.mouse.up();
  await page.waitForTimeout(600);
  const turned = await space.screenshot();
  const time = () => page.locator('.time').first().textContent();
  const from = await time();
  await page.locator('.play').first().click();
  await page.waitForTimeout(1200);
  await page.locator('.play').first().click();
  const to = await time();
  await page.locator('.colour').first().selectOption('speed');
  await page.waitForTimeout(600);
  const bySpeed = await space.screenshot();
  await page.locator('.colour').first().selectOption('species');
  scene = { bytes: before.length, turns: !before.equals(turned), plays: from !== to, colours: !bySpeed.equals(turned) };
}

// What reaches out of the window at the right, once the diagrams have followed its size.
const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1 ? [] :
  [...document.querySelectorAll('body *')].filter(part => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest('.table, pre'))
    .map(part => `${part.tagName.toLowerCase()} ${part.className}: ${part.textContent.slice(0, 40)}`).slice(0, 5).concat('the page'));

for (const width of [1440, 820, 390]) {
  await page.setViewportSize({ width, height: 900 });
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForTimeout(folder ? 500 : 100);
    let parts = await tooWide();
    for (let k = 0; k < 50 && parts.length > 0; k++) {
      await page.waitForTimeout(100);
      parts = await tooWide();
    }

    overflow.push(...parts.map(part => `${width}: ${part}`));
    if (folder) {
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: `${folder}/${width}-${scheme}.png`, fullPage: true });
    }
  }
}

if (folder) {
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await page.pdf({ path: `${folder}/print.pdf`, format: 'A4' });
}

const title = await page.title(), text = await page.evaluate(() => document.body.innerText);
await browser.close();
console.log(JSON.stringify({ title, complaints, plots, stills, numbers, scene, overflow, text }));
