/** Bodies of IESO's reports in megawatts with figures of our own making, and what they must decode to. EST all year. */

import { type Body, hourOf } from './golden-case.ts';
import { createdMs, documentOf, PLAIN, type Print } from './ieso-price-bodies.ts';
import type { Figure } from './printed-line.ts';

const OFFSET = 5;
const MW = 'MW';

/** `RealtimeTotals`, `RealtimeConstTotals`. */
export function totals(date: string, hour: number): Body {
  const created = `${date}T00:52:36`;
  const quantities = [
    'Total Energy',
    'Total Loss',
    'Total Load',
    'Total 10S',
    'Total 10N',
    'Total 30R',
    'ONTARIO DEMAND',
  ];
  const body = [`<DeliveryDate>${date}</DeliveryDate>`, `<DeliveryHour>${hour}</DeliveryHour>`, '<Energies>'];
  const figures: Figure[] = [];
  for (const interval of [1, 2, 12]) {
    body.push(`<IntervalEnergy><Interval>${interval}</Interval>`);
    for (const [q, quantity] of quantities.entries()) {
      const value = `${16_100 - q * 1_900 + interval}.${q}`;
      body.push(`<MQ><MarketQuantity>${quantity}</MarketQuantity><EnergyMW>${value}</EnergyMW></MQ>`);
      const field = quantity.toLowerCase().replaceAll(' ', '_');
      figures.push({
        location: 'ONTARIO',
        ...hourOf(date, hour, OFFSET, interval),
        field,
        value,
        unit: MW,
        published: createdMs(created),
      });
    }
    body.push('<Flag>DSO-RD</Flag></IntervalEnergy>');
  }
  body.push('</Energies>');
  return { payload: documentOf('RealtimeTotals', created, body), figures };
}

/** `PredispConstTotals`: the same by the hour. */
export function preDispatchTotals(date: string): Body {
  const created = `${date}T15:17:00`;
  const body = [`<DeliveryDate>${date}</DeliveryDate>`, '<Energies>'];
  const figures: Figure[] = [];
  for (const hour of [1, 23, 24]) {
    body.push(`<HourlyConstrainedEnergy><DeliveryHour>${hour}</DeliveryHour>`);
    for (const [q, quantity] of ['Total Energy', 'Total Load'].entries()) {
      const value = String(15_200 + hour * 40 - q * 300);
      body.push(`<MQ><MarketQuantity>${quantity}</MarketQuantity><EnergyMW>${value}</EnergyMW></MQ>`);
      figures.push({
        location: 'ONTARIO',
        ...hourOf(date, hour, OFFSET),
        field: quantity.toLowerCase().replaceAll(' ', '_'),
        value,
        unit: MW,
        published: createdMs(created),
      });
    }
    body.push('</HourlyConstrainedEnergy>');
  }
  body.push('</Energies>');
  return { payload: documentOf('PredispConstTotals', created, body), figures };
}

/** `GenOutputCapability`: the old root; one output is absent, wind has a capacity. */
export function units(date: string, print: Print = PLAIN): Body {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  const namespace = print.namespace === '' ? '' : ' xmlns="http://www.theIMO.com/schema"';
  lines.push(`<IMODocument docID="GenOutputCapability"${namespace}>`);
  lines.push(
    `<IMODocHeader><CreatedAt>${date}T23:18:01</CreatedAt></IMODocHeader><IMODocBody><Date>${date}</Date><Generators>`,
  );
  const figures: Figure[] = [];
  for (const [g, [name, fuel]] of (
    [
      ['PICKERING-G1', 'NUCLEAR'],
      ['AMARANTH', 'WIND'],
    ] as const
  ).entries()) {
    lines.push(`<Generator><GeneratorName>${name}</GeneratorName><FuelType>${fuel}</FuelType>`);
    const lists = [
      ['Outputs', 'Output', 'generation'],
      ['Capabilities', 'Capability', 'capability'],
      ...(fuel === 'WIND' ? [['Capacities', 'AvailCapacity', 'available_capacity']] : []),
    ];
    for (const [k, [list = '', item = '', field = '']] of lists.entries()) {
      lines.push(`<${list}>`);
      for (const hour of [1, 2, 24]) {
        const value = g === 0 && hour === 2 && k === 0 ? null : String(500 - g * 400 + hour + k * 3);
        lines.push(
          `<${item}><Hour>${hour}</Hour>${value === null ? '' : `<EnergyMW>${value}</EnergyMW>`}</${item}>`,
        );
        figures.push({
          location: name,
          series: fuel,
          ...hourOf(date, hour, OFFSET),
          field,
          value,
          unit: MW,
          published: createdMs(`${date}T23:18:01`),
        });
      }
      lines.push(`</${list}>`);
    }
    lines.push('</Generator>');
  }
  lines.push('</Generators></IMODocBody></IMODocument>');
  return { payload: lines.join(print.gap), figures };
}

