/**
 * What is kept of EIA's figures elsewhere than in answers of its interface, with figures of our own making: bulk files,
 * answers as CSV, histories, sheets of authorities, the page of daily prices.
 */

import type { Body, GoldenCase } from './golden-case.ts';
import { type Figure, HOUR_MS } from './printed-line.ts';

const DAY_MS = 24 * HOUR_MS;
const day = (date: string): { start: number; end: number } => {
  const start = Date.parse(`${date}T00:00:00Z`);
  return { start, end: start + DAY_MS };
};
/** The hour that ends at an instant. */
const ending = (end: string): { start: number; end: number } => ({
  start: Date.parse(end) - HOUR_MS,
  end: Date.parse(end),
});
const GAS = { field: 'gas_price', unit: 'USD/MMBtu' };

function bulkGas(): Body {
  const series = [
    {
      series_id: 'NG.RNGWHHD.D',
      units: 'Dollars per Million Btu',
      f: 'D',
      data: [
        ['20240328', 1.54],
        ['20240327', null],
      ],
    },
    {
      series_id: 'NG.N3035US3.M',
      units: 'Dollars per Thousand Cubic Feet',
      f: 'M',
      data: [['202402', 5.31]],
    },
  ];
  const category = { category_id: '714804', parent_category_id: '714757', name: 'Prices', childseries: [] };
  const figures: Figure[] = [
    { location: 'RNGWHHD', ...day('2024-03-28'), ...GAS, value: '1.54' },
    { location: 'RNGWHHD', ...day('2024-03-27'), ...GAS, value: null },
    {
      location: 'N3035US3',
      start: Date.parse('2024-02-01T00:00:00Z'),
      end: Date.parse('2024-03-01T00:00:00Z'),
      field: 'gas_price',
      unit: 'USD/Mcf',
      value: '5.31',
    },
  ];
  return { payload: `${[...series, category].map((each) => JSON.stringify(each)).join('\n')}\n`, figures };
}

function storage(): Body {
  const weeks = ['2025-07-04', '2025-07-11'];
  const series = ['NW2_EPG0_SWO_R48_BCF', 'NW2_EPG0_SWO_R31_BCF'];
  const entries = weeks.flatMap((period, i) =>
    series.map((name, k) => ({ period, name, value: String(3_010 + i * 52 - k * 2_300) })),
  );
  const data = entries.map(({ period, name, value }) => ({
    period,
    duoarea: 'R48',
    'area-name': 'NA',
    product: 'EPG0',
    process: 'SWO',
    'process-name': 'Underground Storage - Working Gas',
    series: name,
    'series-description': 'invented',
    value,
    units: 'BCF',
  }));
  return {
    payload: JSON.stringify({
      response: { total: '4', dateFormat: 'YYYY-MM-DD', frequency: 'weekly', data },
      apiVersion: '2.1.14',
    }),
    figures: entries.map(({ period, name, value }) => ({
      location: name,
      ...day(period),
      field: 'gas_storage',
      unit: 'Bcf',
      value,
    })),
  };
}

function bulkGrid(): Body {
  const lines = [
    ['EBA.CISO-ALL.D.H', 'load', null],
    ['EBA.CISO-PGAE.D.H', 'load', 'PGAE'],
    ['EBA.CISO-ALL.NG.SUN.H', 'generation', 'SUN'],
    ['EBA.CISO-BPAT.ID.H', 'interchange', 'BPAT'],
  ] as const;
  const figures: Figure[] = [];
  const text = lines.map(([id, field, series], i) => {
    const data = ['2023-03-12T11:00:00Z', '2023-03-12T10:00:00Z'].map((end, k) => {
      const value = 20_000 - i * 5_100 + k;
      figures.push({ location: 'CISO', series, ...ending(end), field, unit: 'MWh', value: String(value) });
      return [`${end.slice(0, 13).replaceAll('-', '')}Z`, value];
    });
    return JSON.stringify({ series_id: id, name: 'invented', units: 'megawatthours', f: 'H', data });
  });
  return { payload: `${text.join('\n')}\n`, figures };
}

function demandCsv(): Body {
  const ends = ['2025-03-09T09:00:00Z', '2025-03-09T10:00:00Z'];
  const lines = ends.map(
    (end, i) => `${end.slice(0, 13)},CISO,"California, Independent",D,Demand,${20_100 + i},megawatthours`,
  );
  return {
    payload: `period,respondent,respondent-name,type,type-name,value,value-units\n${lines.join('\n')}\n`,
    figures: ends.map((end, i) => ({
      location: 'CISO',
      ...ending(end),
      field: 'load',
      unit: 'MWh',
      value: String(20_100 + i),
    })),
  };
}

