/** Instances of services as an operator starts and ends them: several of each, each a process of its own. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type Running, start } from '../cli/carbon.ts';
import type { Variables } from './engines.ts';
import type { STAGES } from './world.ts';

export type StageService = (typeof STAGES)[number];

/** One process of a service. */
export class Instance {
  readonly service: StageService;
  private readonly running: Running;

  constructor(service: StageService, data: string, variables: Variables) {
    this.service = service;
    this.running = start(['--data', data, 'run', service], variables);
  }

  /** Resolves when it works. */
  started(): Promise<void> {
    return this.running.shown('service.started');
  }

  /** Asks it to stop; it must do so cleanly. */
  async leave(): Promise<void> {
    this.signal('SIGTERM');
    const { exit, stderr } = await this.running.ended;
    assert.equal(exit, 0, `${this.service}: ${stderr.slice(-3000)}`);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.running.ended;
  }

  /** To the service itself: the command may be a shell that waits for it. */
  signal(name: NodeJS.Signals): void {
    for (const pid of treeOf(this.running.child.pid as number)) process.kill(pid, name);
  }

  /** What it told so far. */
  told(): string {
    return this.running.stderr();
  }
}

/** A process and all that it started. */
function treeOf(root: number): number[] {
  const tree = [root];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      if (Number(parent) === root) tree.push(...treeOf(Number(name)));
    } catch {
      // It ended while the list was read.
    }
  }
  return tree;
}