/** `GenOutputbyFuelHourly`: a year by the hour; a fuel without quality has no output. */
export function fuels(dates: readonly string[]): Body {
  const created = '2025-12-31T02:30:00';
  const body = ['<DeliveryYear>2025</DeliveryYear>'];
  const figures: Figure[] = [];
  for (const date of dates) {
    body.push(`<DailyData><Day>${date}</Day>`);
    for (const hour of [1, 3, 24]) {
      body.push(`<HourlyData><Hour>${hour}</Hour>`);
      for (const [f, fuel] of ['NUCLEAR', 'GAS', 'SOLAR'].entries()) {
        const value = fuel === 'SOLAR' && hour !== 3 ? null : String(9_000 - f * 4_000 + hour);
        const output = value === null ? '' : `<Output>${value}</Output>`;
        body.push(
          `<FuelTotal><Fuel>${fuel}</Fuel><EnergyValue><OutputQuality>${value === null ? -1 : 0}</OutputQuality>${output}</EnergyValue></FuelTotal>`,
        );
        figures.push({
          location: 'ONTARIO',
          series: fuel,
          ...hourOf(date, hour, OFFSET),
          field: 'generation',
          value,
          unit: MW,
          published: createdMs(created),
        });
      }
      body.push('</HourlyData>');
    }
    body.push('</DailyData>');
  }
  return { payload: documentOf('GenOutputbyFuelHourly', created, body), figures };
}

/** `IntertieScheduleFlow`: schedules by the hour, flows by five minutes, and their totals. */
export function interties(date: string): Body {
  const created = `${date}T14:31:00`;
  const lines = [
    '<?xml version="1.0"?>',
    '<IMODocument docID="IntertieScheduleFlow" xmlns="http://www.theIMO.com/schema">',
  ];
  lines.push(
    `<IMODocHeader><CreatedAt>${created}</CreatedAt></IMODocHeader><IMODocBody><Date>${date}</Date>`,
  );
  const figures: Figure[] = [];
  for (const [z, zone] of ['MANITOBA', 'NEW-YORK', ''].entries()) {
    const where = { location: zone === '' ? 'ONTARIO' : zone, published: createdMs(created), unit: MW };
    lines.push(zone === '' ? '<Totals>' : `<IntertieZone><IntertieZoneName>${zone}</IntertieZoneName>`);
    lines.push('<Schedules>');
    for (const hour of [13, 14]) {
      const [imports, exports] = [String(100 * z + hour), String(900 + hour - z)];
      lines.push(
        `<Schedule><Hour>${hour}</Hour><Import>${imports}</Import><Export>${exports}</Export></Schedule>`,
      );
      const at = hourOf(date, hour, OFFSET);
      figures.push({ ...where, ...at, field: 'import', value: imports });
      figures.push({ ...where, ...at, field: 'export', value: exports });
    }
    lines.push('</Schedules><Actuals>');
    for (const interval of [1, 12]) {
      const value = `${z === 1 ? '-' : ''}${700 + interval}.5`;
      lines.push(`<Actual><Hour>13</Hour><Interval>${interval}</Interval><Flow>${value}</Flow></Actual>`);
      figures.push({ ...where, ...hourOf(date, 13, OFFSET, interval), field: 'interchange', value });
    }
    lines.push('</Actuals>', zone === '' ? '</Totals>' : '</IntertieZone>');
  }
  lines.push('</IMODocBody></IMODocument>');
  return { payload: lines.join('\n'), figures };
}

