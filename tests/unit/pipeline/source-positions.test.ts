/** Positions of raw topics in plans: those of stored plans go on to be understood, whoever keys the raw events. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanesOf, positionsOf } from '../../../core/stage/plan.ts';

const RAW = 'ingestion.miso.raw.v1';

test('a topic alone is the partition of the plan: as plans have it that were stored before there were others', () => {
  assert.deepEqual(lanesOf({ [RAW]: 12 }, 3), [{ topic: RAW, partition: 3, next: 12 }]);
  assert.deepEqual(positionsOf([{ topic: RAW, partition: 3, next: 12 }], 3), { [RAW]: 12 });
});

test('other partitions of the topic stand beside it, and come back as what they are', () => {
  const lanes = [
    { topic: RAW, partition: 0, next: 5 },
    { topic: RAW, partition: 3, next: 12 },
    { topic: 'ingestion.pjm.raw.v1', partition: 11, next: 1 },
  ];
  const positions = positionsOf(lanes, 3);
  assert.deepEqual(positions, { [`${RAW}/0`]: 5, [RAW]: 12, 'ingestion.pjm.raw.v1/11': 1 });
  assert.deepEqual(lanesOf(positions, 3), lanes);
});
