/** A backfill in the words of a request: over HTTP, and as plain JSON on `processing.backfill.request.v1`. */

import { z } from 'zod';
import type { ReadJson } from '../../core/codec/topics/object-records.ts';
import { CarbonError } from '../../core/errors.ts';
import type { BackfillMessage } from '../../core/model/job.ts';
import { parseWindow } from '../../core/time/interval.ts';
import { bodyOf, faultOf, firstIssue, readObject } from '../pipeline/control-json.ts';

/** Most instruments that are named one by one; more are a market, or all. */
export const MOST_INSTRUMENTS = 1000;

const instrument = z.string().min(1).max(200);

/** What is sent over HTTP. */
export const backfillBody = z.strictObject({
  from: z.string().describe('Start: a date (UTC) or a time.'),
  to: z.string().describe('End: a date is inclusive, a time exclusive.'),
  instruments: z.array(instrument).max(MOST_INSTRUMENTS).optional().describe('Only these instruments.'),
  market: z.string().min(1).max(60).optional().describe('Only instruments of this market: MISO.'),
  dry_run: z.boolean().optional().describe('Count what differs, and write nothing.'),
  request_id: z.string().max(200).optional().describe('The same name again is the same job.'),
  requested_by: z.string().max(200).optional().describe('Who asks.'),
});

/** What is sent as JSON on the topic: the same, beside the envelope or within its payload. */
const messageBody = backfillBody.extend({ instrument: instrument.optional() });
const envelope = z.object({
  tenant_id: z.string().min(1).max(64).default('default'),
  trace_id: z.string().max(64).default(''),
});

/** A request from JSON text. What is no such request names the field that is not. */
export const readBackfillJson: ReadJson<BackfillMessage> = (text, at) => {
  const event = readObject(text);
  if (event === null) return faultOf(null, 'a JSON object', text);
  const head = envelope.safeParse(event);
  const parsed = messageBody.safeParse(bodyOf(event));
  if (!head.success) return faultOf(...firstIssue(head.error), text);
  if (!parsed.success) return faultOf(...firstIssue(parsed.error), text);
  const {
    from,
    to,
    instruments = [],
    instrument: one,
    market,
    dry_run,
    request_id,
    requested_by,
  } = parsed.data;
  try {
    const { start, end } = parseWindow(from, to);
    return {
      value: {
        tenant: head.data.tenant_id,
        traceId: head.data.trace_id,
        knownAt: at,
        requestId: request_id ?? '',
        start,
        end,
        instruments: one === undefined ? instruments : [...instruments, one],
        market: market ?? null,
        dryRun: dry_run ?? false,
        requestedBy: requested_by ?? '',
      },
    };
  } catch (error) {
    if (!(error instanceof CarbonError)) throw error;
    const { field, expected, got } = error.position;
    return faultOf(field ?? null, expected ?? 'a window', got ?? text);
  }
};
