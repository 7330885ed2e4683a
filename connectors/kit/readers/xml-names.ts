/**
 * Names of XML by namespace and local part, for a parser that hands out names as they stand: only elements that declare
 * a namespace cost anything. Source: W3C, Namespaces in XML 1.0.
 */

const RESERVED: ReadonlyMap<string, string> = new Map([
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ['xmlns', 'http://www.w3.org/2000/xmlns/'],
]);

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** A name resolved. */
export interface XmlName {
  /** Namespace; empty for none. */
  readonly uri: string;
  readonly local: string;
}

/** The namespaces that hold where a document is being read: enter and leave every element. */
export class NamespaceScope {
  private held: ReadonlyMap<string, string> = RESERVED;
  /** What held outside of each open element that changed it, with its depth. */
  private readonly outer: { readonly depth: number; readonly held: ReadonlyMap<string, string> }[] = [];
  private depth = 0;
  private readonly fail: (what: string) => Error;
  /** Names of elements as they were resolved since the namespaces last changed: reports repeat few. */
  private known = new Map<string, XmlName>();

  /** `fail` makes the error of a name that is not well-formed. */
  constructor(fail: (what: string) => Error) {
    this.fail = fail;
  }

  /** An element begins: its name, and its attributes by local name. Throws what `fail` makes. */
  enter(
    name: string,
    printed: Readonly<Record<string, string>>,
  ): { name: XmlName; attributes: ReadonlyMap<string, string> } {
    this.depth++;
    let attributes: Map<string, string> | null = null;
    for (const attribute in printed) {
      const value = printed[attribute] as string;
      if (attribute === 'xmlns' || attribute.startsWith('xmlns:')) this.bind(attribute.slice(6), value);
      attributes ??= new Map();
    }
    if (attributes !== null) this.readAttributes(printed, attributes);
    let resolved = this.known.get(name);
    if (resolved === undefined) this.known.set(name, (resolved = this.resolve(name, true)));
    return { name: resolved, attributes: attributes ?? NO_ATTRIBUTES };
  }

  /** The element ends. */
  leave(): void {
    const last = this.outer[this.outer.length - 1];
    if (last?.depth === this.depth) {
      this.outer.pop();
      this.held = last.held;
      this.known = new Map();
    }
    this.depth--;
  }

  private bind(prefix: string, uri: string): void {
    if (prefix === 'xmlns' || (prefix === 'xml') !== (uri === RESERVED.get('xml')))
      throw this.fail(`the prefix ${prefix} or its namespace cannot be declared.`);
    if (uri === RESERVED.get('xmlns') || (prefix !== '' && uri === ''))
      throw this.fail(`the namespace of the prefix ${prefix} cannot be declared.`);
    const last = this.outer[this.outer.length - 1];
    if (last?.depth !== this.depth) this.outer.push({ depth: this.depth, held: this.held });
    this.held = new Map([...this.held, [prefix, uri]]);
    this.known = new Map();
  }

  private readAttributes(printed: Readonly<Record<string, string>>, into: Map<string, string>): void {
    const seen = new Set<string>();
    for (const attribute in printed) {
      const { uri, local } = this.resolve(attribute, false);
      const expanded = `{${uri}}${local}`;
      if (seen.has(expanded)) throw this.fail(`duplicate attribute: ${expanded}.`);
      seen.add(expanded);
      into.set(local, printed[attribute] as string);
    }
  }

  /** The default namespace is that of elements only. */
  private resolve(name: string, isElement: boolean): XmlName {
    const colon = name.indexOf(':');
    if (colon < 0) return { uri: isElement ? (this.held.get('') ?? '') : '', local: name };
    const prefix = name.slice(0, colon);
    const local = name.slice(colon + 1);
    if (prefix === '' || local === '' || local.includes(':')) throw this.fail(`malformed name: ${name}.`);
    if (isElement && prefix === 'xmlns') throw this.fail('tags may not have "xmlns" as prefix.');
    const uri = this.held.get(prefix);
    if (uri === undefined) throw this.fail(`unbound namespace prefix: ${JSON.stringify(prefix)}.`);
    return { uri, local };
  }
}
