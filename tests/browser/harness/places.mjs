// Where things are: the repository, what the build left, what scripts/install-test-tools fetched.

import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

const target = path.resolve(repository, process.env.CARGO_TARGET_DIR ?? 'target');

/** The example applications that `cargo build --examples` made. */
export const examples = path.join(target, 'debug', 'examples');

/** The agent, which is a crate of its own. */
export const agent = path.join(target, 'debug', 'agent');

/** What scripts/install-test-tools put down; its place does not follow CARGO_TARGET_DIR. */
export const tools = path.join(repository, 'target', 'test-tools');

/** Chainlit's own frontend, taken out of the released wheel. */
export const chainlitFrontend = path.join(tools, 'chainlit-frontend');

/** Pictures of the pages that the tests saw, also of failures. */
export const screenshots = path.join(repository, 'target', 'browser-screenshots');
