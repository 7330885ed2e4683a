/**
 * The index of a folder of IESO's site, a page of links with the time at which each file was written. A forecast is written
 * many times for one day, and each time the file gets a version (`PUB_VGForecastSummary_20251102_v14.xml`); the file without
 * one is the last of them. A version never changes.
 */

import { CarbonError } from '../../core/errors.ts';
import { daysFromCivil } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import { offsetAt } from '../../core/time/zone.ts';
import type { Dataset, Payload, PlanSettings, SourceRequest } from '../kit/contract.ts';
import { parseStamp } from '../kit/time/stamp.ts';
import { IESO_ZONE } from './est-time.ts';
import { chosenReports, type ReportChoice, reportFolder } from './routes.ts';

const INDEX_BYTES = 20_000_000;
const FILE_BYTES = 60_000_000;

/** How the reports of a dataset are fetched: by their own addresses, or all versions of them by the index of their folder. */
export function fetchedBy(choice: ReportChoice): Pick<Dataset, 'plan' | 'documents'> {
  return choice.isVersioned === true
    ? { plan: (window, settings) => versionedReports(choice, window, settings), documents: versionsIn }
    : { plan: (window, settings) => chosenReports(choice, window, settings) };
}

/**
 * What brings the days of a window: the index of each report's folder, which names all versions of them; with the option
 * `versions: last` the last version of each day by its own address.
 */
function versionedReports(choice: ReportChoice, window: Interval, settings: PlanSettings): SourceRequest[] {
  const files = chosenReports(choice, window, settings);
  if (settings.options?.['versions'] === 'last') return files;
  const folders = new Map<string, SourceRequest[]>();
  for (const file of files) {
    const report = /^PUB_(\w+)_\d+\./.exec(file.name)?.[1] ?? '';
    folders.set(report, [...(folders.get(report) ?? []), file]);
  }
  return [...folders].map(([report, days]) => ({
    url: reportFolder(report),
    name: `${report}_index.html`,
    window: {
      start: Math.min(...days.map((day) => day.window.start)),
      end: Math.max(...days.map((day) => day.window.end)),
    },
    expectedAt: Math.min(...days.map((day) => day.expectedAt)),
    maxBytes: INDEX_BYTES,
    lists: true,
  }));
}

/** `<a href="PUB_X_20251102_v3.xml">PUB_X_20251102_v3.xml</a>   02-Nov-2025 13:31`. */
const ENTRY =
  /<a href="(PUB_\w+?_(\d{4})(\d{2})(\d{2})_v(\d+)\.(?:xml|csv))">[^<]*<\/a>\s*(\d{1,2}-[A-Za-z]{3}-\d{4} \d{2}:\d{2})?/gi;

/**
 * The versions that an index names for the days of its request, in the order in which they were written. Throws
 * SOURCE_UNRECOGNISED for a page that is no index.
 */
function versionsIn(listing: SourceRequest, { name, bytes }: Payload): SourceRequest[] {
  const page = new TextDecoder().decode(bytes);
  if (!/<title>\s*Index of/i.test(page) && !/<a href="PUB_/i.test(page))
    throw new CarbonError('SOURCE_UNRECOGNISED', `${name} is no index of a folder`, {
      position: { file: name, field: 'href', expected: 'links to reports', got: page.slice(0, 80) },
    });
  const found = new Map<string, { readonly request: SourceRequest; readonly version: number }>();
  for (const [, file = '', year, month, date, version, written = ''] of page.matchAll(ENTRY)) {
    const day = daysFromCivil(Number(year), Number(month), Number(date));
    const window = marketDayBounds(IESO_ZONE, day);
    if (window.start < listing.window.start || window.start >= listing.window.end) continue;
    const wall = parseStamp('D-Mon-YYYY hh:mm', written);
    const expectedAt = wall === null ? listing.expectedAt : wall - offsetAt(IESO_ZONE, wall);
    const url = `${listing.url}${file}`;
    found.set(file, {
      version: Number(version),
      request: { url, name: file, window, expectedAt, maxBytes: FILE_BYTES },
    });
  }
  return [...found.values()]
    .sort(
      (a, b) =>
        a.request.expectedAt - b.request.expectedAt ||
        a.request.window.start - b.request.window.start ||
        a.version - b.version,
    )
    .map(({ request }) => request);
}
