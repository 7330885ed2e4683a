/** Looking up what a source calls something in a table of ours. */

/** The entry of that name; undefined also for names that every object answers to, such as `__proto__` or `constructor`. */
export const ownEntry = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
