/** Reports of OASIS beside prices at nodes: which runs they have, and which columns. Form: reference 3.1. */

import { HOUR } from '../../core/time/instant.ts';
import type { Place } from '../feed.ts';
import { isoDate, padded } from '../local-time.ts';
import { type CaisoFeeds, RESERVES, TOTALS } from './feeds.ts';
import type { Figure, FigureReport, Sheet } from './figure-tables.ts';
import { gmtText } from './oasis-xml.ts';
import { caisoDayOf, intervalNumber, operatingHour, ordinalInHour } from './publication.ts';

type Column = FigureReport['columns'][number];

/** Hours are plain in hourly reports, with a zero in front in those of real time; these alone number their intervals. */
const hourText = ({ sheet, interval }: Figure): string =>
  sheet.feed.step < HOUR ? padded(operatingHour(interval.start)) : String(operatingHour(interval.start));
const ordinal = ({ sheet, interval }: Figure): string =>
  sheet.feed.step < HOUR ? String(ordinalInHour(sheet.feed.step, interval.start)) : '0';

const START: Column = ['INTERVALSTARTTIME_GMT', ({ interval }) => gmtText(interval.start)];
const END: Column = ['INTERVALENDTIME_GMT', ({ interval }) => gmtText(interval.end)];
const DATE: Column = ['OPR_DT', ({ interval }) => isoDate(caisoDayOf(interval.start))];
const HOUR_LABEL: Column = ['OPR_HR', hourText];
const ORDINAL: Column = ['OPR_INTERVAL', ordinal];
const RUN: Column = ['MARKET_RUN_ID', ({ sheet }) => sheet.run];
const ITEM: Column = ['XML_DATA_ITEM', ({ item }) => item];
const POSITION: Column = ['POS', () => '0'];
const AMOUNT: Column = ['MW', ({ text }) => text];
const GROUP: Column = ['GROUP', ({ group }) => String(group)];

/** The tags of a row in XML: what stands between the item and its date, and what follows the value. */
function tags(before: readonly Column[], after: readonly Column[]): FigureReport['tags'] {
  return [
    ['DATA_ITEM', ({ item }) => item],
    ...before,
    ['OPR_DATE', ({ interval }) => isoDate(caisoDayOf(interval.start))],
    ['INTERVAL_NUM', ({ sheet, interval }) => String(intervalNumber(sheet.feed.step, interval.start))],
    ['INTERVAL_START_GMT', ({ interval }) => gmtText(interval.start)],
    ['INTERVAL_END_GMT', ({ interval }) => gmtText(interval.end)],
    ['VALUE', ({ text }) => text],
    ...after,
  ];
}

const place: Column = ['RESOURCE_NAME', (figure) => figure.place.name];

/** One item whatever the place and field. */
const always = (item: string) => () => item;

/** Every report over the feeds of a market. */
export function figureReports(feeds: CaisoFeeds): FigureReport[] {
  return [
    demandReport(feeds),
    renewableReport(feeds),
    scheduleReport(feeds),
    reserveReport('PRC_AS', '12', [
      { feed: feeds.dayAheadReserves, run: 'DAM', execution: null, label: '', itemOf: reserveItem },
      { feed: feeds.hourAheadReserves, run: 'HASP', execution: null, label: '', itemOf: reserveItem },
    ]),
    reserveReport('PRC_INTVL_AS', '1', [
      { feed: feeds.realTimeReserves, run: 'RTM', execution: null, label: '', itemOf: reserveItem },
    ]),
    {
      queryname: 'PRC_FUEL',
      version: '1',
      unit: '$US/mmBTU',
      sheets: [{ feed: feeds.gas, run: '', execution: null, label: '', itemOf: always('FUEL_PRC') }],
      columns: [
        START,
        END,
        DATE,
        HOUR_LABEL,
        ['FUEL_REGION_ID_XML', (figure) => figure.place.name],
        ['FUEL_REGION_ID', (figure) => figure.place.name],
        ['PRC', ({ text }) => text],
        GROUP,
      ],
      tags: tags([place], []),
      isAsked: named('fuel_region_id', ({ name }) => name),
    },
  ];
}

/** True for rows that a parameter names, or all of them for `ALL` and without the parameter. */
function named(parameter: string, wordOf: (place: Place, field: string) => string): FigureReport['isAsked'] {
  return (query, about, field) => {
    const asked = query.get(parameter);
    return asked === null || asked === 'ALL' || asked.split(',').includes(wordOf(about, field));
  };
}

