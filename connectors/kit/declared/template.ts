/** Templates of addresses and names: `{start:YYYY-MM-DD}`, `{end-1h:YYYY-MM-DDThh}`, `{region}`. */

import { parseDuration } from '../../../core/time/duration.ts';
import type { Micros } from '../../../core/time/instant.ts';
import type { Interval } from '../../../core/time/interval.ts';
import { offsetAt } from '../../../core/time/zone.ts';
import { formatStamp } from '../time/stamp.ts';

const PLACE = /\{([^{}]+)\}/g;
const TIME = /^(start|end)(?:([+-])(\d+[smhd]))?:(.+)$/;
const WORD = /^[a-z][a-z0-9_]*$/;

/** What a template is filled with. */
export interface Filling {
  readonly window: Interval;
  /** Zone in which times are written. */
  readonly zone: string;
  readonly words: Readonly<Record<string, string>>;
}

/** What is wrong with a template, in one sentence; null when it is a good one. `words` are those it may use. */
export function templateProblem(template: string, words: readonly string[]): string | null {
  for (const [place, inside = ''] of template.matchAll(PLACE)) {
    if (TIME.test(inside)) continue;
    if (!WORD.test(inside)) return `${place} is neither a time nor a word of each`;
    if (!words.includes(inside))
      return `${place} is not among the words of each: ${words.join(', ') || 'none'}`;
  }
  return /[{}]/.test(template.replace(PLACE, '')) ? 'a brace is not closed' : null;
}

/** The template with its places filled. Templates are checked before: an unknown place is left as it is. */
export function filled(template: string, { window, zone, words }: Filling): string {
  return template.replace(PLACE, (place, inside: string) => {
    const m = TIME.exec(inside);
    if (m === null) return words[inside] ?? place;
    const [, which, sign, duration, pattern = ''] = m;
    const shift = duration === undefined ? 0 : (parseDuration(duration) ?? 0);
    const at = (which === 'start' ? window.start : window.end) + (sign === '-' ? -shift : shift);
    return formatStamp(pattern, at + offsetAt(zone, at));
  });
}

/** Micros of a signed duration after `start` or `end`: `end+15m`, `start-11h`, `end`; null when it is none. */
export function publication(text: string): { readonly from: 'start' | 'end'; readonly by: Micros } | null {
  const m = /^(start|end)(?:([+-])(\d+[smhd]))?$/.exec(text);
  if (m === null) return null;
  const by = m[3] === undefined ? 0 : (parseDuration(m[3]) ?? Number.NaN);
  return { from: m[1] === 'start' ? 'start' : 'end', by: m[2] === '-' ? -by : by };
}
