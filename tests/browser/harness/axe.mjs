// Accessibility checks: those of axe-core, run inside the page, and what the browser itself tells a screen reader.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

// Evaluated by the debugger rather than added as a script: the page's own rules forbid foreign scripts.
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe objects to in the page as it is now, one line per element.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function barriers(page) {
  await page.evaluate(`${axe};0`);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id} (${help}): ${html}`));
}

/** Roles of what can be used, which says nothing to a screen reader unless it has a name. */
const USED = new Set(['button', 'checkbox', 'combobox', 'link', 'menuitemradio', 'option', 'radio', 'searchbox', 'slider', 'spinbutton', 'switch', 'tab', 'textbox']);

/**
 * What can be used and has no name, as a screen reader meets it: its role and attributes, one line each.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function nameless(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const found = nodes.filter(({ ignored, role, name }) => !ignored && USED.has(role?.value) && !name?.value?.trim());
  const lines = [];
  for (const { role, backendDOMNodeId } of found) {
    const { node } = await session.send('DOM.describeNode', { backendNodeId: backendDOMNodeId });
    lines.push(`${role.value} <${node.nodeName.toLowerCase()} ${(node.attributes ?? []).join(' ')}>`);
  }
  await session.detach();
  return lines;
}
