/** `POST /reprocess` on the port of normalization (D7): the raw events about a window, judged once more. */

import { z } from 'zod';
import { CarbonError } from '../../core/errors.ts';
import type { ServerRoute } from '../../core/ports/http-server.ts';
import { DAY, formatInstant, type Micros } from '../../core/time/instant.ts';
import { formatInterval } from '../../core/time/interval.ts';
import { reprocess } from '../reprocess/reprocess.ts';
import type { Stores } from '../stores/open-stores.ts';
import { jsonReply, refused } from './problem.ts';
import { readWindow } from './window.ts';

/** Longest window. */
const LONGEST: Micros = 31 * DAY;

/** What is sent. */
export const reprocessBody = z.strictObject({
  reprocess_window: z
    .strictObject({
      from: z.string().describe('Start: a date (UTC) or a time.'),
      to: z.string().describe('End: a date is inclusive, a time exclusive.'),
    })
    .describe('Events whose interval begins in it; at most 31 days.'),
  market: z.string().min(1).optional().describe('Only this market: MISO.'),
  dataset: z.string().min(1).optional().describe('Only this dataset: da_lmp.'),
});

/** Answers with what was put on the raw topics when that is durable: normalization comes to it in its turn. */
export function reprocessRoute(stores: Stores): ServerRoute {
  return {
    method: 'POST',
    path: '/reprocess',
    answer: async ({ body = '' }) => {
      const { reprocess_window: asked, market, dataset } = read(body);
      const window = readWindow(asked.from, asked.to);
      if (window.end - window.start > LONGEST)
        throw refused('the window is too long', 'to', 'at most 31 days', formatInterval(window));
      const report = await reprocess(stores, {
        window,
        market: market?.toUpperCase() ?? null,
        dataset: dataset ?? null,
      });
      const bounds = { from: formatInstant(window.start), to: formatInstant(window.end) };
      return jsonReply(202, { data: { ...bounds, ...report } });
    },
  };
}

function read(body: string): z.infer<typeof reprocessBody> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new CarbonError('REQUEST_INVALID', 'the body is no JSON', {
      position: {
        field: 'body',
        expected: '{"reprocess_window": {"from": "2025-03-09", "to": "2025-03-09"}}',
        got: body === '' ? 'nothing' : body.slice(0, 200),
      },
      cause,
    });
  }
  const parsed = reprocessBody.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw refused(
    `the body is not understood: ${issue?.message ?? 'it has another form'}`,
    field === '' ? 'body' : field,
    'reprocess_window with from and to; market and dataset may be given',
    JSON.stringify(value).slice(0, 200),
  );
}
