/**
 * EIA's outages of nuclear power by generator and in all, `nuclear-outages/generator-nuclear-outages` and
 * `us-nuclear-outages`: capacity and what of it is out, by the date, whose row is from midnight to midnight in UTC. The plant is
 * the location and the number of the generator the series; figures of the country name no place. Those of plants are a source
 * of their own without code, and are what is fetched: they are the sums of their generators.
 */

import type { Dataset, Decoded, Payload, PayloadHead, PublishedField } from '../kit/contract.ts';
import type { JsonObject } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { answerHead, numberOf, readAnswer, unitOf, wordOf } from './api-answer.ts';
import { EIA_NULL_WORDS } from './null-words.ts';
import { DATES, dateOf } from './period.ts';

const FIELDS: readonly PublishedField[] = [
  { field: 'capacity', unit: 'MW', what: 'net summer capacity' },
  { field: 'outage', unit: 'MW', what: 'capacity that is out' },
];
/** The country as a place. */
const COUNTRY = 'US';

/** True for records with both figures; `percentOutage` is their ratio. */
function isOutage(head: PayloadHead, key: 'generator' | null): boolean {
  const answer = answerHead(head);
  if (answer === null || !answer.has('outage') || !answer.has('period')) return false;
  return key === null ? !answer.has('facility') && !answer.has('generator') : answer.has(key);
}

/** Numbers of plants and generators are printed as texts, and by some clients as numbers. */
const nameOf = (record: JsonObject, key: string): string => numberOf(record[key])?.trim() ?? '';

function decode(payload: Payload, byGenerator: boolean): Decoded {
  const { records } = readAnswer(payload);
  // An answer has the figures that were asked for; a record that lacks one of them has no value of it.
  const asked = FIELDS.filter(({ field }) => records.some((record) => Object.hasOwn(record, field)));
  const rows = records.map((record, i) => {
    const { words, bounds } = dateOf(wordOf(record['period']));
    const values = asked.map(({ field, unit }) => {
      const printed = wordOf(record[`${field}-units`]);
      return { field, value: numberOf(record[field]), unit: printed === '' ? unit : unitOf(printed) };
    });
    const place = byGenerator ? nameOf(record, 'facility') : COUNTRY;
    const series = byGenerator ? nameOf(record, 'generator') : null;
    return sourceRow(i + 1, place, words, values, { bounds, series });
  });
  return { rows, rejected: [], drift: [], damage: null };
}

const outages = (name: string, title: string, key: 'generator' | null): Dataset => ({
  name,
  title,
  time: DATES,
  nullWords: EIA_NULL_WORDS,
  coverage: null,
  fields: FIELDS,
  recognise: (head) => (isOutage(head, key) ? 2 : 0),
  // Read, not fetched.
  plan: () => [],
  decode: (payload) => decode(payload, key !== null),
});

/** The datasets of nuclear outages that have code. */
export const nuclearOutages: readonly Dataset[] = [
  outages(
    'nuclear_outage_generator',
    'Capacity and outage of each nuclear generator, day by day',
    'generator',
  ),
  outages('nuclear_outage_total', 'Capacity and outage of all nuclear plants, day by day', null),
];
