/** Stores and finishes plans and saves a cursor for ever; prints `stored N`, `finished N`, `cursor N` as acknowledged. */

import { writeSync } from 'node:fs';
import { openSqliteReference } from '../../../../drivers/sqlite-reference/reference-store.ts';

const [path] = process.argv.slice(2);
const store = openSqliteReference({ path });
const last = await store.lastFinishedPlan('g', 't', 0);
for (let n = last === null ? 0 : last.to; ; n++) {
  const open = await store.openPlan('g', 't', 0);
  const plan = open ?? {
    group: 'g',
    topic: 't',
    partition: 0,
    from: n,
    to: n + 1,
    since: {},
    until: { t: n + 1 },
    settingsHash: 's',
    referenceVersion: 0,
    clock: n,
    codeVersion: 'c',
    fence: 1,
  };
  if (open === null) await store.storePlan(plan);
  writeSync(1, `stored ${plan.from}\n`);
  await store.finishPlan(plan);
  writeSync(1, `finished ${plan.from}\n`);
  await store.saveCursor('c', String(plan.from));
  writeSync(1, `cursor ${plan.from}\n`);
}
