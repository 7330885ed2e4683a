/**
 * A process that fuzzes one target: `node child.ts <order as JSON>`. Writes the number of the mutant at hand into a file
 * before it is read, so that a hang or a death tells which one it was. Prints the campaign as JSON.
 */

import { openSync, writeSync } from 'node:fs';
import { allTargets, type Campaign, type Range, runCampaign } from './campaign.ts';

/** What a process is to do. */
export interface Order extends Range {
  readonly target: string;
  /** File that holds the number of the mutant at hand, as decimal text. */
  readonly progress: string;
}

/** What it says at its end: the campaign, and the greatest memory that the process held, in MB. */
export interface Answer {
  readonly campaign: Campaign;
  readonly peakMb: number;
}

async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2]) as Order;
  const target = (await allTargets()).find(({ name }) => name === order.target);
  if (target === undefined) throw new Error(`no target ${order.target}`);
  const file = openSync(order.progress, 'w');
  const campaign = await runCampaign(target, order, (at) => writeSync(file, String(at).padStart(12), 0));
  const answer: Answer = { campaign, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) };
  process.stdout.write(JSON.stringify(answer));
}

await main();
