/**
 * Bodies as large as are asked for, in the layouts of the largest reports, with prices of our own making: lines by
 * interval, in each a line per location. They are valid, so that decoding reads them to the end.
 */

import { HUBS, NORMAL, oasisCsv, oasisXml, PRINTS } from '../../scripts/samples/oasis-report.ts';

/** A body, and who reads it. */
export interface BenchBody {
  readonly market: string;
  readonly dataset: string;
  readonly form: 'csv' | 'xml';
  readonly name: string;
  readonly bytes: Uint8Array;
}

const MINUTE_MS = 60_000;
const START = Date.parse('2025-07-07T05:00:00Z');

const two = (n: number): string => String(n).padStart(2, '0');

/** `MM/DD/YYYY hh:mm:ss` and `YYYY-MM-DDThh:mm:ss` of a clock so many hours behind UTC. */
function clock(ms: number, behind: number): { us: string; iso: string } {
  const d = new Date(ms - behind * 60 * MINUTE_MS);
  const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
  const [year, month, day] = [d.getUTCFullYear(), two(d.getUTCMonth() + 1), two(d.getUTCDate())];
  return { us: `${month}/${day}/${year} ${time}`, iso: `${year}-${month}-${day}T${time}` };
}

/** A price in cents that moves with interval and location, some of them below zero. */
function price(i: number, k: number, spread: number): string {
  return (((i * 131 + k * 197) % (100 * spread)) / 100 - spread / 10).toFixed(2);
}

interface TableKind {
  readonly market: string;
  readonly dataset: string;
  readonly name: string;
  readonly top: string;
  readonly locations: number;
  readonly stepMinutes: number;
  line(i: number, k: number, ms: number): string;
}

const TABLES: readonly TableKind[] = [
  {
    market: 'MISO',
    dataset: 'rt_lmp',
    name: '20250707_5MIN_LMP.csv',
    top: 'Real-Time 5-Min Final LMPs\r\nWeek of 07/07/2025\r\n\r\nMKTHOUR_EST,PNODENAME,LMP,CON_LMP,LOSS_LMP\r\n',
    locations: 1_200,
    stepMinutes: 5,
    line: (i, k, ms) =>
      `${clock(ms, 5).us},NODE.UNIT_${k},${price(i, k, 90)},${price(k, i, 9)},${price(i, i + k, 3)}\r\n`,
  },
  {
    market: 'NYISO',
    dataset: 'rt_lmp',
    name: '20250707realtime_gen.csv',
    top: '"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"\n',
    locations: 600,
    stepMinutes: 5,
    line: (i, k, ms) =>
      `"${clock(ms, 4).us}","STATION ${k}___UNIT",${23_000 + k},${price(i, k, 90)},${price(k, i, 9)},${price(i, i + k, 3)}\n`,
  },
  {
    market: 'SPP',
    dataset: 'rt_lmp',
    name: 'RTBM-LMP-DAILY-SL-20250707.csv',
    top: 'Interval,GMTIntervalEnd,Settlement Location,Pnode,LMP,MLC,MCC,MEC\n',
    locations: 900,
    stepMinutes: 5,
    line: (i, k, ms) =>
      `${clock(ms, 5).us},${clock(ms, 0).us},AREA_LOCATION_${k},AREA.NODE_${k},${price(i, k, 90)},${price(k, i, 9)},${price(i, i + k, 3)},${price(i, 0, 60)}\n`,
  },
  {
    market: 'PJM',
    dataset: 'rt_lmp_hourly',
    name: 'rt_hrl_lmps.csv',
    top: 'datetime_beginning_utc,datetime_beginning_ept,pnode_id,pnode_name,type,total_lmp_rt,system_energy_price_rt,congestion_price_rt,marginal_loss_price_rt\n',
    locations: 3_000,
    stepMinutes: 60,
    line: (i, k, ms) =>
      `${clock(ms, 0).iso},${clock(ms, 4).iso},${50_000 + k},NODE ${k} 13 KV,LOAD,${price(i, k, 90)}0000,${price(i, 0, 60)}0000,${price(k, i, 9)}0000,${price(i, i + k, 3)}0000\n`,
  },
];

/** Pieces of the table of a market and dataset, about so many bytes in all; whole intervals. */
export function* tableChunks(market: string, bytes: number): Iterable<string> {
  const kind = TABLES.find((each) => each.market === market);
  if (kind === undefined) throw new Error(`no table of ${market}`);
  yield kind.top;
  for (let i = 0, made = kind.top.length; made < bytes; i++) {
    const ms = START + (i + 1) * kind.stepMinutes * MINUTE_MS;
    let chunk = '';
    for (let k = 0; k < kind.locations; k++) chunk += kind.line(i, k, ms);
    made += chunk.length;
    yield chunk;
  }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A body of every kind, about so many bytes each. */
export function benchBodies(bytes: number): BenchBody[] {
  const tables = TABLES.map(({ market, dataset, name }): BenchBody => {
    const text = [...tableChunks(market, bytes)].join('');
    return { market, dataset, form: 'csv', name, bytes: bytesOf(text) };
  });
  return [...tables, ...oasisBodies(bytes), ontarioDocument(bytes)];
}

/** OASIS reports of a day with as many nodes as it takes, as CSV and as XML. */
function oasisBodies(bytes: number): BenchBody[] {
  const print = PRINTS['da_lmp'];
  if (print === undefined) throw new Error('no print of da_lmp');
  const about = { market: 'CAISO', dataset: 'da_lmp' };
  const made = (form: 'csv' | 'xml'): BenchBody => {
    const report = form === 'csv' ? oasisCsv : oasisXml;
    const one = report(NORMAL, { ...print, nodes: HUBS.slice(0, 1) }).payload.length;
    const nodes = Array.from({ length: Math.ceil(bytes / one) }, (_, k) => `NODE_${k}_N001`);
    const { payload } = report(NORMAL, { ...print, nodes });
    return { ...about, form, name: `PRC_LMP_DAM.${form}`, bytes: bytesOf(payload) };
  };
  return [made('csv'), made('xml')];
}

/** Ontario's document of intertie prices: twelve intervals of an hour for every tie and component. */
function ontarioDocument(bytes: number): BenchBody {
  const parts = ['Intertie LMP', 'Energy Loss Price', 'Energy Congestion Price'];
  let text =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Document docID="RealTimeIntertieLMP" xmlns="http://www.ieso.ca/schema">\n' +
    '<DocHeader><DocTitle>RealTimeIntertieLMP Report</DocTitle><DocRevision>1</DocRevision><CreatedAt>2025-07-07T09:00:31</CreatedAt></DocHeader>\n' +
    '<DocBody>\n<DeliveryDate>2025-07-07</DeliveryDate>\n<DeliveryHour>3</DeliveryHour>\n';
  for (let k = 0; text.length < bytes; k++) {
    const components = parts.map((part, p) => {
      const intervals = Array.from(
        { length: 12 },
        (_, i) =>
          `<IntervalLMP><Interval>${i + 1}</Interval><LMP>${price(i + p, k, 90)}</LMP></IntervalLMP>\n`,
      );
      return `<Components><LMPComponent>${part}</LMPComponent>\n${intervals.join('')}</Components>\n`;
    });
    text += `<IntertieLMPrice><IntertiePLName>TIE${k}:LMP</IntertiePLName>\n${components.join('')}</IntertieLMPrice>\n`;
  }
  text += '</DocBody>\n</Document>\n';
  return { market: 'IESO', dataset: 'rt_lmp', form: 'xml', name: 'intertie.xml', bytes: bytesOf(text) };
}
