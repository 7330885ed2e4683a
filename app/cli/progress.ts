/**
 * Progress on standard error for work that takes longer than two seconds: one line that is rewritten on a terminal, a
 * line every ten seconds elsewhere. Data on standard output is never touched.
 */

/** Where progress is shown; `process.stderr` by default. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** When progress is shown, in milliseconds. */
export interface ProgressTimes {
  /** Work that is done sooner shows nothing. */
  readonly after: number;
  /** Between two lines where there is no terminal. */
  readonly every: number;
  /** Between two states of the line on a terminal. */
  readonly rewrite: number;
}

const TIMES: ProgressTimes = { after: 2000, every: 10_000, rewrite: 250 };

/** Shows a text that changes until it is stopped. */
export interface Progress {
  /** Ends it, and clears its line. Harmless to repeat. */
  stop(): void;
}

/** Starts showing what `describe` says at each moment, with the seconds that have passed. */
export function startProgress(
  describe: () => string,
  output: ProgressOutput = process.stderr,
  times: ProgressTimes = TIMES,
): Progress {
  const begun = performance.now();
  const onTerminal = output.isTTY === true;
  let shown = false;
  const show = (): void => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    const text = `${describe()} (${seconds} s)`;
    // Anything longer than the line would not be rewritten, but pushed up.
    if (onTerminal) output.write(`\r\u001b[2K${text.slice(0, Math.max(20, (output.columns ?? 80) - 1))}`);
    else output.write(`${text}\n`);
    shown = true;
  };
  let repeat: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    show();
    repeat = setInterval(show, onTerminal ? times.rewrite : times.every);
    repeat.unref();
  }, times.after);
  first.unref();
  return {
    stop(): void {
      clearTimeout(first);
      clearInterval(repeat);
      if (shown && onTerminal) output.write('\r\u001b[2K');
      shown = false;
    },
  };
}

/** Runs work under a progress line. */
export async function withProgress<T>(describe: () => string, work: () => Promise<T>): Promise<T> {
  const progress = startProgress(describe);
  try {
    return await work();
  } finally {
    progress.stop();
  }
}
