/** What may be shown of a setting. */

import type { Setting } from './setting.ts';

const HIDDEN = '***';

/** True for a setting of which nothing but its address may be shown. */
export function isHidden(setting: Setting): boolean {
  return setting.isSecret === true;
}

/** The text of a setting without what is secret: of an address the password, of anything else all. */
export function printable(setting: Setting, text: string): string {
  if (!isHidden(setting) || text === '') return withoutPassword(text);
  return /^[a-z]+:\/\/[^@]*@?[^@]*$/.test(text) ? withoutPassword(text) : HIDDEN;
}

/** A password in any address is hidden, whatever the setting is. */
function withoutPassword(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+]*:\/\/[^:/@,\s]*):[^@\s]*@/gi, `$1:${HIDDEN}@`)
    .replace(/([?&](?:password|pass|token|key|secret)=)[^&\s]*/gi, `$1${HIDDEN}`);
}
