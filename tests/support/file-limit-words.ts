/** What `file-limit.ts` says of a file that it ends, for whoever looks for it in what the file printed. */

export const GOES_ON = 'goes on after';
