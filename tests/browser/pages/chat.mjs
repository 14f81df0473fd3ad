// The chat page, by the names that our UI and Chainlit's frontend share.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { screenshots } from '../harness/places.mjs';
import { PATIENCE, until } from '../harness/until.mjs';

/** Pictures in messages: in Chainlit’s page the name is that of the picture, in ours of its place. */
export const pictures = 'img.inline-image, .inline-image img';

/** One page with the chat in it. */
export class Chat {
  /**
   * @param {import('playwright-core').Page} page
   * @param {{ url: string, frontend: string }} at
   */
  constructor(page, { url, frontend }) {
    this.page = page;
    this.url = url;
    this.frontend = frontend;
    this.input = page.locator('#chat-input');
    this.submit = page.locator('#chat-submit');
    this.stopButton = page.locator('#stop-button');
    this.steps = page.locator('.step');
    this.answers = page.locator('.ai-message');
    this.elementLinks = page.locator('.element-link');
    this.sideTitle = page.locator('#side-view-title');
    this.sideContent = page.locator('#side-view-content');
    this.dialog = page.getByRole('dialog');
  }

  /** Goes to the application and waits until one can write. */
  async open() {
    await this.page.goto(this.url);
    await this.ready();
  }

  async ready() {
    await until('the composer takes text', () => this.input.isEditable({ timeout: 1_000 }).catch(() => false));
  }

  /** Waits for the running answer, writes into the composer and sends with Enter; the composer is empty then. */
  async send(text) {
    await this.idle();
    await this.input.fill(text);
    await until('the message can be sent', () => this.submit.isEnabled({ timeout: 1_000 }).catch(() => false));
    await this.input.press('Enter');
    await until('the composer is empty again', () => this.input.inputValue(), (value) => value === '');
  }

  /**
   * The conversation as shown, one `user: …` or `assistant: …` per message, white space folded.
   *
   * @returns {Promise<string[]>}
   */
  transcript() {
    return this.steps.evaluateAll((steps) =>
      steps
        .filter((step) => step.dataset.stepType?.endsWith('_message'))
        .map((step) => {
          const content = step.querySelector('.message-content') ?? step;
          return `${step.dataset.stepType.replace('_message', '')}: ${content.innerText.replace(/\s+/g, ' ').trim()}`;
        }),
    );
  }

  /**
   * Waits until the whole conversation is exactly this; a pattern stands for one message.
   *
   * @param {(string | RegExp)[]} expected
   * @param {number} [patience] Milliseconds.
   */
  async shows(expected, patience = PATIENCE) {
    return until(
      `the conversation is ${JSON.stringify(expected.map(String))}`,
      () => this.transcript(),
      (seen) => seen.length === expected.length && seen.every((line, at) => fits(line, expected[at])),
      patience,
    );
  }

  /** What opens and closes the step of that name. */
  stepHead(name) {
    return this.page.locator(`[id="step-${name}"]`);
  }

  /** The tasks of the list beside the conversation, as `<status> <title>`. */
  tasks() {
    return this.page.locator('.tasklist .task').evaluateAll((tasks) =>
      tasks.map((task) => {
        const status = [...task.classList].find((name) => name.startsWith('task-status-')).replace('task-status-', '');
        // Chainlit’s page has the number before the title, ours a word for screen readers behind it.
        const title = task.querySelector('.task-title') ?? task;
        return `${status} ${title.innerText.replace(/^\s*\d+/, '').trim()}`;
      }),
    );
  }

  /** Waits until nothing is being answered. */
  async idle(patience = PATIENCE) {
    await until('the answer is finished', () => this.stopButton.isVisible(), (running) => !running, patience);
  }

  /** Ends the running answer. */
  async stop() {
    await this.stopButton.click();
  }

  /** Starts a new conversation and says yes to the question whether it should. */
  async newChat() {
    await this.page.locator('#new-chat-button').click();
    await this.page.locator('#new-chat-dialog #confirm').click();
    await this.page.locator('#new-chat-dialog').waitFor({ state: 'hidden' });
  }

  /**
   * Changes a message of the user.
   *
   * @param {number} at Which of the user's messages, from 0.
   */
  async edit(at, text) {
    const message = this.page.locator('.step[data-step-type="user_message"]').nth(at);
    await message.hover();
    await message.locator('.edit-message').click();
    await this.page.locator('#edit-chat-input').fill(text);
    await this.page.locator('.confirm-edit').click();
  }

  /**
   * Chooses from the theme’s menu of our page and waits until the page’s ground is as bright or dark as that.
   *
   * @param {'Light' | 'Dark'} name
   */
  async chooseTheme(name) {
    await this.page.locator('#theme-toggle').click();
    await this.page.getByRole('menuitemradio', { name }).click();
    await this.appears(name);
  }

  /** Waits until the page’s ground is bright or dark. */
  async appears(name) {
    const brightness = () =>
      this.page.evaluate(() => {
        const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
        return (red + green + blue) / 3;
      });
    await until(`the page is ${name}`, brightness, (value) => (name === 'Light' ? value > 230 : value < 40));
  }

  /** Keeps a picture under target/browser-screenshots. */
  async picture(name) {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${this.frontend}-${name}.png`) });
  }
}

function fits(line, wanted) {
  return wanted instanceof RegExp ? wanted.test(line) : isDeepStrictEqual(line, wanted);
}
