/**
 * The schedule of the connectors: every enabled dataset by its cron in UTC, for as long as a service runs. What was
 * missed while nothing ran is caught up from the cursor at the start.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Cron } from 'croner';
import { CarbonError } from '../../core/errors.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';
import { allConnectors } from '../connectors/catalogue.ts';
import { connectorsFolder, loadManifest, settingsOf } from '../connectors/manifest.ts';
import type { Stores } from '../stores/open-stores.ts';
import { runConnector } from './run-connector.ts';
import type { Patience, RunReport, RunRequest } from './run-report.ts';
import { cursorOf } from './run-window.ts';
import type { Variables } from './secrets.ts';
import { missingSecrets } from './source-auth.ts';

/** Datasets of one connector that run together. */
export interface ScheduledJob {
  readonly connector: string;
  /** Five fields, UTC. */
  readonly schedule: string;
  readonly datasets: readonly string[];
}

/** Which connectors run, and where they ask. */
export interface ScheduleOptions {
  /** Names; all when left out. */
  readonly connectors?: readonly string[];
  /** Origin of each connector, in place of the market's: simulators. */
  readonly origins?: Readonly<Record<string, string>>;
  readonly patience?: Patience;
  /** Longest delay that is added to a time of the schedule, so that not all ask at the same second. */
  readonly jitterMs?: number;
  /** Hears of every run. */
  readonly onRun?: (report: RunReport) => void;
}

const JITTER_MS = 20_000;

/**
 * Jobs of the enabled datasets that are fetched: one per connector and cron, in order of name. Where none is named,
 * sources that want to know who asks are left out unless their secrets are among the variables; `onLeftOut` hears of
 * them.
 */
export async function scheduledJobs(
  names?: readonly string[],
  variables: Variables = process.env,
  onLeftOut: (connector: string, missing: readonly string[]) => void = () => {},
): Promise<ScheduledJob[]> {
  const jobs: ScheduledJob[] = [];
  for (const connector of allConnectors()) {
    if (names !== undefined && !names.includes(connector.name)) continue;
    const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
    const missing = names === undefined ? missingSecrets(manifest.auth, variables) : [];
    if (missing.length > 0) {
      onLeftOut(connector.name, missing);
      continue;
    }
    const byCron = new Map<string, string[]>();
    for (const { name } of connector.datasets) {
      const { enabled, mode, schedule } = settingsOf(manifest, name);
      if (!enabled || mode === 'streaming' || schedule === undefined) continue;
      byCron.getOrInsertComputed(schedule, () => []).push(name);
    }
    for (const [schedule, datasets] of byCron) jobs.push({ connector: connector.name, schedule, datasets });
  }
  return jobs;
}

/** The first time of a cron after an instant, UTC micros; null when there is none. */
export function nextTime(schedule: string, after: Micros): Micros | null {
  const at = new Cron(schedule, { timezone: 'UTC', paused: true }).nextRun(new Date(after / 1000));
  return at === null ? null : at.getTime() * 1000;
}

/** The last time of a cron at or before an instant, UTC micros; null when there is none. */
export function lastTime(schedule: string, before: Micros): Micros | null {
  const cron = new Cron(schedule, { timezone: 'UTC', paused: true });
  const [at] = cron.previousRuns(1, new Date(before / 1000 + 1));
  return at === undefined ? null : at.getTime() * 1000;
}

/** Runs the jobs of the schedule until it is told to stop. */
export class ConnectorSchedule {
  private readonly stores: Stores;
  private readonly jobs: readonly ScheduledJob[];
  private readonly options: ScheduleOptions;

  constructor(stores: Stores, jobs: readonly ScheduledJob[], options: ScheduleOptions = {}) {
    this.stores = stores;
    this.jobs = jobs;
    this.options = options;
  }

  /** Resolves after the signal, when the requests in flight are finished. A run that fails does not end it. */
  async follow(signal: AbortSignal): Promise<void> {
    await Promise.all(this.jobs.map((job) => this.followJob(job, signal)));
  }

  /** One job after its own times; a run that takes longer than its period skips the times it has missed. */
  private async followJob(job: ScheduledJob, signal: AbortSignal): Promise<void> {
    if (await this.isBehind(job)) await this.runJob(job, signal);
    while (!signal.aborted) {
      const { clock } = this.stores;
      const next = nextTime(job.schedule, clock.now());
      if (next === null) return;
      const due = next + Math.random() * (this.options.jitterMs ?? JITTER_MS) * 1000;
      // A timer may wake a moment too soon: the time that is next would then still be the one that was slept for.
      for (let now = clock.now(); now < due && !signal.aborted; now = clock.now())
        await clock.sleep(Math.ceil((due - now) / 1000), signal);
      if (!signal.aborted) await this.runJob(job, signal);
    }
  }

  /** True when a time of the schedule has passed since the cursor of one of the datasets. */
  private async isBehind(job: ScheduledJob): Promise<boolean> {
    const { reference, runtime, clock } = this.stores;
    const last = lastTime(job.schedule, clock.now());
    for (const dataset of job.datasets) {
      const cursor = await cursorOf(reference, runtime.tenant, job.connector, dataset);
      if (cursor === null || (last !== null && cursor < last)) return true;
    }
    return false;
  }

  private async runJob(job: ScheduledJob, signal: AbortSignal): Promise<void> {
    const { stores, options } = this;
    const origin = options.origins?.[job.connector];
    const request: RunRequest = {
      connector: job.connector,
      datasets: job.datasets,
      window: 'due',
      runId: `scheduled-${formatInstant(stores.clock.now())}-${randomBytes(3).toString('hex')}`,
      ...(origin === undefined ? {} : { origin }),
      ...(options.patience === undefined ? {} : { patience: options.patience }),
    };
    try {
      const report = await runConnector(stores, request, signal);
      options.onRun?.(report);
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      stores.telemetry.emit({
        name: error.code === 'PLAN_CONFLICT' ? 'run.skipped' : 'run.broken',
        level: 'warning',
        facts: {
          connector: job.connector,
          dataset: job.datasets.join(','),
          run_id: request.runId,
          code: error.code,
          error: error.message,
        },
      });
    }
  }
}
