/**
 * What a dashboard is here: rows of panels, each a title, a sentence, a unit and expressions. Grafana's own SDK makes the
 * JSON of it; places and numbers of the panels are given here, as the SDK gives none.
 */

import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/** A unit as Grafana names it: seconds, a plain count, a share from 0 to 1, bytes, bytes or things per second. */
export type Unit = 's' | 'short' | 'percentunit' | 'bytes' | 'Bps' | 'ops' | 'none';

/** An expression and what its lines are called, with `{{label}}`. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** Lines over time, or with `isNumber` the newest value alone. */
export interface Panel {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly what: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From here on it is red: the threshold of an alert or an objective. */
  readonly limit?: number;
  readonly isNumber?: boolean;
}

/** Panels that stand beside each other under a heading, in lines of up to four. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A dashboard and the file that it is written to, below `observability/dashboards`. */
export interface Board {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly what: string;
  readonly rows: readonly Row[];
}

/** By which boards find each other. */
const TAG = '254carbon';
const WIDTH = 24;
const HEIGHT = { number: 4, lines: 8, heading: 1 } as const;
/** Chosen above the dashboard; whoever imports it names his own Prometheus once. */
const SOURCE = { type: 'prometheus', uid: '$datasource' };

/** The JSON model of a dashboard as Grafana imports it. The same board gives the same bytes. */
export function boardJson({ uid, title, what, rows }: Board): string {
  const builder = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(what)
    .tags([TAG])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .timezone('utc')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .link(
      new dashboard.DashboardLinkBuilder('254Carbon')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .keepTime(true),
    )
    .withVariable(
      new dashboard.DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'),
    );
  let y = 0;
  let id = 0;
  for (const { title: heading, panels } of rows) {
    builder.withRow(
      new dashboard.RowBuilder(heading).id(++id).gridPos({ h: HEIGHT.heading, w: WIDTH, x: 0, y }),
    );
    y += HEIGHT.heading;
    for (const line of linesOf(panels)) {
      const h = HEIGHT[line[0].isNumber === true ? 'number' : 'lines'];
      const w = WIDTH / line.length;
      line.forEach((panel, index) => {
        builder.withPanel(
          panelOf(panel)
            .id(++id)
            .gridPos({ h, w, x: index * w, y }),
        );
      });
      y += h;
    }
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

/** Numbers stand four in a line, lines over time three, or two where two are left; the two kinds never share a line. */
function linesOf(panels: readonly Panel[]): Panel[][] {
  const lines: Panel[][] = [];
  for (const panel of panels) {
    const line = lines.at(-1);
    const most = panel.isNumber === true ? 4 : 3;
    if (line !== undefined && line.length < most && line[0].isNumber === panel.isNumber) line.push(panel);
    else lines.push([panel]);
  }
  return lines;
}

function panelOf(panel: Panel): stat.PanelBuilder | timeseries.PanelBuilder {
  const isNumber = panel.isNumber === true;
  const builder = isNumber ? numberPanel() : linesPanel(panel.limit !== undefined);
  builder.title(panel.title).description(panel.what).unit(panel.unit).datasource(SOURCE);
  if (panel.limit !== undefined) {
    const steps = [
      { value: null, color: 'green' },
      { value: panel.limit, color: 'red' },
    ];
    builder.thresholds(
      new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(steps),
    );
  }
  panel.queries.forEach(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .datasource(SOURCE)
      .expr(expr)
      .legendFormat(legend);
    builder.withTarget(isNumber ? query.instant() : query.range());
  });
  return builder;
}

function numberPanel(): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .graphMode(common.BigValueGraphMode.None)
    .textMode(common.BigValueTextMode.ValueAndName)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

function linesPanel(hasLimit: boolean): timeseries.PanelBuilder {
  const legend = new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom);
  const tooltip = new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi);
  const builder = new timeseries.PanelBuilder()
    .min(0)
    .lineWidth(1)
    .fillOpacity(10)
    .legend(legend)
    .tooltip(tooltip);
  if (hasLimit)
    builder.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Line),
    );
  return builder;
}
