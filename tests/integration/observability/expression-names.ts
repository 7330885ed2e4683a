/** Names of metrics and labels in an expression of Prometheus, found without a parser: what promtool accepts has this shape. */

/** What an expression names. */
export interface Named {
  readonly metrics: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
}

const KEYWORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'start', 'end']);
/** Words in front of a list of labels. */
const LISTS = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/** Every metric that the expression reads, and every label that it matches or keeps. */
export function namesIn(expression: string): Named {
  const labels = new Set<string>();
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\{([^}]*)\}/g, (_, matchers: string) => {
      for (const [, label] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)) labels.add(label);
      return '';
    })
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\boffset\s+\w+/g, '')
    .replace(LISTS, (_, list: string) => {
      for (const label of list.split(',')) if (label.trim() !== '') labels.add(label.trim());
      return '';
    });
  const metrics = new Set<string>();
  for (const [, word, call] of bare.matchAll(/([a-zA-Z_:][\w:]*)(\s*\()?/g))
    if (call === undefined && !KEYWORDS.has(word)) metrics.add(word);
  return { metrics, labels };
}
