import { NULL_WORDS } from '../kit/null-words.ts';

/** Words of IESO's reports that mean "no value". */
export const IESO_NULL_WORDS: readonly string[] = NULL_WORDS;
