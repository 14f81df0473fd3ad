// A real OpenID provider on this machine: the package oidc-provider, with a form of its own to log in.

import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';

import Provider from 'oidc-provider';

/** What the application calls it. */
const IDS = ['our-realm', 'generic', 'azure-ad-hybrid'];

const CLIENT = { id: 'chat', secret: 'a secret between the chat and its provider' };
const SECRET = 'a secret of the browser tests, which is long enough';

const USERS = {
  ada: { email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' },
  grace: { email: 'grace@example.com', email_verified: true, name: 'Grace Hopper' },
  eve: { email: 'ada@example.com', email_verified: false, name: 'Eve' },
};

/** Microsoft's users have an id of their own. */
const OBJECT_ID = '00000000-0000-0000-0000-000000000001';
const TENANT = '11111111-2222-3333-4444-555555555555';

/**
 * The provider as Keycloak, as any other one, and as Microsoft with the hybrid flow: the paths are those that each of
 * them has, all lead to the same place.
 */
export class OpenId {
  /** What was asked of it: method and path of each request. */
  asked = [];
  #server;
  #answer = (_request, response) => response.writeHead(503).end();

  static async start() {
    const openid = new OpenId();
    openid.#server = http.createServer();
    openid.#server.listen(0, '127.0.0.1');
    await once(openid.#server, 'listening');
    const url = `http://127.0.0.1:${openid.#server.address().port}`;
    openid.url = url;
    openid.#server.on('request', (request, response) => {
      openid.asked.push(`${request.method} ${request.url.split('?')[0]}`);
      if (!microsoft(request, response)) openid.#answer(withinProvider(request), response);
    });
    const paths = `${url}/realms/test/protocol/openid-connect`;
    openid.env = {
      CHAINLIT_AUTH_SECRET: SECRET,
      OAUTH_KEYCLOAK_CLIENT_ID: CLIENT.id,
      OAUTH_KEYCLOAK_CLIENT_SECRET: CLIENT.secret,
      OAUTH_KEYCLOAK_REALM: 'test',
      OAUTH_KEYCLOAK_BASE_URL: url,
      OAUTH_KEYCLOAK_NAME: 'our-realm',
      OAUTH_GENERIC_CLIENT_ID: CLIENT.id,
      OAUTH_GENERIC_CLIENT_SECRET: CLIENT.secret,
      OAUTH_GENERIC_AUTH_URL: `${paths}/auth`,
      OAUTH_GENERIC_TOKEN_URL: `${paths}/token`,
      OAUTH_GENERIC_USER_INFO_URL: `${paths}/userinfo`,
      OAUTH_GENERIC_SCOPES: 'openid profile email',
      OAUTH_GENERIC_USER_IDENTIFIER: 'sub',
      OAUTH_AZURE_AD_HYBRID_CLIENT_ID: CLIENT.id,
      OAUTH_AZURE_AD_HYBRID_CLIENT_SECRET: CLIENT.secret,
      OAUTH_AZURE_AD_HYBRID_TENANT_ID: TENANT,
      OAUTH_AZURE_AD_HYBRID_SCOPES: 'openid profile email',
      OAUTH_AZURE_AD_HYBRID_AUTHORITY: url,
      OAUTH_AZURE_AD_HYBRID_GRAPH_URL: `${url}/graph`,
    };
    return openid;
  }

  /**
   * Begins to answer: the provider sends users back to this application and to no other.
   *
   * @param {string} application Its address.
   */
  serves(application) {
    this.#answer = provider(`${this.url}/realms/test`, application).callback();
  }

  async close() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The same request with the path that the package knows it by. */
function withinProvider(request) {
  // From what is before it, the package makes the addresses that it gives.
  request.originalUrl = request.url;
  request.url = request.url
    .replace(/^\/(realms\/test|common\/v2\.0)(?=\/)/, '')
    .replace(/^\/common\/oauth2\/v2\.0\/authorize/, '/protocol/openid-connect/auth')
    .replace(/^\/common\/oauth2\/v2\.0\//, '/protocol/openid-connect/');
  return request;
}

function provider(issuer, application) {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        token_endpoint_auth_method: 'client_secret_post',
        // One that may be at an address of this machine, without TLS.
        application_type: 'native',
        grant_types: ['authorization_code', 'implicit'],
        response_types: ['code', 'code id_token'],
        redirect_uris: IDS.map((id) => `${application}/auth/oauth/${id}/callback`),
      },
    ],
    jwks: { keys: [{ ...key, kid: 'one', use: 'sig', alg: 'RS256' }] },
    claims: { openid: ['sub', 'oid'], profile: ['name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    responseTypes: ['code', 'code id_token'],
    pkce: { methods: ['S256'], required: () => true },
    cookies: { keys: ['of the tests'] },
    routes: {
      authorization: '/protocol/openid-connect/auth',
      token: '/protocol/openid-connect/token',
      userinfo: '/protocol/openid-connect/userinfo',
      jwks: '/protocol/openid-connect/certs',
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, oid: OBJECT_ID, ...USERS[id] }) }),
  });
}

/** Microsoft's own part: who the user is tells its Graph. Gives whether it was asked. */
function microsoft(request, response) {
  const json = (value) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (request.url === '/graph/v1.0/me') {
    json({ id: OBJECT_ID, userPrincipalName: 'ada@contoso.example', displayName: 'Ada' });
    return true;
  }
  if (request.url.startsWith('/graph/')) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"no photo"}');
    return true;
  }
  return false;
}
