/**
 * One number of an OASIS report, whatever form it came in: a record of the CSV (`resultformat=6`) or a REPORT_DATA of
 * the XML. Both name the same item, place, run and GMT bounds; only their columns and elements are called differently.
 *
 * Source: CAISO, "Interface Specification for OASIS", and recorded answers of 2010 to 2026.
 */

/** Columns and elements, in lower case, that tell rows apart besides item, place and kind. */
export const LABELS: readonly string[] = [
  'direction',
  'ti_direction',
  'from_baa',
  'to_baa',
  'constraint_cause',
  'result_type',
  'fuel_category',
  'product',
  'product_type',
  'market_type',
  'outage_type',
  'resource_type',
];

/** Columns and elements, in lower case, that say nothing further of a number: its place again, its rank, its unit. */
const SILENT: readonly string[] = [
  'node_id_xml',
  'node_id',
  'node',
  'lmp_type',
  'pnode_resmrid',
  'grp_type',
  'pos',
  'group',
  'load_type',
  'label',
  'execution_type',
  'market_run_id_pos',
  'renew_pos',
  'opr_type',
  'tz',
  'uom',
  'opr_interval',
  'oasis_rec_stat',
  'upd_date',
  'upd_by',
];

/** Columns and elements, in lower case, that are figures by themselves, where a report has no item with a value. */
const FIGURE = /(?:^|_)(?:mw|price|prc|solar|wind)$/;

/** True for a column or element that is a figure by its name: `MARGINAL_CLEARING_PRICE`, `REQ_MW`, `WIND`. */
export const isFigure = (name: string): boolean => FIGURE.test(name);

/** True for a column or element that says nothing further, or says a name a second time (`NOMOGRAM_ID_XML`). */
export const isSilent = (name: string): boolean => SILENT.includes(name) || name.endsWith('_xml');

/** A record as published; words are trimmed, a word that is not there is empty. */
export interface OasisRecord {
  /** `PRC_LMP`; empty in CSV, which does not say it. */
  readonly report: string;
  /** Market run: `DAM`, `RTM`, `RTPD`, `HASP`, `ACTUAL`. */
  readonly run: string;
  /** `LMP_PRC`, or `LMP` where only the type of the price is printed. */
  readonly item: string;
  /** Node, region, zone or hub; empty for a figure of the system. */
  readonly place: string;
  /** `OPR_DT OPR_HR`, with the interval inside the hour behind a slash. */
  readonly words: string;
  readonly start: string;
  readonly end: string;
  readonly value: string;
  /** Fuel of a renewable forecast, kind of a reserve, direction of a schedule: the column that tells rows apart. */
  readonly kind: string;
  /** Further columns that tell rows apart (direction, cause of a constraint …), joined; empty for none. */
  readonly labels: string;
  /** When the row was published, as the report prints it; empty where it does not say. */
  readonly published: string;
  /** Unit as the report prints it; empty where it prints none. */
  readonly unit: string;
  /** Line of the number, counted from 1. */
  readonly line: number;
}
