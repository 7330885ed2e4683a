/** Words of IESO's reports that mean "no value". */
export const IESO_NULL_WORDS: readonly string[] = ['n/a', 'na', '-', 'null', 'none'];
