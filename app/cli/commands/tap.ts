/**
 * `carbon tap TOPIC`: the records of a topic as people read them, oldest first, one JSON object per line. Reads the
 * event log and the registry only, beside whatever runs.
 */

import { CarbonError } from '../../../core/errors.ts';
import type { EventLog, TopicSpec } from '../../../core/ports/event-log.ts';
import { parseInstant } from '../../../core/time/instant.ts';
import { nearestName } from '../../connectors/nearest-name.ts';
import { type LogRecord, PartitionCursor, RecordDecoder, type TimedRecord } from '../../read/log-records.ts';
import { openExistingLog, openRegistry } from '../../stores/open-log.ts';
import { type Format, formatOf, type OutputRow, print } from '../output.ts';
import { type GlobalOptions, note, runtimeOf, show } from '../session.ts';

export interface TapOptions {
  readonly list?: boolean;
  /** `earliest`, `latest`, a time, or an offset. */
  readonly from?: string;
  readonly partition?: string;
  /** 100 when left out, without end for `follow`. */
  readonly limit?: string;
  readonly follow?: boolean;
}

const DEFAULT_LIMIT = 100;
/** How long one wait for news takes at most, in milliseconds: a signal is heard after it. */
const WAIT_MS = 250;

/** Exit code 0 at the end of what was asked for, 130 or 143 after a signal, else as the error says. */
export async function tap(
  topic: string | undefined,
  options: TapOptions,
  globals: GlobalOptions,
): Promise<number> {
  const runtime = runtimeOf(globals);
  if (topic === undefined && options.list !== true)
    throw new CarbonError('USAGE_INVALID', 'tap needs the name of a topic, or --list', {
      position: { field: 'topic', expected: 'a topic of carbon tap --list', got: 'nothing' },
    });
  const asked = topic === undefined ? null : checkedOptions(options, globals);
  const log = await openExistingLog(runtime);
  if (log === null) {
    const message = `${runtime.dataDir} holds no event log yet`;
    if (topic !== undefined) throw new CarbonError('LOG_TOPIC_UNKNOWN', message, { context: { topic } });
    note(message);
    await show([], globals);
    return 0;
  }
  try {
    if (topic === undefined || asked === null) return await list(log, globals);
    if (options.list === true) return await list(log, globals, topic);
    const spec = await topicOf(log, topic);
    const cursors = await cursorsOf(log, spec, asked);
    const decoder = new RecordDecoder(await openRegistry(runtime));
    return await printRecords(log, topic, cursors, decoder, asked);
  } finally {
    await log.close();
  }
}

/** Options after their check. */
interface Asked {
  readonly from: string;
  readonly partition: number | null;
  readonly limit: number;
  readonly follow: boolean;
  readonly format: Format;
}

function checkedOptions(options: TapOptions, globals: GlobalOptions): Asked {
  const follow = options.follow === true;
  const format = globals.output === undefined ? 'ndjson' : formatOf(globals);
  if (follow && format !== 'ndjson')
    throw new CarbonError('USAGE_INVALID', `--follow has no end, so it cannot be printed as ${format}`, {
      position: { field: '-o', expected: 'ndjson', got: format },
    });
  return {
    from: options.from ?? 'earliest',
    partition: options.partition === undefined ? null : countOf('--partition', options.partition),
    limit:
      options.limit !== undefined ? countOf('--limit', options.limit) : follow ? Infinity : DEFAULT_LIMIT,
    follow,
    format,
  };
}

function countOf(option: string, text: string): number {
  const n = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(n)) return n;
  throw new CarbonError('USAGE_INVALID', `${option} is not a whole number: ${text}`, {
    position: { field: option, expected: 'a whole number from 0', got: text },
  });
}

async function list(log: EventLog, globals: GlobalOptions, only?: string): Promise<number> {
  const topics = only === undefined ? await log.listTopics() : [await topicOf(log, only)];
  const rows: OutputRow[] = [];
  for (const { name, partitions } of topics) {
    const earliest: number[] = [];
    const end: number[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      const bounds = await log.bounds(name, partition);
      earliest.push(bounds.earliest);
      end.push(bounds.end);
    }
    const records = end.reduce((sum, next, p) => sum + next - earliest[p], 0);
    rows.push({ topic: name, partitions, records, earliest, end });
  }
  await show(rows, globals);
  return 0;
}

