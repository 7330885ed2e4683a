/**
 * Words that mean "no value" in whatever a table was written by: the operator's own signs, what programs write for a number
 * that there is none of, and the errors of a spreadsheet. Compared in lower case. A market with signs of its own adds them,
 * as EIA does.
 */
export const NULL_WORDS: readonly string[] = [
  '-',
  '--',
  'n/a',
  'na',
  'nan',
  'null',
  'none',
  '#n/a',
  '#ref!',
  '#value!',
  '#div/0!',
];
