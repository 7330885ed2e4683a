/** Subjects of the registry: which topic and record a schema is for. */

import { rawTopic } from '../codec/topics/topic-names.ts';
import type { AvroType } from './avro-type.ts';

/** Subject of a topic with one schema (TopicNameStrategy). */
export function topicSubject(topic: string): string {
  return `${topic}-value`;
}

/** Subject of one of several schemas on a topic (TopicRecordNameStrategy). */
export function topicRecordSubject(topic: string, recordName: string): string {
  return `${topic}-${recordName}`;
}

/** Subject of a raw schema of a market: raw topics carry several. */
export function rawSubject(market: string, recordName: string): string {
  return topicRecordSubject(rawTopic(market), recordName);
}

/**
 * Subject of a schema file by its place: `events/avro/<topic>.avsc` or `connectors/<connector>/schemas/<name>.avsc`. The
 * name of a connector is its market, or the market, a hyphen and more.
 */
export function subjectOfFile(path: string, schema: AvroType): string | null {
  const topic = /^events\/avro\/(.+)\.avsc$/.exec(path)?.[1];
  if (topic !== undefined) return topicSubject(topic);
  const market = /^connectors\/([^/-]+)[^/]*\/schemas\/[^/]+\.avsc$/.exec(path)?.[1];
  return market !== undefined && schema.kind === 'record' ? rawSubject(market, schema.name) : null;
}
