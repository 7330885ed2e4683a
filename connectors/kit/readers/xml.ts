/**
 * A strict reader of XML that keeps line numbers: names by namespace and local part, whatever their prefix. A document
 * type is refused (and with it every entity that is not XML's own) unless it only names one elsewhere and the market
 * serves such; deep nesting and endless documents are refused too.
 *
 * The document is read as a stream of elements: what `onElement` has dealt with is let go of, so that a report of a
 * million records needs the memory of one.
 */

import { SaxesParser } from 'saxes';
import { CarbonError } from '../../../core/errors.ts';
import type { Payload } from '../contract.ts';
import { requireText, textOf } from '../payload.ts';
import { NamespaceScope } from './xml-names.ts';

/** An element once its end tag is read, with those children that were not dropped. */
export interface XmlElement {
  /** Namespace; empty for none. */
  readonly uri: string;
  /** Local name, without prefix. */
  readonly name: string;
  /** Line of the start tag, counted from 1. */
  readonly line: number;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, joined and trimmed. */
  text: string;
}

/** An element that is being read. Many have no children: those share what holds none. */
interface Growing extends XmlElement {
  children: XmlElement[];
}

const NO_CHILDREN: XmlElement[] = [];

/** How large a document may be. */
export interface XmlLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
  /**
   * True where a document type may be named that lies outside of the document: it is passed over and not fetched. One
   * with declarations of its own is refused all the same.
   */
  readonly externalDoctype?: boolean;
}

const LIMITS: XmlLimits = { maxDepth: 32, maxElements: 50_000_000 };

/** What became of a document: its root with what was kept, and the damage that ended the reading, if any. */
export interface XmlRead {
  readonly root: XmlElement | null;
  /** SOURCE_MALFORMED with line and column; elements that ended before it were handed out. */
  readonly damage: CarbonError | null;
  /** Line on which the document ends, or the damage stands. */
  readonly lastLine: number;
}

/**
 * Called at each end tag with the element and its ancestors, the root first. True drops the element: its parent will
 * not hold it.
 */
export type OnElement = (element: XmlElement, ancestors: readonly XmlElement[]) => boolean;

/**
 * Reads a document. Throws SOURCE_EMPTY, SOURCE_NOT_DATA (an HTML page) and SOURCE_UNRECOGNISED (a container, binary) as
 * text readers do, and what `onElement` throws. A text that is not well-formed is damage.
 */
export function readXml(payload: Payload, onElement: OnElement, limits: XmlLimits = LIMITS): XmlRead {
  requireText(payload);
  const file = payload.name === '' ? {} : { file: payload.name };
  const parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true });
  const open: Growing[] = [];
  let root: XmlElement | null = null;
  let elements = 0;
  let line = 1;
  let lastLine = 1;
  const whole = textOf(payload);
  // Blank lines above the declaration, as files that were saved by hand have, are no part of the document.
  const above = /^\s*(?=<\?xml)/.exec(whole)?.[0] ?? '';
  const passed = above.split('\n').length - 1;
  const damaged = (what: string): CarbonError => {
    const at = { line: passed + parser.line, column: parser.column + 1 };
    return new CarbonError('SOURCE_MALFORMED', `line ${at.line}: ${what}`, { position: { ...file, ...at } });
  };
  const names = new NamespaceScope(damaged);
  parser.on('error', (error) => {
    throw damaged(error.message.replace(/^(?:[^:]*:)?\d+:\d+:\s*/, ''));
  });
  parser.on('doctype', (doctype) => {
    if (limits.externalDoctype === true && !doctype.includes('[')) return;
    throw damaged('a document type declaration, which is not read');
  });
  parser.on('opentagstart', () => {
    // The character behind the name is read by now; it may have been the end of the line.
    line = passed + (parser.column === 0 ? parser.line - 1 : parser.line);
  });
  parser.on('opentag', (tag) => {
    elements++;
    if (elements > limits.maxElements) throw damaged(`more than ${limits.maxElements} elements`);
    if (open.length >= limits.maxDepth) throw damaged(`elements nested deeper than ${limits.maxDepth}`);
    const { name, attributes } = names.enter(tag.name, tag.attributes);
    const element: Growing = {
      uri: name.uri,
      name: name.local,
      line,
      attributes,
      children: NO_CHILDREN,
      text: '',
    };
    root ??= element;
    open.push(element);
  });
  const addText = (text: string): void => {
    const element = open[open.length - 1];
    if (element === undefined) return;
    element.text = element.text === '' ? text : element.text + text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    names.leave();
    const element = open.pop();
    if (element === undefined) return;
    element.text = element.text.trim();
    if (onElement(element, open)) return;
    const parent = open[open.length - 1];
    if (parent === undefined) return;
    if (parent.children === NO_CHILDREN) parent.children = [element];
    else parent.children.push(element);
  });
  let damage: CarbonError | null = null;
  try {
    parser.write(whole.slice(above.length));
    lastLine = passed + parser.line;
    parser.close();
  } catch (error) {
    if (!(error instanceof CarbonError) || error.code !== 'SOURCE_MALFORMED') throw error;
    damage = error;
  }
  return { root, damage, lastLine: damage?.position.line ?? lastLine };
}

/** The first child of a local name; null for none. */
export function childOf(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((child) => child.name === name) ?? null;
}
