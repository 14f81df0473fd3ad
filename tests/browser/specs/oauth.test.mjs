import assert from 'node:assert/strict';

import { OpenId } from '../harness/openid.mjs';
import { withEachFrontend, withOurUi } from '../harness/scenario.mjs';
import { until } from '../harness/until.mjs';

/** The browser writes each refused request to the console; the provider's page would have its letters from elsewhere. */
const EXPECTED = [/status of 40[13]|Unauthorized/, /^request to another host: https:\/\/fonts\.googleapis\.com\/css\?family=Roboto/];

const atTheDoor = {
  prepare: () => OpenId.start(),
  arrive: async (chat) => {
    await chat.page.goto(chat.url);
    await until('the page asks who is there', () => new URL(chat.page.url()).pathname, (at) => at === '/login');
  },
};

/** The page's link or button for a provider. */
const button = (page, name) =>
  page.getByRole('link', { name }).or(page.getByRole('button', { name })).filter({ visible: true }).first();

/** Goes to the provider's page, and says there who one is. */
async function logIn(chat, provider, name) {
  await button(chat.page, provider).click();
  await atProvider(chat.page, name);
}

async function atProvider(page, name) {
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

const PROVIDERS = [
  ['as Keycloak', /our-realm/i, 'Ada Lovelace', 'our-realm', 'ada@example.com'],
  ['as any provider', /generic/i, 'Ada Lovelace', 'generic', 'ada'],
  ['as Microsoft, by a form', /azure.ad.hybrid|microsoft/i, 'ada@contoso.example', 'azure-ad', 'ada@contoso.example'],
];

for (const [title, label, name, provider, identifier] of PROVIDERS) {
  withEachFrontend(
    'oauth',
    `lets in whom a provider knows, ${title}`,
    async ({ chat, server, prepared, expect }) => {
      expect(...EXPECTED);
      prepared.serves(server.url);
      await logIn(chat, label, 'ada');
      await chat.ready();
      await until('the way ends at the chat', () => new URL(chat.page.url()).pathname, (at) => at === '/');
      await chat.shows([`assistant: Welcome, ${name}! ${provider} knows you.`]);
      await chat.send('hello');
      await chat.shows([/Welcome/, 'user: hello', `assistant: ${identifier} says: hello`]);
      assert.ok(prepared.asked.some((line) => line.endsWith('/token')));
      // At the conversation's own address Chainlit’s page would only show it: nothing here takes it up.
      await chat.page.goto(chat.url);
      await chat.ready();
    },
    atTheDoor,
  );
}

withEachFrontend(
  'oauth',
  'leads back to the login when the provider says no, or the application',
  async ({ chat, server, prepared, expect }) => {
    expect(...EXPECTED);
    prepared.serves(server.url);
    await button(chat.page, /our-realm/i).click();
    await chat.page.locator('input[name=login]').waitFor();
    await chat.page.getByRole('link', { name: /Cancel/ }).click();
    await chat.page.waitForURL(/\/login\?error=oauthSignin$/);
    await chat.page.locator('.alert, [role=alert]').first().waitFor();
    await logIn(chat, /our-realm/i, 'eve');
    await chat.page.waitForURL(/\/login\?error=oauthSignin$/);
  },
  atTheDoor,
);

withOurUi(
  'oauth',
  'two tabs may be at the provider at the same time',
  async ({ chat, server, prepared, expect }) => {
    expect(...EXPECTED);
    prepared.serves(server.url);
    const other = await chat.page.context().newPage();
    await other.goto(server.url);
    await button(chat.page, /our-realm/i).click();
    await chat.page.locator('input[name=login]').waitFor();
    await button(other, /generic/i).click();
    await atProvider(other, 'grace');
    await other.locator('#chat-input').waitFor();
    await atProvider(chat.page, 'ada');
    await chat.ready();
    await chat.shows(['assistant: Welcome, Ada Lovelace! our-realm knows you.']);
  },
  atTheDoor,
);