function demandReport(feeds: CaisoFeeds): FigureReport {
  const sheet = (
    feed: Sheet['feed'],
    run: string,
    item: string,
    label: string,
    execution: string | null = null,
  ): Sheet => ({ feed, run, execution, label, itemOf: always(item) });
  return {
    queryname: 'SLD_FCST',
    version: '1',
    unit: 'MW',
    sheets: [
      sheet(feeds.dayAheadLoad, 'DAM', 'SYS_FCST_DA_MW', 'Demand Forecast Day Ahead'),
      sheet(feeds.load, 'ACTUAL', 'SYS_FCST_ACT_MW', 'Total Actual Hourly Integrated Load'),
      sheet(feeds.twoDayLoad, '2DA', 'SYS_FCST_2DA_MW', 'Demand Forecast 2-Day Ahead'),
      sheet(feeds.weekLoad, '7DA', 'SYS_FCST_7DA_MW', 'Demand Forecast 7-Day Ahead'),
      sheet(feeds.quarterHourLoad, 'RTM', 'SYS_FCST_15MIN_MW', 'RTM 15Min Load Forecast', 'RTPD'),
      sheet(feeds.fiveMinuteLoad, 'RTM', 'SYS_FCST_5MIN_MW', 'RTM 5Min Load Forecast', 'RTD'),
    ],
    columns: [
      START,
      END,
      ['LOAD_TYPE', () => '0'],
      DATE,
      HOUR_LABEL,
      ORDINAL,
      RUN,
      ['TAC_AREA_NAME', (figure) => figure.place.name],
      ['LABEL', (figure) => figure.sheet.label],
      ITEM,
      POSITION,
      AMOUNT,
      ['EXECUTION_TYPE', (figure) => figure.sheet.execution ?? figure.sheet.run],
      GROUP,
    ],
    tags: tags([place], []),
    isAsked: named('tac_area_name', ({ name }) => name),
  };
}

function renewableReport(feeds: CaisoFeeds): FigureReport {
  const kind = ({ field }: Figure): string => (field.startsWith('solar') ? 'Solar' : 'Wind');
  const hub: Column = ['TRADING_HUB', (figure) => figure.place.name];
  const type: Column = ['RENEWABLE_TYPE', kind];
  return {
    queryname: 'SLD_REN_FCST',
    version: '1',
    unit: 'MW',
    sheets: [
      {
        feed: feeds.renewableForecast,
        run: 'DAM',
        execution: null,
        label: 'Renewable Forecast Day Ahead',
        itemOf: always('RENEW_FCST_DA_MW'),
      },
      {
        feed: feeds.renewableActual,
        run: 'ACTUAL',
        execution: null,
        label: 'Renewable Actual',
        itemOf: always('RENEW_FCST_ACT_MW'),
      },
    ],
    columns: [
      DATE,
      HOUR_LABEL,
      ORDINAL,
      START,
      END,
      hub,
      type,
      ['LABEL', ({ sheet }) => sheet.label],
      ITEM,
      ['MARKET_RUN_ID_POS', () => '0'],
      ['RENEW_POS', () => '0'],
      AMOUNT,
      RUN,
      GROUP,
    ],
    tags: tags([], [hub, type]),
    isAsked: named('trading_hub', ({ name }) => name),
  };
}

const WORDS: Readonly<Record<string, readonly [schedule: string, item: string]>> = {
  load: ['Load', 'TOT_LOAD_MW'],
  generation: ['Generation', 'TOT_GEN_MW'],
  import: ['Import', 'TOT_IMP_MW'],
  export: ['Export', 'TOT_EXP_MW'],
};

function scheduleReport(feeds: CaisoFeeds): FigureReport {
  const itemOf = ({ name }: Place, field: string): string =>
    `${name === TOTALS ? 'ISO_' : ''}${WORDS[field]?.[1] ?? ''}`;
  const schedule = (field: string): string => WORDS[field]?.[0] ?? '';
  const zone = named('tac_zone_name', ({ name }) => name);
  const kind = named('schedule', (_, field) => schedule(field));
  return {
    queryname: 'ENE_SLRS',
    version: '1',
    unit: 'MW',
    sheets: [
      { feed: feeds.dayAheadSchedule, run: 'DAM', execution: null, label: '', itemOf },
      { feed: feeds.realTimeSchedule, run: 'RTM', execution: null, label: '', itemOf },
    ],
    columns: [
      START,
      END,
      ['SLRS_TYPE', () => 'ALL'],
      DATE,
      HOUR_LABEL,
      ORDINAL,
      RUN,
      ['TAC_ZONE_NAME', (figure) => figure.place.name],
      ['SCHEDULE', ({ field }) => schedule(field)],
      ITEM,
      POSITION,
      AMOUNT,
      GROUP,
    ],
    tags: tags([place], []),
    isAsked: (query, about, field) => zone(query, about, field) && kind(query, about, field),
  };
}

function reserveOf(field: string): (typeof RESERVES)[number] {
  return RESERVES.find((each) => each.field === field) ?? RESERVES[0];
}

function reserveItem(_: Place, field: string): string {
  return reserveOf(field).item;
}

function reserveReport(queryname: string, version: string, sheets: readonly Sheet[]): FigureReport {
  const region = named('anc_region', ({ name }) => name);
  const type = named('anc_type', (_, field) => reserveOf(field).code);
  return {
    queryname,
    version,
    unit: 'US$/MW',
    sheets,
    columns: [
      START,
      END,
      DATE,
      HOUR_LABEL,
      ORDINAL,
      ['OPR_TYPE', () => '0'],
      ['ANC_TYPE', ({ field }) => reserveOf(field).code],
      ['ANC_REGION', (figure) => figure.place.name],
      RUN,
      ITEM,
      AMOUNT,
      GROUP,
    ],
    tags: tags([place], []),
    isAsked: (query, about, field) => region(query, about, field) && type(query, about, field),
  };
}