function gasCsv(printed = (date: string): string => date): Body {
  const header =
    'period,duoarea,area-name,product,product-name,process,process-name,series,series-description,value,units';
  const dates = ['2024-03-27', '2024-03-28'];
  const lines = dates.map(
    (date, i) =>
      `${printed(date)},RGC,NA,EPG0,Natural Gas,PS0,Spot Price,RNGWHHD,"invented, in words",1.${50 + i},$/MMBTU`,
  );
  return {
    payload: `\uFEFF${header}\r\n${lines.join('\r\n')}\r\n`,
    figures: dates.map((date, i) => ({ location: 'RNGWHHD', ...day(date), ...GAS, value: `1.${50 + i}` })),
  };
}

function history(): Body {
  const dates = [
    ['Jan 07, 1997', '1997-01-07'],
    ['Jan 08, 1997', '1997-01-08'],
  ] as const;
  const lines = dates.map(([printed], i) => `"${printed}",3.${81 + i},${i === 0 ? '' : '2.91'}`);
  const header = [
    'Back to Contents,Data 1: Natural Gas Futures Prices',
    'Sourcekey,RNGWHHD,RNGC1',
    'Date,Henry Hub Natural Gas Spot Price (Dollars per Million Btu),Natural Gas Futures Contract 1 (Dollars per Million Btu)',
  ];
  return {
    payload: `${[...header, ...lines].join('\n')}\n`,
    figures: [
      { location: 'RNGWHHD', ...day('1997-01-07'), ...GAS, value: '3.81' },
      { location: 'RNGWHHD', ...day('1997-01-08'), ...GAS, value: '3.82' },
      { location: 'RNGC1', ...day('1997-01-08'), ...GAS, value: '2.91' },
    ],
  };
}

function sheet(): Body {
  const header =
    'BA,UTC time,Local date,Hour,Local time,Time zone,Generation only BA?,Demand forecast,Demand,Net generation,Total interchange,Sum(Valid DIBAs),NG: COL,NG: SUN,CO2 Factor: COL';
  const ends = ['2025-03-09T09:00:00Z', '2025-03-09T10:00:00Z'];
  const columns = [
    ['load_forecast', null],
    ['load', null],
    ['generation', null],
    ['interchange', null],
    ['interchange_of_neighbours', null],
    ['generation', 'COL'],
    ['generation', 'SUN'],
  ] as const;
  const figures: Figure[] = [];
  const lines = ends.map((end, i) => {
    const values = columns.map((_, k) => String(1_500 - k * 300 + i));
    for (const [k, [field, series]] of columns.entries())
      figures.push({ location: 'AVA', series, ...ending(end), field, unit: 'MW', value: values[k] ?? '' });
    return `AVA,${end.slice(0, 19).replace('T', ' ')},2025-03-09,${i + 1},x,Pacific,N,${values.join(',')},0.9`;
  });
  return { payload: `${[header, ...lines].join('\n')}\n`, figures };
}

function page(): Body {
  const regions = [
    ['Louisiana', '3.10', '40.15', '18.45'],
    ['New England', '2.75', 'NA', 'NA'],
  ] as const;
  const rows = regions.map(
    ([name, gas, power, spark]) =>
      `<tr><td class="s1">${name}</td><td class="d1">${gas}</td><td class="up">+1.0</td><td class="d1">${power}</td><td class="dn">-2.0</td><td class="d1">${spark}</td></tr>`,
  );
  const fields = [
    ['gas_price', 'USD/MMBtu'],
    ['power_price', 'USD/MWh'],
    ['spark_spread', 'USD/MWh'],
  ] as const;
  return {
    payload: `<!DOCTYPE html>\n<html><body>\n<b>Spot Natural Gas and Electric Power Prices, 7/16/25</b>\n<table>\n<tr><th>Region</th><th>Natural Gas</th><th>Change</th><th>Power</th><th>Change</th><th>Spark Spread</th></tr>\n${rows.join('\n')}\n</table>\n</body></html>\n`,
    figures: regions.flatMap(([location, ...values]) =>
      fields.map(([field, unit], i) => ({
        location,
        ...day('2025-07-16'),
        field,
        unit,
        value: values[i] === 'NA' ? null : (values[i] ?? ''),
      })),
    ),
  };
}

