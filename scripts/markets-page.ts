/** The page docs/markets.md: every dataset with its routes, clock, layouts under test, and recordings read. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { allConnectors } from '../app/connectors/catalogue.ts';
import type { Connector, Dataset } from '../connectors/kit/contract.ts';
import type { TimeConvention } from '../connectors/kit/time/convention.ts';
import { DAY, instantFromCivil, MINUTE } from '../core/time/instant.ts';
import { FIDELITY_PATH, type FidelityReport } from './fidelity.ts';

const ROOT = resolve(import.meta.dirname, '..');
const GOLDEN = join(ROOT, 'tests/data/golden/decode');
/** A day on which every plan is asked: what it answers hangs on how long ago a window lies. */
const NOW = instantFromCivil(2026, 7, 15, 18);
/** Days before it: today, last month, two years ago. */
const AGES = [0, 30, 730];

/** The page as it should be. The same code, golden cases and counts give the same bytes. */
export function marketsPage(): string {
  const report = JSON.parse(readFileSync(join(ROOT, FIDELITY_PATH), 'utf8')) as FidelityReport;
  const connectors = allConnectors().filter(({ datasets }) => datasets.length > 0);
  return [
    '<!-- Made by scripts/generate-docs.ts (make docs). Change the code it is made from. -->',
    '',
    '# Markets',
    '',
    'Every dataset, where it is fetched from, how it tells the time, which layouts and days are held by golden cases, and how',
    'many recorded payloads were decoded exactly, under their own names and under names that say nothing.',
    '',
    `* **Routes** are what the plan of the dataset asks on one day for today, a month ago and two years ago; \`…\` stands for the`,
    '  rest of a long query. None: bodies are decoded, and nothing is fetched.',
    '* **Clock**: zone, what a stamp stands for, length of an interval, rule of the repeated hour. A layout may tell the time',
    '  otherwise: the pages of the markets say which, with the eras ([datasets.md](datasets.md)).',
    '* **Cases** are the golden cases of `tests/data/golden/decode`, made up by us.',
    `* **Recorded**: right of all, with own and with neutral names. Counted by \`make fidelity\` on a set of ${report.payloads} payloads that is`,
    `  not part of the checkout (SHA-256 ${report.set_sha256.slice(0, 16)}…); a test runs it again where the set lies beside it.`,
    '',
    ...connectors.flatMap((connector) => marketSection(connector, report)),
    ...foreign(connectors, report),
  ].join('\n');
}

function marketSection(connector: Connector, report: FidelityReport): string[] {
  const page = `docs/datasets/${connector.name}.md`;
  const link = existsSync(join(ROOT, page)) ? ` ([layouts and eras](datasets/${connector.name}.md))` : '';
  return [
    `## ${connector.market}: \`${connector.name}\`${link}`,
    '',
    '| dataset | routes | clock | cases | recorded |',
    '|---|---|---|---|---|',
    ...connector.datasets.map((dataset) => datasetRow(connector, dataset, report)),
    '',
  ];
}

function datasetRow(
  { name: connector, market }: Connector,
  dataset: Dataset,
  report: FidelityReport,
): string {
  const count = report.datasets.find((each) => isOf(each, market, dataset));
  const recorded =
    count === undefined ? '' : `${count.exact}/${count.payloads}, ${count.exact_neutral}/${count.payloads}`;
  const routes = routesOf(dataset).map((route) => `\`${route}\``);
  const cells = [
    `\`${dataset.name}\``,
    routes.length === 0 ? 'none' : routes.join('<br>'),
    clockOf(dataset.time),
    casesOf(connector, dataset.name).join(', '),
    recorded,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const isOf = (count: FidelityReport['datasets'][number], market: string, dataset: Dataset): boolean =>
  count.market.toUpperCase() === market && count.dataset === dataset.name;

function routesOf(dataset: Dataset): string[] {
  const routes = AGES.flatMap((age) => {
    const start = Math.floor((NOW - age * DAY) / DAY) * DAY;
    return dataset
      .plan({ start, end: start + DAY }, { now: NOW })
      .slice(0, 1)
      .map(({ url }) => routeOf(url));
  });
  return [...new Set(routes)];
}

/** An address without what changes from day to day: dates in the path are patterns, of the query short words are kept. */
function routeOf(address: string): string {
  const url = new URL(address);
  const path = decodeURIComponent(url.pathname)
    .replace(/20\d{6}(?!\d)/g, 'YYYYMMDD')
    .replace(/20\d{4}(?!\d)/g, 'YYYYMM')
    .replace(/20\d\d-\d\d-\d\d/g, 'YYYY-MM-DD')
    .replace(/(?<!\d)20\d\d(?!\d)/g, 'YYYY')
    .replace(/(?<=YYYY\/)\d\d(?=\/|\.)/g, 'MM');
  const asked = [...url.searchParams];
  const words = asked.filter(
    ([name, value]) => !name.includes('[') && value.length <= 24 && !/\d{4}/.test(value),
  );
  const left = words.length < asked.length ? ['…'] : [];
  const query = [...words.map(([name, value]) => `${name}=${value}`), ...left].join('&');
  return `${url.host}${path}${query === '' ? '' : `?${query}`}`;
}

function clockOf({ zone, stamp, length, otherLengths, repeated }: TimeConvention): string {
  const lengths = [length, ...(otherLengths ?? [])].map((each) => each / MINUTE);
  const kind = stamp === 'bounds' ? 'begin and end printed' : stamp.replace('-', ' ');
  const minutes = stamp === 'instant' ? '' : `, ${lengths.join(' or ')} min`;
  const rule = repeated.by === 'none' ? '' : `, repeated hour by ${repeated.by}`;
  return `${zone}, ${kind}${minutes}${rule}`;
}

function casesOf(connector: string, dataset: string): string[] {
  const folder = join(GOLDEN, connector, dataset);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Recordings of what is no dataset here: pages, lists and errors, which must be refused in words. */
function foreign(connectors: readonly Connector[], report: FidelityReport): string[] {
  const others = report.datasets.filter(
    (count) =>
      !connectors.some(({ market, datasets }) => datasets.some((dataset) => isOf(count, market, dataset))),
  );
  if (others.length === 0) return [];
  return [
    '## Recordings under other names',
    '',
    'The tables of expected rows call these otherwise than we do, or they hold no rows and are to be refused in words.',
    '',
    '| market | called | recorded |',
    '|---|---|---|',
    ...others.map(
      (each) =>
        `| ${each.market.toUpperCase()} | ${each.dataset} | ${each.exact}/${each.payloads}, ${each.exact_neutral}/${each.payloads} |`,
    ),
    '',
  ];
}
