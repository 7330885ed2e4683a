/** A runner's world without a warehouse: real log, archive, ledger and HTTP, in a folder of the test's own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeSettings } from '../../app/config/runtime.ts';
import { Policies } from '../../app/pipeline/policies.ts';
import { policyPaths } from '../../app/pipeline/settings.ts';
import { alike } from '../../app/pipeline/topic-policy.ts';
import { PartitionCursor, RecordDecoder } from '../../app/read/log-records.ts';
import { shareByLocks } from '../../app/stores/embedded-engines.ts';
import type { Stores } from '../../app/stores/open-stores.ts';
import { allTopics, ensureTopics } from '../../app/stores/topics.ts';
import { Names } from '../../core/model/names.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';
import type { Micros } from '../../core/time/instant.ts';
import { openDiskArchive } from '../../drivers/disk-archive/payload-archive.ts';
import { openUndiciHttp } from '../../drivers/http-undici/http.ts';
import { openMemoryCache } from '../../drivers/memory-cache/hot-cache.ts';
import { openSchemaFiles } from '../../drivers/schema-files/registry.ts';
import { openSqliteLog } from '../../drivers/sqlite-log/event-log.ts';
import { openSqliteReference } from '../../drivers/sqlite-reference/reference-store.ts';
import { systemClock } from '../../drivers/system-clock/clock.ts';

/** The stores of a run with what it told. */
export interface IngestWorld {
  readonly stores: Stores;
  readonly events: TelemetryEvent[];
  /** The records of a topic, decoded, oldest first within a partition. */
  records(topic: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * Opens a world whose clock begins at `at`; in a folder that is given, it finds what another world left there. `variables`
 * are its environment.
 */
export async function openIngestWorld(
  at: Micros,
  folder?: string,
  variables: Record<string, string> = {},
): Promise<IngestWorld> {
  const data = folder ?? mkdtempSync(join(tmpdir(), 'ingest-'));
  const runtime = runtimeSettings({ dataDir: data }, variables);
  const policies = await Policies.open(policyPaths(runtime.root, runtime.env), runtime.env);
  const { settings } = policies;
  const log = openSqliteLog({ path: join(data, 'log.sqlite'), durability: 'process' });
  const behind = systemClock.now() - at;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() - behind };
  const events: TelemetryEvent[] = [];
  const registry = await openSchemaFiles(runtime.root, data);
  const stores: Stores = {
    runtime,
    policies,
    settings,
    names: new Names(),
    log,
    // The runner writes no table: one that tried would fail here.
    warehouse: undefined as unknown as Stores['warehouse'],
    reference: openSqliteReference({ path: join(data, 'reference.sqlite') }),
    cache: openMemoryCache({ clock: systemClock, maxEntries: 10 }),
    archive: await openDiskArchive({ folder: join(data, 'archive') }),
    registry,
    joinWork: shareByLocks(data),
    http: openUndiciHttp(),
    clock,
    telemetry: { emit: (event) => events.push(event) },
    topicPolicy: alike(2),
    partitions: await ensureTopics(log, allTopics(settings.aggregation.intervals, settings.topics), alike(2)),
    close: async () => {
      await stores.http.close();
      await stores.reference.close();
      await log.close();
    },
  };
  return {
    stores,
    events,
    records: (topic) => recordsOf(log, registry, topic, [0, 0]),
    close: async () => {
      await stores.close();
      if (folder === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The records of a topic from an offset of each partition on, decoded, oldest first within a partition. */
export async function recordsOf(
  log: EventLog,
  registry: SchemaRegistry,
  topic: string,
  from: readonly number[],
): Promise<Record<string, unknown>[]> {
  const decoder = new RecordDecoder(registry);
  const found: Record<string, unknown>[] = [];
  for (const [partition, offset] of from.entries()) {
    const cursor = new PartitionCursor(partition, offset);
    for (;;) {
      const next = await cursor.peek(log, topic, decoder);
      if (next === null) break;
      found.push({ ...next.record });
      cursor.take();
    }
  }
  return found;
}

/** Answers one request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A local source: answers by path, and remembers what it was asked. */
export class LocalSource {
  readonly asked: { path: string; at: number; headers: IncomingMessage['headers'] }[] = [];
  /** Answers by path; the last of a list is repeated. A path without any is 404. */
  readonly answers = new Map<string, Answer[]>();
  /** What is answered where no path fits; 404 unless it is set. */
  otherwise: Answer = plain(404, '<html><title>Not Found</title></html>');
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor() {
    this.server = createServer((request, response) => {
      const path = request.url ?? '';
      this.asked.push({ path, at: Date.now(), headers: request.headers });
      const answers = this.answers.get(path) ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      (answer ?? this.otherwise)(request, response);
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  set(path: string, ...answers: Answer[]): void {
    this.answers.set(path, answers);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}

/** A whole answer. */
export function plain(
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Length': String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  };
}

/** An answer that breaks off after half of its body. */
export function cut(body: string): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'Content-Length': String(Buffer.byteLength(body)) });
    response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
  };
}