/** Outages by the date: of the generators of a plant, or of the whole country, which names no place. */
function nuclear(dates: readonly string[], generators: readonly string[]): Body {
  const figures: Figure[] = [];
  const data = dates.flatMap((period, i) =>
    (generators.length === 0 ? [null] : generators).map((generator, k) => {
      const capacity = String(generator === null ? 97_001 : 1_250 + k);
      const outage = i + k === 2 ? null : String(i * 40.5 + k * 7);
      const whose = generator === null ? { location: 'US' } : { location: '46', series: generator };
      const figure = { ...whose, ...day(period), unit: 'MW' };
      figures.push(
        { ...figure, field: 'capacity', value: capacity },
        { ...figure, field: 'outage', value: outage },
      );
      const plant = generator === null ? {} : { facility: '46', facilityName: 'Browns Ferry', generator };
      const units = { 'capacity-units': 'megawatts', 'outage-units': 'megawatts' };
      return { period, ...plant, capacity, outage, percentOutage: '1.5', ...units };
    }),
  );
  return { payload: JSON.stringify({ response: { total: String(data.length), data } }), figures };
}

/** Deliveries at hubs: of a day, and of three over the change of clocks; names of columns are broken over lines. */
function deliveries(): Body {
  const header =
    'Price hub,Trade date,"Delivery\nstart date","Delivery \nend date","High\nprice $/MWh","Low\nprice $/MWh","Wtd avg\nprice $/MWh",Change,"Daily volume\nMWh","Number of\ntrades","Number of\ncounterparties"';
  const traded = [
    ['2025-03-06', '2025-03-07', '2025-03-07', '60.5', '58.25', '59.11', '8000'],
    ['2025-03-07', '2025-03-08', '2025-03-10', '-1.5', '-12', '-3.25', '4800'],
  ] as const;
  const figures: Figure[] = [];
  const lines = traded.map(([trade, first, last, high, low, mean, volume]) => {
    const of = { location: 'Mass Hub RT Peak', start: day(first).start, end: day(last).end };
    const said = { power_price_high: high, power_price_low: low, power_price: mean, volume };
    for (const [field, value] of Object.entries(said))
      figures.push({ ...of, field, value, unit: field === 'volume' ? 'MWh' : 'USD/MWh' });
    return ['Mass Hub RT Peak', trade, first, last, high, low, mean, '-0.5', volume, '10', '7'].join(',');
  });
  return { payload: `${[header, ...lines].join('\n')}\n`, figures };
}

/** The cases: `dataset/case`. */
export const KEPT_CASES: Readonly<Record<string, GoldenCase>> = {
  'gas_price/bulk': { what: 'a series to a line, a category', ending: 'txt', body: bulkGas() },
  'gas_price/csv-answer': { what: 'an answer as CSV, saved by a spreadsheet', ending: 'csv', body: gasCsv() },
  'gas_price/csv-dates': {
    what: 'an answer as CSV, whose dates a spreadsheet saved in its own form',
    ending: 'csv',
    body: gasCsv((date) => date.replace(/^(\d+)-0?(\d+)-(\d+)$/, '$2/$3/$1')),
  },
  'gas_price/history': { what: 'a sheet with source keys, a blank', ending: 'csv', body: history() },
  'gas_storage/weeks': {
    what: 'two series of two weeks',
    ending: 'json',
    body: storage(),
    sample: 'eia_natural-gas_stor_wkly.json',
  },
  'load_hourly/csv-answer': { what: 'an answer as CSV', ending: 'csv', body: demandCsv() },
  'grid_series/bulk': {
    what: 'four kinds of series around the change of clocks, newest first',
    ending: 'txt',
    body: bulkGrid(),
    sample: 'eia_EBA.txt',
  },
  'balance/sheet': { what: 'the sheet of an authority', ending: 'csv', body: sheet() },
  'spot_page/day': {
    what: 'regions, prices that are NA',
    ending: 'html',
    body: page(),
    sample: 'eia_prices.html',
  },
  'wholesale_price/deliveries': {
    what: 'deliveries of one day and of three at a hub, the sheet of a workbook',
    ending: 'csv',
    body: deliveries(),
    sample: 'eia_ice_electric.csv',
  },
  'nuclear_outage_generator/days': {
    what: 'two generators of a plant over a change of clocks, one figure not there',
    ending: 'json',
    body: nuclear(['2025-03-08', '2025-03-09', '2025-03-10'], ['1', '2']),
    sample: 'eia_generator-nuclear-outages.json',
  },
  'nuclear_outage_total/days': {
    what: 'the country over a change of clocks',
    ending: 'json',
    body: nuclear(['2025-11-01', '2025-11-02', '2025-11-03'], []),
    sample: 'eia_us-nuclear-outages.json',
  },
};
