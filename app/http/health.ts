/**
 * Health (J5): `/livez` says that the process answers and asks nobody else; `/readyz` asks what the next request and the
 * next batch need; `/health` is both in one body.
 */

import type { ServerReply, ServerRequest, ServerRoute } from '../../core/ports/http-server.ts';
import { jsonReply } from './problem.ts';

/** What a check found. `detail` is for people. */
export interface CheckResult {
  readonly ok: boolean;
  readonly detail: string;
}

/** One thing that must be so. A check that throws has failed. */
export interface Check {
  readonly name: string;
  run(): Promise<CheckResult>;
}

/** The result of one look, with how long the check took in milliseconds. */
export interface Looked extends CheckResult {
  readonly name: string;
  readonly ms: number;
}

/** How long a look holds: probes of several ports and kubelets share it. */
const FRESH_MS = 1000;
/** Patience with one check. */
const PATIENCE_MS = 3000;

/** Whether a process can serve. It cannot any more once it drains. */
export class Readiness {
  private readonly checks: readonly Check[];
  private readonly now: () => number;
  private draining = false;
  private looked: { readonly at: number; readonly results: Promise<Looked[]> } | null = null;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(checks: readonly Check[], now: () => number = () => performance.now()) {
    this.checks = checks;
    this.now = now;
  }

  /** From here on the process is not ready, whatever the checks say: it is told to stop. */
  drain(): void {
    this.draining = true;
  }

  /** All checks, those first that say whether the process takes part at all. */
  async look(): Promise<Looked[]> {
    if (this.looked === null || this.now() - this.looked.at > FRESH_MS)
      this.looked = { at: this.now(), results: Promise.all(this.checks.map((check) => this.lookAt(check))) };
    const stop: Looked = {
      name: 'shutdown',
      ok: !this.draining,
      detail: this.draining ? 'finishing the work at hand' : 'not asked for',
      ms: 0,
    };
    return [stop, ...(await this.looked.results)];
  }

  private async lookAt({ name, run }: Check): Promise<Looked> {
    const started = this.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<CheckResult>((resolve) => {
      timer = setTimeout(() => resolve({ ok: false, detail: `no answer in ${PATIENCE_MS} ms` }), PATIENCE_MS);
    });
    const found = await Promise.race([
      run().catch((error: unknown) => ({
        ok: false,
        detail: error instanceof Error ? error.message : String(error),
      })),
      late,
    ]);
    clearTimeout(timer);
    return { name, ...found, ms: Math.round(this.now() - started) };
  }
}

/** What every body of health begins with. */
export interface Identity {
  readonly service: string;
  readonly version: string;
}

/** The three routes of one port. */
export function healthRoutes(identity: Identity, readiness: Readiness): ServerRoute[] {
  return [
    {
      method: 'GET',
      path: '/livez',
      answer: async () => jsonReply(200, { status: 'live', ...identity }),
    },
    {
      method: 'GET',
      path: '/readyz',
      answer: async (request) => {
        const results = await readiness.look();
        const failed = results.filter(({ ok }) => !ok);
        const shown = isVerbose(request) ? { checks: results } : { failed: failed.map(({ name }) => name) };
        return readyReply(failed.length === 0, { ...identity, ...shown });
      },
    },
    {
      method: 'GET',
      path: '/health',
      answer: async () => {
        const checks = await readiness.look();
        const isReady = checks.every(({ ok }) => ok);
        return readyReply(isReady, { ...identity, live: true, ready: isReady, checks });
      },
    },
  ];
}

function readyReply(isReady: boolean, body: object): ServerReply {
  return jsonReply(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', ...body });
}

/** `?verbose` and `?verbose=true`, not `?verbose=false`. */
function isVerbose({ query }: ServerRequest): boolean {
  const value = query['verbose'];
  return value !== undefined && value !== 'false' && value !== '0';
}
