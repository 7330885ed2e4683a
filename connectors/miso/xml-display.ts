/**
 * MISO's displays as XML, as the broker of data served them until 2018 (`MISORTWDDataBroker`, `returnType=xml`): the same
 * names as in the JSON, as elements or attributes.
 */

import type { Rewrite } from '../kit/other-form.ts';
import type { Json } from '../kit/readers/json.ts';
import { readXml, type XmlElement } from '../kit/readers/xml.ts';

const ROOT = /^\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:FuelMix|LMPData|LoadInfo)[\s>]/i;
/** Elements that stand in a list, also where there is one. */
const RECORDS: readonly string[] = ['PricingNode', 'Type'];
/** Elements whose children are the records of a list. */
const LISTS: readonly string[] = ['FiveMinTotalLoad', 'MediumTermLoadForecast', 'ClearedMW'];

function jsonOf(element: XmlElement): Json {
  if (element.children.length === 0 && element.attributes.size === 0) return element.text.trim();
  if (LISTS.includes(element.name)) return element.children.map((child) => ({ [child.name]: jsonOf(child) }));
  const entries = new Map<string, Json>(element.attributes);
  for (const [name, children] of Map.groupBy(element.children, (child) => child.name)) {
    const [first, ...others] = children.map(jsonOf);
    const single = others.length === 0 && !RECORDS.includes(name);
    entries.set(name, single ? (first ?? null) : children.map(jsonOf));
  }
  return Object.fromEntries(entries);
}

/** A display as XML, as its JSON; null for any other text, and for one that is not well-formed. */
export const xmlDisplay: Rewrite = (text, whole) => {
  if (!ROOT.test(text.slice(0, 1_000))) return null;
  const { root, damage } = readXml({ name: '', bytes: new TextEncoder().encode(text) }, () => false);
  if (root === null || (whole && damage !== null)) return null;
  const body = jsonOf(root);
  return JSON.stringify(root.name.toLowerCase() === 'fuelmix' ? body : { [root.name]: body });
};