/** `IntertieScheduleFlowYear`: the zone above the first of its figures only. */
export function intertiesYear(date: string): Body {
  const lines = [
    '\\\\Yearly Intertie Schedule and Flow Report',
    `\\\\Created at ${date} 05:00:00`,
    '\\\\For 2025',
    ',,MANITOBA,,,Total,,',
    'Date,Hour,Imp,Exp,Flow,Imp,Exp,Flow',
  ];
  const figures: Figure[] = [];
  for (const hour of [1, 24]) {
    const values = [5, 210, 205, 30, 1_900, -1_870].map((value) => String(value + hour));
    lines.push(`${date},${hour},${values.join(',')}`);
    for (const [k, value] of values.entries())
      figures.push({
        location: k < 3 ? 'MANITOBA' : 'ONTARIO',
        ...hourOf(date, hour, OFFSET),
        field: ['import', 'export', 'interchange'][k % 3] ?? '',
        value,
        unit: MW,
        published: createdMs(`${date}T05:00:00`),
      });
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** `RealtimeDemandZonal` with, `DemandZonal` without five minutes. */
export function demand(date: string, interval: boolean): Body {
  const total = interval ? 'Zones Total' : 'Zone Total';
  const lines = [
    '\\\\Demand Zonal Report',
    `\\\\Created at ${date} 06:00:01`,
    '\\\\For 2025',
    `Date,Hour,${interval ? 'Interval,' : ''}Ontario Demand,Toronto,East,${total},Diff`,
  ];
  const figures: Figure[] = [];
  for (const k of [1, 2, 3]) {
    const values = [15_144, 5_303, 1_012, 15_190, 46].map((value) => String(value + k));
    lines.push(`${date},${interval ? `2,${k}` : k},${values.join(',')}`);
    const at = interval ? hourOf(date, 2, OFFSET, k) : hourOf(date, k, OFFSET);
    for (const [i, [location, field]] of [
      ['ONTARIO', 'load'],
      ['Toronto', 'load'],
      ['East', 'load'],
      ['ONTARIO', 'zones_total'],
      ['ONTARIO', 'zones_difference'],
    ].entries())
      figures.push({
        location: location ?? '',
        ...at,
        field: field ?? '',
        value: values[i] ?? null,
        unit: MW,
        published: createdMs(`${date}T06:00:01`),
      });
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** `Adequacy3`: forecast demand, wind, an import, and a list that is not known. */
export function adequacy(date: string): Body {
  const created = `${date}T01:05:00`;
  const hours = [1, 24];
  const list = (name: string, item: string, from: number, key = 'EnergyMW'): string =>
    `<${name}>${hours.map((hour) => `<${item}><DeliveryHour>${hour}</DeliveryHour><${key}>${from + hour}</${key}></${item}>`).join('')}</${name}>`;
  const body = [
    `<DeliveryDate>${date}</DeliveryDate>`,
    '<ForecastSupply>',
    list('Capacities', 'Capacity', 24_000),
    '<InternalResources><InternalResource><FuelType>Wind</FuelType>',
    list('Forecasts', 'Forecast', 1_500),
    list('Schedules', 'Schedule', 1_400),
    '</InternalResource></InternalResources>',
    '<ZonalImports><ZonalImport><ZoneName>Michigan</ZoneName>',
    list('Offers', 'Offer', 300),
    '</ZonalImport></ZonalImports>',
    list('Unheard', 'Of', 1),
    '</ForecastSupply><ForecastDemand><OntarioDemand>',
    list('ForecastOntDemand', 'Demand', 14_000),
    list('PeakDemand', 'Demand', 14_400),
    list('AverageDemand', 'Demand', 14_100),
    '</OntarioDemand></ForecastDemand>',
  ];
  const where = (hour: number) => ({
    ...hourOf(date, hour, OFFSET),
    published: createdMs(created),
    unit: MW,
  });
  const figures = (
    [
      ['supply_capacity', 24_000, 'ONTARIO', null],
      ['wind_forecast', 1_500, 'ONTARIO', null],
      ['scheduled', 1_400, 'ONTARIO', 'Wind'],
      ['import_offered', 300, 'Michigan', null],
      ['load_forecast', 14_000, 'ONTARIO', null],
      ['load_forecast_peak', 14_400, 'ONTARIO', null],
      ['load_forecast_average', 14_100, 'ONTARIO', null],
    ] as const
  ).flatMap(([field, from, location, series]) =>
    hours.map((hour): Figure => ({ location, series, ...where(hour), field, value: String(from + hour) })),
  );
  return { payload: documentOf('Adequacy3', created, body), figures };
}

/** `VGForecastSummary`: two organisations, two fuels; an interval without its hour says nothing. */
export function renewables(date: string): Body {
  const created = `${date}T06:05:11`;
  const body: string[] = [];
  const figures: Figure[] = [];
  for (const [o, organisation] of ['MARKET PARTICIPANT', 'EMBEDDED'].entries()) {
    body.push(`<OrganizationData><OrganizationType>${organisation}</OrganizationType>`);
    for (const [f, fuel] of ['Solar', 'Wind'].entries()) {
      body.push(`<FuelData><FuelType>${fuel}</FuelType><ResourceData><ZoneName>OntarioTotal</ZoneName>`);
      body.push(`<EnergyForecast><ForecastDate>${date}</ForecastDate>`);
      for (const hour of [7, 8]) {
        const value = `${o * 100 + f * 1_000 + hour}.2`;
        body.push(
          `<ForecastInterval><ForecastHour>${hour}</ForecastHour><MWOutput>${value}</MWOutput></ForecastInterval>`,
        );
        figures.push({
          location: 'OntarioTotal',
          series: organisation,
          ...hourOf(date, hour, OFFSET),
          field: `${fuel.toLowerCase()}_forecast`,
          value,
          unit: MW,
          published: createdMs(created),
        });
      }
      body.push('<ForecastInterval/></EnergyForecast></ResourceData></FuelData>');
    }
    body.push('</OrganizationData>');
  }
  return { payload: documentOf('VGForecastSummary', created, body), figures };
}

/** `DAConstrShadowPrices`, `RealtimeConstrShadowPrices`: numbers of intervals beside their prices. */
export function shadowPrices(id: string, date: string, realTime: boolean): Body {
  const created = `${date}T12:35:00`;
  const key = realTime ? 'Interval' : 'Hour';
  const body = [
    `<DELIVERYDATE>${date}</DELIVERYDATE>`,
    ...(realTime ? ['<DeliveryHour>5</DeliveryHour>'] : []),
  ];
  const figures: Figure[] = [];
  for (const [c, name] of ['FETT', 'BLIP   2'].entries()) {
    const numbers = [1, 2];
    const prices = numbers.map((n) => `-${c * 10 + n}.25`);
    body.push(
      `<HourlyPrice><ConstraintName>${name}</ConstraintName><ShadowPrices>${numbers.map((n) => `<${key}>${n}</${key}>`).join('')}${prices.map((value) => `<ShadowPrice>${value}</ShadowPrice>`).join('')}</ShadowPrices></HourlyPrice>`,
    );
    for (const [i, n] of numbers.entries())
      figures.push({
        location: name.replace(/ +/, ' '),
        ...(realTime ? hourOf(date, 5, OFFSET, n) : hourOf(date, n, OFFSET)),
        field: 'shadow_price',
        value: prices[i] ?? null,
        unit: 'CAD/MWh',
        published: createdMs(created),
      });
  }
  return { payload: documentOf(id, created, body), figures };
}
