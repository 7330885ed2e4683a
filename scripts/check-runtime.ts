/** Says whether this Node can run the program: version, Temporal, node:sqlite. Used by setup. */

import { DatabaseSync } from 'node:sqlite';

const major = Number(process.versions.node.split('.')[0]);
if (major < 26 || typeof Temporal === 'undefined') {
  console.error(`setup: Node ${process.versions.node} will not do; 26 or newer with Temporal is needed`);
  process.exit(78);
}
new DatabaseSync(':memory:').close();
console.error(`setup: ready (Node ${process.versions.node})`);
