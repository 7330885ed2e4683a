import { NULL_WORDS } from '../kit/null-words.ts';

/**
 * Words of EIA that mean "no value", in every form of its figures. Its notes below tables have two of their own: `W`, withheld
 * so that no single company is disclosed, and `NM`, not meaningful. A lone point is the missing value of the program that
 * the six-month files are written with.
 */
export const EIA_NULL_WORDS: readonly string[] = [...NULL_WORDS, 'w', 'nm', '.'];
