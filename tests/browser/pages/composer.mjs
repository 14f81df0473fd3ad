// What stands in and around the composer, by the names that our UI and Chainlit's frontend share.

import { until } from '../harness/until.mjs';

/** A file as Playwright's `setInputFiles` takes it. */
export const textFile = (name, text, mimeType = 'text/plain') => ({ name, mimeType, buffer: Buffer.from(text) });

/** What the application offers to a visitor beside the field for their message. */
export class Composer {
  /** @param {import('./chat.mjs').Chat} chat */
  constructor(chat) {
    this.chat = chat;
    this.page = chat.page;
    this.ours = chat.frontend === 'ours';
    this.attachments = this.page.locator('#attachments');
    // In Chainlit’s page it is the one button of the composer without a name, where files can't be attached.
    this.microphone = this.page.locator(this.ours ? '#audio-button' : '#message-composer button:not([id])');
  }

  /** Gives files to the hidden field behind a button. */
  async choose(files, field = '#upload-button-input') {
    await this.page.locator(field).setInputFiles(files);
  }

  /** Lets files fall onto the page, as from another window. */
  async drop(...files) {
    await this.#give(files, (transfer) => {
      for (const type of ['dragenter', 'dragover', 'drop']) {
        const target = document.querySelector('#message-composer');
        target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      }
    });
  }

  /** Pastes files into the field for the message. */
  async paste(...files) {
    await this.#give(files, (transfer) => {
      const target = document.querySelector('#chat-input');
      target.focus();
      target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
    });
  }

  async #give(files, how) {
    const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, text: buffer.toString() }));
    const transfer = await this.page.evaluateHandle((all) => {
      const made = new DataTransfer();
      for (const { name, mimeType, text } of all) made.items.add(new File([text], name, { type: mimeType }));
      return made;
    }, plain);
    await transfer.evaluate(how);
  }

  /** Waits until the files with these names are attached, and completely there. */
  async holds(...names) {
    const seen = () => this.attachments.innerText({ timeout: 1_000 }).catch(() => '');
    await until(`${names.join(', ')} are attached`, seen, (text) => names.every((name) => text.includes(name)));
    const uploading = () => this.attachments.locator('progress, svg circle').count();
    await until('the uploads are complete', uploading, (count) => count === 0);
  }

  /** Sends what is there, perhaps without a word. */
  async submit() {
    await until('it can be sent', () => this.chat.submit.isEnabled({ timeout: 1_000 }).catch(() => false));
    await this.chat.submit.click();
    await this.attachments.waitFor({ state: 'hidden' });
  }

  /** Chooses from the list that a button opens. */
  async pick(button, label) {
    await this.page.locator(button).click();
    await this.page.getByRole('option', { name: label }).click();
  }

  /** Everything that the page says in passing. */
  notices() {
    return this.page.locator(this.ours ? '.toast' : '[data-sonner-toast]').allInnerTexts();
  }

  async isTold(pattern) {
    await until(`a notice like ${pattern}`, () => this.notices(), (all) => all.some((text) => pattern.test(text)));
  }
}
