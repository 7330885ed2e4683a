/**
 * Follows a dataset that its source tells by itself: subscribe, take in message by message, and see what was missed by
 * the numbers. What was missed is asked for on the snapshot route, which is the plan of the same dataset; rows that both
 * ways bring are dropped as known by normalization.
 */

import { randomBytes } from 'node:crypto';
import type { StreamContract } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { StreamConnection, StreamSource } from '../../core/ports/stream-source.ts';
import { DAY, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { DatasetRun } from './dataset-run.ts';
import { publishAnomalies } from './quality.ts';
import { runConnector } from './run-connector.ts';
import { holdLeases } from './run-lease.ts';
import type { RunRequest } from './run-report.ts';
import { credentialsOf, schemesFor } from './source-auth.ts';
import { doorOf } from './source-door.ts';
import { takeMessage } from './stream-message.ts';
import { loadPosition, type StreamPosition, streamPlace } from './stream-position.ts';

/** Longest pause before a connection is opened anew, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000;
/** Before the last message that came: its own interval may have been told in the gap. */
const OVERLAP: Micros = 15 * MINUTE;
const OPEN_MS = 20_000;

/** What a stream counts while it is followed. */
export interface StreamTotals {
  messages: number;
  rows: number;
  /** Messages that were known already. */
  known: number;
  gaps: number;
  openings: number;
}

/**
 * Follows until the signal aborts; connections that end are opened anew, after pauses that grow. Throws
 * CONNECTOR_INVALID for a dataset without a stream, PLAN_CONFLICT when another process follows it, SECRET_MISSING, and
 * what the stores say. `onTotals` hears of each message.
 */
export async function followStream(
  run: DatasetRun & { readonly signal: AbortSignal },
  streams: StreamSource,
  onTotals: (totals: StreamTotals) => void = () => {},
): Promise<StreamTotals> {
  const { stream } = run.dataset;
  if (stream === undefined)
    throw new CarbonError('CONNECTOR_INVALID', `${run.dataset.name} has no stream`, {
      position: { field: 'stream', expected: 'the address of a stream', got: 'nothing' },
    });
  const { stores, connector, dataset } = run;
  const place = streamPlace(stores.runtime.tenant, connector.name, dataset.name);
  const release = await holdLeases(stores, [place], run.request.runId);
  const follower = new Follower(
    run,
    stream,
    streams,
    place,
    await loadPosition(stores.reference, place),
    onTotals,
  );
  try {
    return await follower.follow();
  } finally {
    await release();
  }
}

class Follower {
  private readonly run: DatasetRun & { readonly signal: AbortSignal };
  private readonly stream: StreamContract;
  private readonly streams: StreamSource;
  private readonly place: string;
  private readonly position: StreamPosition;
  private readonly onTotals: (totals: StreamTotals) => void;
  private readonly totals: StreamTotals = { messages: 0, rows: 0, known: 0, gaps: 0, openings: 0 };
  private pauseMs: number;

  constructor(
    run: DatasetRun & { readonly signal: AbortSignal },
    stream: StreamContract,
    streams: StreamSource,
    place: string,
    position: StreamPosition,
    onTotals: (totals: StreamTotals) => void,
  ) {
    this.run = run;
    this.stream = stream;
    this.streams = streams;
    this.place = place;
    this.position = position;
    this.onTotals = onTotals;
    this.pauseMs = this.firstPauseMs();
  }

  async follow(): Promise<StreamTotals> {
    const { signal, stores } = this.run;
    while (!signal.aborted) {
      try {
        await this.connection();
      } catch (error) {
        if (!(error instanceof CarbonError) || error.remedy !== 'retry') throw error;
        this.tell('stream.lost', 'warning', { error: error.message, pause_ms: this.pauseMs });
      }
      if (signal.aborted) break;
      await stores.clock.sleep(this.pauseMs / 2 + (Math.random() * this.pauseMs) / 2, signal);
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    }
    return this.totals;
  }

  private firstPauseMs(): number {
    const { request, manifest } = this.run;
    return 1000 * (request.patience?.backoffSeconds ?? Math.min(manifest.backoff_seconds, 5));
  }

  /** One connection from its opening to its end. */
  private async connection(): Promise<void> {
    const connection = await this.open();
    const stop = (): void => connection.close();
    this.run.signal.addEventListener('abort', stop);
    try {
      for (const text of this.stream.subscribe) connection.send(text);
      this.totals.openings++;
      this.tell('stream.opened', 'info', { openings: this.totals.openings });
      // Subscribed first: what comes while the snapshot is asked for waits in the connection.
      if (this.totals.openings === 1) await this.ask('due');
      await this.listen(connection);
    } catch (error) {
      if (!this.run.signal.aborted) throw error;
    } finally {
      this.run.signal.removeEventListener('abort', stop);
      connection.close();
    }
  }

  private async open(): Promise<StreamConnection> {
    const { stores, connector, manifest, settings, request } = this.run;
    const url = new URL(this.stream.url);
    const { origin } = request;
    const address =
      origin === undefined ? url : new URL(`${url.pathname}${url.search}`, origin.replace(/^http/, 'ws'));
    const around = {
      http: stores.http,
      now: () => stores.clock.now(),
      variables: stores.runtime.env,
      origin,
    };
    const { headers, query } = await credentialsOf(schemesFor(manifest.auth, url.host), around);
    for (const [name, secret] of Object.entries(query)) address.searchParams.set(name, secret);
    const pace = {
      minIntervalMs: request.patience?.minIntervalMs ?? settings.min_interval_ms,
      maxConcurrency: manifest.max_concurrency,
    };
    const door = doorOf(stores, connector.name, request.patience?.breakSeconds);
    return door.pass(address.host, pace, () =>
      this.streams.open({
        url: address.href,
        headers,
        maxLength: this.stream.maxLength,
        timeoutMs: OPEN_MS,
        allowedHosts: origin === undefined ? manifest.hosts : [address.host],
        allowsPrivate: origin !== undefined,
      }),
    );
  }

  /** Until the signal, silence, or a refusal of the source. Throws SOURCE_UNREACHABLE when the connection ends. */
  private async listen(connection: StreamConnection): Promise<void> {
    const { signal } = this.run;
    let heardAt = performance.now();
    while (!signal.aborted) {
      const text = await connection.next(this.stream.everyMs);
      if (text === null) {
        const silentMs = performance.now() - heardAt;
        if (silentMs >= this.stream.silentMs)
          throw new CarbonError('SOURCE_UNREACHABLE', `nothing came for ${Math.round(silentMs / 1000)} s`);
        if (this.stream.ping !== null) connection.send(this.stream.ping);
        continue;
      }
      heardAt = performance.now();
      const message = this.stream.read(text);
      if (message.kind === 'refused' && message.error.code === 'SOURCE_REFUSED')
        throw new CarbonError('SOURCE_BUSY', message.error.message, { cause: message.error });
      if (message.kind === 'data') await this.takeData(message.channel, message.sequence, message.payload);
      else if (message.kind === 'refused')
        await takeMessage(
          this.run,
          { name: 'message', bytes: new TextEncoder().encode(text) },
          message.error,
        );
      this.onTotals(this.totals);
    }
  }

  private async takeData(
    channel: string,
    sequence: number,
    payload: Parameters<typeof takeMessage>[1],
  ): Promise<void> {
    const { stores } = this.run;
    const arrival = this.position.arrivalOf(channel, sequence);
    if (arrival.kind === 'known') {
      this.totals.known++;
      return;
    }
    if (arrival.kind === 'gap') await this.fill(channel, arrival.from, arrival.to);
    const name = `message-${channel === '' ? '' : `${channel}-`}${sequence}`;
    this.totals.rows += await takeMessage(this.run, { ...payload, name }, null);
    this.totals.messages++;
    this.position.take(channel, sequence, stores.clock.now());
    // After the rows: a position that is ahead of them would hide a gap.
    await stores.reference.saveCursor(this.place, this.position.toText());
    this.pauseMs = this.firstPauseMs();
  }

  /** Asks the snapshot route for what the numbers say is missing. What it cannot bring is an anomaly. */
  private async fill(channel: string, from: number | null, to: number | null): Promise<void> {
    const { stores } = this.run;
    this.totals.gaps++;
    const now = stores.clock.now();
    const start = (this.position.at ?? now - DAY) - OVERLAP;
    const failure = await this.ask({ start, end: now });
    const facts = { channel, from: from ?? 0, to: to ?? 0 };
    if (failure === null) return this.tell('stream.gap_filled', 'warning', facts);
    this.tell('stream.gap', 'error', { ...facts, error: failure });
    await publishAnomalies(stores, [
      {
        tenant: stores.runtime.tenant,
        traceId: randomBytes(16).toString('hex'),
        knownAt: now,
        type: 'SEQUENCE_GAP',
        severity: 'critical',
        stage: 'ingestion',
        market: this.run.connector.market,
        dataset: this.run.dataset.name,
        instrumentId: null,
        ts: start,
        message: `messages ${from ?? '?'} to ${to ?? '?'} of ${channel || 'the stream'} did not come, and the snapshot failed: ${failure}`,
        count: from === null || to === null ? 1 : to - from + 1,
        context: { connector: this.run.connector.name, channel },
      },
    ]);
  }

  /** Runs the snapshot; null when it went well, else why it did not. */
  private async ask(window: RunRequest['window']): Promise<string | null> {
    const { stores, request, signal, connector, dataset } = this.run;
    try {
      const { act: _, ...rest } = request;
      const runId = `${request.runId}-snapshot-${randomBytes(3).toString('hex')}`;
      const asked = { ...rest, connector: connector.name, datasets: [dataset.name], window, runId };
      const report = await runConnector(stores, asked, signal);
      return report.status === 'failed' ? (report.datasets[0]?.results.at(-1)?.message ?? 'it failed') : null;
    } catch (error) {
      if (error instanceof CarbonError && error.code === 'PLAN_CONFLICT') return error.message;
      throw error;
    }
  }

  private tell(
    name: string,
    level: 'info' | 'warning' | 'error',
    facts: Record<string, string | number>,
  ): void {
    const { stores, connector, dataset } = this.run;
    stores.telemetry.emit({
      name,
      level,
      facts: { connector: connector.name, dataset: dataset.name, ...facts },
    });
  }
}
