/** Five-field cron expressions as Airflow and crontab(5) read them: checked, not scheduled. */

interface CronField {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly words: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly CronField[] = [
  { name: 'minute', low: 0, high: 59, words: [] },
  { name: 'hour', low: 0, high: 23, words: [] },
  { name: 'day of month', low: 1, high: 31, words: [] },
  { name: 'month', low: 1, high: 12, words: MONTHS },
  { name: 'day of week', low: 0, high: 7, words: DAYS },
];

/** What is wrong with an expression, in one sentence; null when it is a good one. */
export function cronProblem(expression: string): string | null {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return `a schedule has 5 fields, this has ${parts.length}`;
  for (const [i, field] of FIELDS.entries()) {
    for (const item of (parts[i] ?? '').split(',')) {
      const problem = itemProblem(item, field);
      if (problem !== null) return `${field.name} "${item}": ${problem}`;
    }
  }
  return null;
}

function itemProblem(item: string, field: CronField): string | null {
  const [range, step, ...more] = item.split('/');
  if (more.length > 0 || range === undefined || range === '') return 'is no value, range or step';
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= field.high))
    return `a step is a number from 1 to ${field.high}`;
  if (range === '*') return null;
  const ends = range.split('-').map((word) => numberOf(word, field));
  if (ends.length > 2 || ends.some((end) => end === null))
    return `${field.name} is a number from ${field.low} to ${field.high}`;
  const [from, to] = ends;
  return to != null && from != null && to < from ? 'the range runs backwards' : null;
}

/** The number of a word of a field, or null when it is out of range or unknown. */
function numberOf(word: string, field: CronField): number | null {
  const named = field.words.indexOf(word.toUpperCase());
  if (named >= 0) return field.low + named;
  if (!/^\d+$/.test(word)) return null;
  const value = Number(word);
  return value >= field.low && value <= field.high ? value : null;
}
