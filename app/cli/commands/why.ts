/** `carbon why INSTRUMENT`: the chain from a number to the byte it came from. */

import { CarbonError } from '../../../core/errors.ts';
import { whyNothing } from '../../read/instruments.ts';
import { type Explanation, type Input, whyBar, whyLatest } from '../../read/why.ts';
import { formatOf, print } from '../output.ts';
import { type GlobalOptions, readStores, show } from '../session.ts';
import { instantOf } from './latest.ts';

interface WhyOptions {
  readonly interval?: string;
  readonly at?: string;
  readonly asOf?: string;
}

/** Throws NOT_FOUND (exit code 5) when there is nothing to explain. */
export async function why(instrument: string, options: WhyOptions, globals: GlobalOptions): Promise<number> {
  return readStores(globals, async (stores) => {
    const at = options.at === undefined ? null : instantOf('--at', options.at);
    const asOf = options.asOf === undefined ? null : instantOf('--as-of', options.asOf);
    const isBar = options.interval !== undefined || at !== null || asOf !== null;
    const found = isBar
      ? await whyBar(stores, instrument, options.interval ?? '1h', at, asOf)
      : await whyLatest(stores, instrument);
    if (found === null)
      throw new CarbonError(
        'NOT_FOUND',
        await whyNothing(stores.warehouse, stores.runtime.tenant, instrument),
        { context: { instrument } },
      );
    if (formatOf(globals) === 'table') await print(story(found));
    else await show([{ ...found }], globals);
    return 0;
  });
}

/** The chain in words. Inputs that share a payload share its description. */
function story(found: Explanation): string {
  const lines: string[] = [];
  const { bar, taxonomy, inputs } = found;
  if (bar === null) lines.push(`${found.instrument_id}: latest value`);
  else {
    lines.push(
      `${found.instrument_id} ${bar['interval']} bar ${bar['interval_start']} to ${bar['interval_end']}`,
    );
    lines.push(
      `  open ${bar['open']}  high ${bar['high']}  low ${bar['low']}  close ${bar['close']}  twap ${bar['twap'] ?? '-'}  vwap ${bar['vwap'] ?? '-'}  volume ${bar['volume']}`,
    );
    lines.push(
      `  ${bar['status']}, revision ${bar['revision'] ?? '- (the window was open then)'}, known at ${bar['known_at']}, from ${bar['trade_count']} inputs`,
    );
  }
  if (taxonomy !== null)
    lines.push(
      `  ${taxonomy['commodity']}, ${taxonomy['region']}, ${taxonomy['product_tier']} (confidence ${taxonomy['confidence']})`,
    );
  for (const input of inputs) lines.push(...inputLines(input));
  return `${lines.join('\n')}\n`;
}

function inputLines(input: Input): string[] {
  const { raw_event: event, payload } = input;
  const lines = [
    `input ${input.ts} to ${input.ts_end}: price ${input.price ?? '-'}${input.volume === null ? '' : `, volume ${input.volume}`}`,
    `  known at ${input.known_at}, revision ${input.revision}, ${input.quality_flags.join(' ')}, event ${input.event_id}`,
    `  raw event ${event.topic}/${event.partition}@${event.offset}: ${event.values === null ? 'no longer in the log' : event.values.join(', ')}`,
    `  time resolved by ${input.time_rule ?? 'a rule no longer in the log'}`,
  ];
  if (payload.sha256 !== '') {
    const member = payload.member === null ? '' : ` member ${payload.member}`;
    lines.push(
      `  payload ${payload.sha256}${member} row ${payload.row}: ${payload.line ?? 'no longer in the archive'}`,
    );
    lines.push(
      `  from ${payload.url ?? 'an unknown exchange'}, archived ${payload.archived_at ?? 'at an unknown time'}`,
    );
  }
  return lines;
}
