/** MISO's displays of forecasts with numbers of our own making, and the rows that they must decode to. */

import { dayStart, type Made, printed } from './miso-sample-bodies.ts';

/** The display of a forecast: a clock of twelve hours at the begin of the hour, and the hour that it ends. */
export function forecast(kind: 'wind' | 'solar'): Made {
  const field = `${kind}_forecast`;
  const expected: string[] = [];
  const Forecast = ['2026-03-08', '2026-03-09'].flatMap((date, day) =>
    Array.from({ length: 24 }, (_, hour) => {
      const Value = `${(kind === 'wind' ? 9000 : 100) + ((hour * 997 + day * 311) % 4000)}.00`;
      const value = [field, Value, 'MW'] as const;
      const start = dayStart(date) + hour * 3_600_000;
      expected.push(printed(field, 'MISO', start, 60, value, '2026-03-08T09:00:00Z'));
      const clock = `${hour % 12 === 0 ? 12 : hour % 12}:00:00 ${hour < 12 ? 'AM' : 'PM'}`;
      return { DateTimeEST: `${date} ${clock}`, HourEndingEST: String(hour + 1), Value };
    }),
  );
  const body = { MktDay: '03-08-2026', RefId: '08-Mar-2026 - Interval 04:00 EST', Forecast };
  return { payload: JSON.stringify(body), expected: `${expected.join('\n')}\n` };
}
