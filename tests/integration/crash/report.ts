/** Everything that a data directory says, read back as rows of text: what a crash test compares. */

import { type ServiceName, WORK } from '../../../app/pipeline/services.ts';
import type { Stores } from '../../../app/stores/open-stores.ts';
import { decodeDeadLetters } from '../../../core/codec/topics/reports.ts';
import { deadLetterTopic } from '../../../core/codec/topics/topic-names.ts';
import type { Row } from '../../../core/ports/warehouse.ts';
import { recomputeBars, recomputeServed } from '../../support/bar-sql.ts';

/** Progress of one partition of one input topic. */
export interface Progress {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly end: number;
  readonly committed: number | null;
  readonly finished: number | null;
  readonly isOpen: boolean;
}

/** Bars and served values recomputed in SQL: a function of the rows of `silver_ticks`, and of nothing else. */
export interface Recomputed {
  readonly bars: Row[];
  readonly served: Row[];
}

export interface Report {
  /** Rows of `silver_ticks FINAL` and `silver_repeats FINAL`, without the time of writing. */
  readonly silver: Row[];
  readonly repeats: Row[];
  /** Rows as they lie in the tables, and distinct event ids. */
  readonly physical: Record<'silver_ticks' | 'silver_repeats', { rows: number; ids: number }>;
  /** `bars FINAL`, retracted rows left out, and provisional ones, which every view hides once a window is closed; without source position, trace and time of writing. */
  readonly statements: Row[];
  /** The same of `rolling_metrics FINAL`. */
  readonly rolling: Row[];
  /** `served_latest FINAL` of instruments that have a value. */
  readonly served: Row[];
  /** What bars and served values ought to be; null where nobody asked. */
  readonly recomputed: Recomputed | null;
  /** Distinct raw records that were refused: position, code, and how many bytes of them the dead letters keep. */
  readonly rejected: string[];
  readonly progress: Progress[];
}

/** Reads a directory back that services have worked on. */
export async function reportOf(
  stores: Stores,
  services: readonly ServiceName[],
  { recomputes }: { readonly recomputes: boolean },
): Promise<Report> {
  const { warehouse, settings } = stores;
  const ticksOf = (table: string): Promise<Row[]> =>
    warehouse.queryRows(`SELECT * EXCEPT (ingested_at) FROM ${table} FINAL ORDER BY ALL`);
  const countOf = async (table: string): Promise<{ rows: number; ids: number }> => {
    const [row] = await warehouse.queryRows(
      `SELECT count() AS rows, uniqExact(event_id) AS ids FROM ${table}`,
    );
    return { rows: Number(row['rows']), ids: Number(row['ids']) };
  };
  return {
    silver: await ticksOf('silver_ticks'),
    repeats: await ticksOf('silver_repeats'),
    physical: {
      silver_ticks: await countOf('silver_ticks'),
      silver_repeats: await countOf('silver_repeats'),
    },
    statements: await warehouse.queryRows(
      `SELECT * EXCEPT (ingested_at, trace_id, src_topic, src_partition, src_offset) FROM bars FINAL
       WHERE status NOT IN ('retracted', 'provisional') ORDER BY tenant_id, instrument_id, interval, interval_start, known_at`,
    ),
    rolling: await warehouse.queryRows(
      `SELECT * EXCEPT (ingested_at, trace_id, src_topic, src_partition, src_offset) FROM rolling_metrics FINAL
       WHERE status != 'retracted' ORDER BY tenant_id, instrument_id, interval, window_length, window_end, known_at`,
    ),
    served: await warehouse.queryRows(
      `SELECT tenant_id, instrument_id, ts, ts_end, known_at, price, volume, event_id, flags
       FROM served_latest FINAL WHERE is_gone = 0 ORDER BY instrument_id`,
    ),
    recomputed: recomputes
      ? {
          bars: await recomputeBars(warehouse, settings.aggregation.intervals),
          served: await recomputeServed(warehouse),
        }
      : null,
    rejected: await rejectedOf(stores),
    progress: await progressOf(stores, services),
  };
}

async function rejectedOf(stores: Stores): Promise<string[]> {
  const topic = deadLetterTopic('normalization');
  const found = new Set<string>();
  for (let partition = 0; partition < (stores.partitions.get(topic) ?? 0); partition++) {
    const { earliest, end } = await stores.log.bounds(topic, partition);
    for (let at = earliest; at < end; )
      for (const slice of await stores.log.read(topic, partition, at, 1 << 20)) {
        for (const letter of decodeDeadLetters(slice, slice.from, slice.to).letters)
          found.add(
            `${letter.sourceTopic}/${letter.sourcePartition}/${letter.sourceOffset} ${letter.code} ${letter.raw.length}`,
          );
        at = slice.to;
      }
  }
  return [...found].sort();
}

/** How far services are with their topics. */
export async function progressOf(
  stores: Pick<Stores, 'log' | 'reference' | 'partitions'>,
  services: readonly ServiceName[],
): Promise<Progress[]> {
  const progress: Progress[] = [];
  const inputs = services.flatMap((group) => WORK[group].topics().map((topic) => ({ group, topic })));
  for (const { group, topic } of inputs)
    for (let partition = 0; partition < (stores.partitions.get(topic) ?? 0); partition++)
      progress.push({
        group,
        topic,
        partition,
        end: (await stores.log.bounds(topic, partition)).end,
        committed: await stores.log.committed(group, topic, partition),
        finished: (await stores.reference.lastFinishedPlan(group, topic, partition))?.to ?? null,
        isOpen: (await stores.reference.openPlan(group, topic, partition)) !== null,
      });
  return progress;
}
