/**
 * Writes the CAISO samples and golden cases: `scripts/node scripts/samples/make-caiso-samples.ts`. The layout is the operator's,
 * the prices are invented (`oasis-report.ts`).
 */

import { caseFolder, writeFiles } from './case-folder.ts';
import {
  AUTUMN,
  HUBS,
  type Made,
  NORMAL,
  oasisCsv,
  oasisXml,
  PRINTS,
  type Print,
  SPRING,
  type TradeDay,
} from './oasis-report.ts';
import { systemReports } from './oasis-system-reports.ts';
import { zipOf } from './zip-writer.ts';

interface GoldenCase {
  readonly what: string;
  readonly made: Made;
  readonly file: 'payload.csv' | 'payload.xml';
}

const print = (dataset: string, changes: Partial<Print>): Print => ({
  ...(PRINTS[dataset] as Print),
  nodes: HUBS.slice(0, 1),
  ...changes,
});

const csv = (what: string, day: TradeDay, how: Print): GoldenCase => ({
  what,
  made: oasisCsv(day, how),
  file: 'payload.csv',
});

const xml = (what: string, day: TradeDay, how: Print): GoldenCase => ({
  what,
  made: oasisXml(day, how),
  file: 'payload.xml',
});

const CASES: Readonly<Record<string, GoldenCase>> = {
  'da_lmp/spring-day': csv('23 hours, OPR_HR 3 absent', SPRING, print('da_lmp', { seed: 3 })),
  'da_lmp/autumn-day': csv('25 hours, OPR_HR 25 between 2 and 3', AUTUMN, print('da_lmp', { seed: 4 })),
  'da_lmp/autumn-day-xml': xml('25 hours as XML', AUTUMN, print('da_lmp', { seed: 5 })),
  'da_lmp/without-ghg': csv('the components of before 2014', NORMAL, print('da_lmp', { ghg: false })),
  'rt_lmp/autumn-morning': csv(
    'five minutes, the price under VALUE, padded hours, four hours with the repeated one',
    AUTUMN,
    print('rt_lmp', { seed: 6, intervals: 48 }),
  ),
  'rt_lmp_15min/spring-morning': csv(
    'fifteen minutes, the price under PRC, the missing hour',
    SPRING,
    print('rt_lmp_15min', { seed: 7, intervals: 16 }),
  ),
  'hasp_lmp/autumn-morning-xml': xml(
    'hour-ahead process as XML, interval numbers of the day',
    AUTUMN,
    print('hasp_lmp', { seed: 8, intervals: 16, ghg: false }),
  ),
};

/** An archive as OASIS serves it: one member, named by span, query, run and the time of the answer. */
function zipSample(name: string, day: TradeDay, how: Print): [string, Uint8Array] {
  const path = `${name}.csv`;
  return [`samples/${name}.zip`, zipOf([{ path, bytes: Buffer.from(oasisCsv(day, how).payload) }])];
}

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, Uint8Array> {
  const two = HUBS.slice(0, 2);
  const files = new Map<string, Uint8Array>([
    zipSample('20260308_20260309_PRC_LMP_DAM_20260307_13_05_00_v12', SPRING, print('da_lmp', { nodes: two })),
    zipSample(
      '20251102_20251102_PRC_INTVL_LMP_RTM_20251102_05_10_00_v3',
      AUTUMN,
      print('rt_lmp', { nodes: two, intervals: 48 }),
    ),
    zipSample('20260308_20260308_PRC_RTPD_LMP_RTPD_v3', SPRING, print('rt_lmp_15min', { intervals: 12 })),
    zipSample('20260308_20260308_PRC_HASP_LMP_HASP_v3', SPRING, print('hasp_lmp', { intervals: 12 })),
  ]);
  for (const [name, text] of systemReports()) files.set(`samples/${name}`, Buffer.from(text));
  for (const [name, { what, made, file }] of Object.entries(CASES)) {
    const parts = { what, script: 'make-caiso-samples.ts', file, ...made };
    for (const [path, content] of caseFolder('caiso', name, parts)) files.set(path, Buffer.from(content));
  }
  return files;
}

if (import.meta.main) writeFiles(samples());