async function topicOf(log: EventLog, topic: string): Promise<TopicSpec> {
  const topics = await log.listTopics();
  const found = topics.find(({ name }) => name === topic);
  if (found !== undefined) return found;
  const names = topics.map(({ name }) => name);
  const near = nearNames(topic, names);
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${topic}${hint}`, {
    position: { field: 'topic', expected: (near.length > 0 ? near : names).join(', '), got: topic },
  });
}

/** Names that hold the word, or the one that is nearest to it by letters. */
function nearNames(word: string, names: readonly string[]): string[] {
  const holding = names.filter((name) => name.includes(word.toLowerCase()));
  if (holding.length > 0) return holding.slice(0, 5);
  const nearest = nearestName(word, names);
  return nearest === null ? [] : [nearest];
}

async function cursorsOf(log: EventLog, spec: TopicSpec, asked: Asked): Promise<PartitionCursor[]> {
  if (asked.partition !== null && asked.partition >= spec.partitions)
    throw new CarbonError('USAGE_INVALID', `${spec.name} has no partition ${asked.partition}`, {
      position: {
        field: '--partition',
        expected: `0 to ${spec.partitions - 1}`,
        got: String(asked.partition),
      },
    });
  const partitions =
    asked.partition === null ? Array.from({ length: spec.partitions }, (_, p) => p) : [asked.partition];
  const bounds = await Promise.all(partitions.map((p) => log.bounds(spec.name, p)));
  if (/^\d+$/.test(asked.from)) return cursorsAt(spec.name, Number(asked.from), partitions, bounds);
  if (asked.from === 'earliest') return partitions.map((p, k) => new PartitionCursor(p, bounds[k].earliest));
  if (asked.from === 'latest') return partitions.map((p, k) => new PartitionCursor(p, bounds[k].end));
  const at = parseInstant(asked.from);
  if (at === null)
    throw new CarbonError('USAGE_INVALID', `--from is no position: ${asked.from}`, {
      position: {
        field: '--from',
        expected: 'earliest, latest, an offset, YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ',
        got: asked.from,
      },
    });
  return Promise.all(
    partitions.map(async (p, k) => {
      const found = await log.seekTime(spec.name, p, at);
      return new PartitionCursor(p, found ?? bounds[k].end);
    }),
  );
}

/** An offset belongs to one partition: those without it are left out, and when all are, that is an error. */
function cursorsAt(
  topic: string,
  offset: number,
  partitions: readonly number[],
  bounds: readonly { earliest: number; end: number }[],
): PartitionCursor[] {
  const holding = partitions.filter((_, k) => offset >= bounds[k].earliest && offset <= bounds[k].end);
  if (holding.length > 0) return holding.map((p) => new PartitionCursor(p, offset));
  const ranges = partitions.map((p, k) => `partition ${p}: ${bounds[k].earliest} to ${bounds[k].end}`);
  throw new CarbonError('LOG_OFFSET_OUT_OF_RANGE', `${topic} has no offset ${offset}; ${ranges.join(', ')}`, {
    position: { field: '--from', expected: ranges.join(', '), got: String(offset) },
  });
}

async function printRecords(
  log: EventLog,
  topic: string,
  cursors: readonly PartitionCursor[],
  decoder: RecordDecoder,
  asked: Asked,
): Promise<number> {
  let exit = 0;
  let stopped = false;
  const stop = (signal: NodeJS.Signals): void => {
    stopped = true;
    exit = signal === 'SIGINT' ? 130 : 143;
  };
  if (asked.follow)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
  const kept: OutputRow[] = [];
  for (let printed = 0; printed < asked.limit && !stopped; printed++) {
    const record = await oldest(log, topic, cursors, decoder);
    if (record !== null) {
      if (asked.format !== 'ndjson') kept.push({ ...record });
      else if (!(await print(`${JSON.stringify(record)}\n`))) break;
      continue;
    }
    if (!asked.follow) break;
    printed--;
    await log.waitForAppend([topic], WAIT_MS);
  }
  // Rows pass through JSON once more: other forms know plain values only.
  if (asked.format !== 'ndjson')
    await show(JSON.parse(JSON.stringify(kept)) as OutputRow[], { output: asked.format });
  return exit;
}

/** The next record of all partitions by time, then by partition; null when nothing is left for now. */
async function oldest(
  log: EventLog,
  topic: string,
  cursors: readonly PartitionCursor[],
  decoder: RecordDecoder,
): Promise<LogRecord | null> {
  let least: TimedRecord | null = null;
  let from: PartitionCursor | null = null;
  for (const cursor of cursors) {
    const first = await cursor.peek(log, topic, decoder);
    if (first === null || (least !== null && first.atMs >= least.atMs)) continue;
    least = first;
    from = cursor;
  }
  from?.take();
  return least?.record ?? null;
}
