/** What `observability-status` asks Prometheus: targets, alerts, and since when a target is as it is. */

/** A target as Prometheus sees it. */
export interface Target {
  readonly service: string;
  /** Address that is scraped. */
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  /** Why the last scrape failed; empty when it did not. */
  readonly lastError: string;
}

/** An alert that fires or soon will. */
export interface Alert {
  readonly name: string;
  readonly severity: string;
  readonly state: 'firing' | 'pending';
  /** Labels that say what it is about. */
  readonly about: string;
  readonly summary: string;
  readonly activeAt: string;
}

/** Patience with one question. */
const PATIENCE_MS = 5000;
/** How far back it is looked for the last change of a target. */
const LOOK_BACK = '1d';

/** The status and the parsed body of an address; throws with a sentence when nobody answers or it is no JSON. */
export async function askJson(url: string): Promise<{ readonly status: number; readonly body: unknown }> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    text = await response.text();
  } catch (error) {
    throw new Error(`${url}: ${reasonOf(error)}`);
  }
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    throw new Error(`${url}: answers with ${response.status} and no JSON`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer in ${PATIENCE_MS / 1000} s`;
  const code = (error.cause as { code?: string } | undefined)?.code;
  return code === 'ECONNREFUSED' ? 'nothing listens there' : (code ?? error.message);
}

/** A Prometheus at an address. Every question throws with a sentence when it is not answered. */
export class PrometheusQuestions {
  private readonly base: string;

  constructor(base: string) {
    this.base = base;
  }

  /** When it was started, and its version. */
  async identity(): Promise<{ readonly startedAt: string; readonly version: string }> {
    const { startTime } = (await this.ask('status/runtimeinfo')) as { startTime: string };
    const { version } = (await this.ask('status/buildinfo')) as { version: string };
    return { startedAt: startTime, version };
  }

  /** The targets of a job. */
  async targets(job: string): Promise<Target[]> {
    const { activeTargets } = (await this.ask('targets?state=active')) as {
      activeTargets: (Omit<Target, 'service'> & { labels: Record<string, string> })[];
    };
    return activeTargets
      .filter(({ labels }) => labels['job'] === job)
      .map(({ labels, scrapeUrl, health, lastError }) => ({
        service: labels['service'] ?? labels['instance'] ?? scrapeUrl,
        scrapeUrl,
        health,
        lastError,
      }));
  }

  /** All alerts that fire or are pending, the gravest first. */
  async alerts(): Promise<Alert[]> {
    const { alerts } = (await this.ask('alerts')) as {
      alerts: {
        labels: Record<string, string>;
        annotations: Record<string, string>;
        state: Alert['state'];
        activeAt: string;
      }[];
    };
    const rank = ({ state, severity }: Alert): number =>
      ['critical', 'warning', 'info'].indexOf(severity) + (state === 'pending' ? 10 : 0);
    return alerts
      .map(({ labels, annotations, state, activeAt }) => {
        const { alertname = '?', severity = 'none', job: _job, instance: _instance, ...rest } = labels;
        const about = Object.values(rest).join(', ');
        return {
          name: alertname,
          severity,
          state,
          about,
          summary: annotations['summary'] ?? '',
          activeAt,
        };
      })
      .sort((a, b) => rank(a) - rank(b));
  }

  /** How many Alertmanagers it sends alerts to. */
  async alertmanagers(): Promise<number> {
    const found = (await this.ask('alertmanagers')) as { activeAlertmanagers: unknown[] };
    return found.activeAlertmanagers.length;
  }

  /**
   * Since when the target of a service is up or down: the end of its last spell of the other kind, else the first time
   * that it was watched; seconds since 1970, or null when Prometheus has no scrape of it within a day.
   */
  async unchangedSince(service: string, isUp: boolean): Promise<number | null> {
    const series = `up{service="${service}"}`;
    const other = await this.value(
      `max(max_over_time(timestamp(${series} == ${isUp ? 0 : 1})[${LOOK_BACK}:10s]))`,
    );
    // The steps of a look back are round moments: what is younger than the last of them is asked for by itself.
    const watched = `min_over_time(timestamp(${series})[${LOOK_BACK}:10s]) or timestamp(${series})`;
    return other ?? (await this.value(`min(${watched})`));
  }

  /** The value of the first series of an expression; null when there is none. */
  async value(expression: string): Promise<number | null> {
    const { result } = (await this.ask(`query?query=${encodeURIComponent(expression)}`)) as {
      result: { value: [number, string] }[];
    };
    return result[0] === undefined ? null : Number(result[0].value[1]);
  }

  private async ask(path: string): Promise<unknown> {
    const { status, body } = await askJson(`${this.base}/api/v1/${path}`);
    const { data, error } = body as { data?: unknown; error?: string };
    if (status !== 200) throw new Error(`${this.base}: ${error ?? `answers with ${status}`}`);
    return data;
  }
}
