/**
 * The statements of `migrations/clickhouse` for a cluster of replicas: made on all of them at once, with replicated
 * engines. One folder serves both: a single server takes the statements as they stand.
 *
 * The engines get no path and no name of the replica: the server's own macros and the id of the table give them.
 */

import { quoteName } from './insert-statement.ts';

const MADE =
  /^(\s*(?:--[^\n]*\n\s*)*CREATE\s+(?:TABLE|VIEW|MATERIALIZED\s+VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?[\w.`]+)/i;
const CHANGED =
  /^(\s*(?:--[^\n]*\n\s*)*(?:ALTER\s+TABLE|DROP\s+(?:TABLE|VIEW)(?:\s+IF\s+EXISTS)?)\s+[\w.`]+)/i;
const ENGINE = /\bENGINE\s*=\s*(?!Replicated)(\w*MergeTree)\b/gi;

/** The statement on all replicas of the cluster; anything but DDL of tables and views comes back as it was. */
export function onCluster(sql: string, cluster: string): string {
  const pattern = MADE.test(sql) ? MADE : CHANGED;
  if (!pattern.test(sql)) return sql;
  return sql
    .replace(pattern, (start) => `${start} ON CLUSTER ${quoteName(cluster)}`)
    .replace(ENGINE, 'ENGINE = Replicated$1')
    .replace(/\bnon_replicated_deduplication_window\b/g, 'replicated_deduplication_window');
}
