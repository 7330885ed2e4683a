/** Bodies of NYISO's constraints, sun and hour-ahead prices with figures of our own making, over both changes of the clock. */

import type { Body } from './golden-case.ts';
import { endings, hours, type Stamp } from './nyiso-sample-bodies.ts';
import type { Figure } from './printed-line.ts';

const AUTUMN = '2025-11-02T04:00:00Z';
const SPRING = '2025-03-09T05:00:00Z';

/** Stamps at the begin of five minutes each, from an instant on. */
function beginnings(from: string, count: number): Stamp[] {
  // What ends at an instant is printed as what begins there.
  return endings(from, count).map((stamp) => ({ ...stamp, start: stamp.end, end: stamp.end + 300_000 }));
}

/** `LimitingConstraints`, `DAMLimitingConstraints`. */
export function constraints(realTime: boolean): Body {
  const stamps = realTime ? beginnings('2025-11-02T05:50:00Z', 4) : hours(AUTUMN, 4);
  const lines = [
    '"Time Stamp","Time Zone","Limiting Facility","Facility PTID","Contingency","Constraint Cost($)"',
  ];
  const figures: Figure[] = [];
  for (const [k, { text, zone, start, end }] of stamps.entries()) {
    const value = `-${12 + k}.75`;
    lines.push(`"${text}","${zone}","CENTRAL EAST - VC",23330,"BASE CASE",${value}`);
    figures.push({
      location: 'CENTRAL EAST - VC',
      series: 'BASE CASE',
      start,
      end,
      field: 'constraint_cost',
      value,
      unit: 'USD',
    });
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** `BTMEstimatedActual`, `btmdaforecast`: with the zone of the clock, or without. */
export function sun(field: string, zoned: boolean, spring: boolean): Body {
  const stamps = hours(spring ? SPRING : AUTUMN, 4);
  const lines = [`Time Stamp,${zoned ? 'Time Zone,' : ''}Zone Name,MW Value`];
  const figures: Figure[] = [];
  for (const [k, { text, zone, start, end }] of stamps.entries())
    for (const [z, name] of ['SYSTEM', 'CAPITL'].entries()) {
      const value = `${k * 10 + z}.5`;
      lines.push(`${text},${zoned ? `${zone},` : ''}${name},${value}`);
      figures.push({ location: name, start, end, field, value, unit: 'MW' });
    }
  return { payload: `${lines.join('\r\n')}\r\n`, figures };
}

/** `hamlbmp_zone`: the header of the other price files. */
export function hourAhead(): Body {
  const lines = [
    '"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"',
  ];
  const figures: Figure[] = [];
  for (const [k, { text, start, end }] of hours(SPRING, 3).entries()) {
    const values = { lmp: `${30 + k}.10`, loss: '1.05', congestion: '-2.00' };
    lines.push(`"${text}","WEST",61752,${Object.values(values).join(',')}`);
    for (const [field, value] of Object.entries(values))
      figures.push({ location: 'WEST', start, end, field, value, unit: 'USD/MWh' });
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** `damasp` of old years: an area to a column. */
export function areaReserves(): Body {
  const lines = [
    '"Time Stamp","Time Zone","East 10 Min Spinning Reserve ($/MWHr)","East Regulation ($/MWHr)","West 10 Min Spinning Reserve ($/MWHr)"',
  ];
  const figures: Figure[] = [];
  for (const [k, { text, zone, start, end }] of hours(AUTUMN, 4).entries()) {
    const values = [`${1 + k}.50`, '20.00', `${k}.25`];
    lines.push(`"${text}","${zone}",${values.join(',')}`);
    for (const [i, [location, field]] of [
      ['East', 'mcp_spin_10'],
      ['East', 'mcp_regulation_capacity'],
      ['West', 'mcp_spin_10'],
    ].entries())
      figures.push({
        location: location ?? '',
        start,
        end,
        field: field ?? '',
        value: values[i] ?? null,
        unit: 'USD/MW',
      });
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}
