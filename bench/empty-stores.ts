/** Plans and answers for chains that run without stores: nothing was known before. */

import { BarBatch } from '../core/model/bar-batch.ts';
import type { Names } from '../core/model/names.ts';
import { TickBatch } from '../core/model/tick-batch.ts';
import type { Plan } from '../core/stage/plan.ts';
import type { Answer, Question } from '../core/stage/question.ts';
import type { Ask } from '../core/stage/stage-run.ts';

/** A plan over a range of one partition, as nobody stores it. `clock`: UTC micros. */
export function planOf(topic: string, partition: number, from: number, to: number, clock = 0): Plan {
  return {
    group: 'bench',
    topic,
    partition,
    from,
    to,
    since: { [topic]: from },
    until: { [topic]: to },
    settingsHash: 'bench',
    referenceVersion: 1,
    clock,
    codeVersion: 'bench',
    fence: 1,
  };
}

/** Answers as empty stores give them. */
export function askNobody(names: Names): Ask {
  return async (questions) => questions.map((question) => nothingKnown(question, names));
}

function nothingKnown(question: Question, names: Names): Answer {
  switch (question.kind) {
    case 'taxonomy':
      return { kind: 'taxonomy', entries: new Map(), version: 1 };
    case 'known-times':
      return { kind: 'known-times', times: [] };
    case 'bars':
      return { kind: 'bars', bars: new BarBatch(names, 1) };
    case 'latest':
      return { kind: 'latest', ticks: new TickBatch(names, 1), gone: new Uint8Array(0) };
    default:
      return { kind: 'ticks', ticks: new TickBatch(names, 1) };
  }
}
