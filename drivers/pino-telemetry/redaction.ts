/** Redaction: secrets that have found their way into a text are made unreadable. */

/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

const NAMES =
  '[a-z0-9_.-]*(?:password|passwd|secret|token|api[_-]?key|apikey|subscription-key|signature|sig)';
/** `?token=…`, `api_key: …`, `"password":"…"`, in a URL, a header or a message. */
const NAMED = new RegExp(`(["']?\\b${NAMES}["']?\\s*[=:]\\s*)("[^"]*"|'[^']*'|[^\\s&,;"'})]+)`, 'gi');
/** `Authorization: Bearer …`, `Basic …`. */
const SCHEME = /\b(Bearer|Basic)\s+[A-Za-z0-9+/._~-]{8,}=*/g;
/** `https://user:password@host`. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi;

/** The text without passwords, tokens and keys. Texts without any come back as they are. */
export function withoutSecrets(text: string): string {
  return text
    .replace(USER_INFO, `$1${REDACTED}@`)
    .replace(SCHEME, `$1 ${REDACTED}`)
    .replace(NAMED, `$1${REDACTED}`);
}
