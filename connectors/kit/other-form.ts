/** Datasets that also read bodies in another form than the operator's, each turned into its text first. */

import type { Dataset, Payload, PayloadHead } from './contract.ts';
import { headOf, textOf } from './payload.ts';

/** The operator's text for a text in another form, be it the head of one; null for a text that needs none. */
export type Rewrite = (text: string, whole: boolean) => string | null;

/** One head is looked at for all datasets of a market. */
const seen = new WeakMap<Rewrite, WeakMap<PayloadHead, PayloadHead | null>>();

function rewritten(head: PayloadHead, rewrite: Rewrite): PayloadHead | null {
  let heads = seen.get(rewrite);
  if (heads === undefined) {
    heads = new WeakMap();
    seen.set(rewrite, heads);
  }
  let made = heads.get(head);
  if (made === undefined) {
    const text = rewrite(head.text, head.whole);
    made = text === null ? null : { name: head.name, text, whole: head.whole };
    heads.set(head, made);
  }
  return made;
}

/** The dataset, which reads bodies that `rewrite` turns into its own as well. */
export function inOtherForm(dataset: Dataset, rewrite: Rewrite): Dataset {
  const { pieces } = dataset;
  return {
    ...dataset,
    // Such a body is read whole.
    ...(pieces === undefined
      ? {}
      : { pieces: (head) => (rewritten(head, rewrite) === null ? pieces(head) : null) }),
    recognise: (head) => dataset.recognise(rewritten(head, rewrite) ?? head),
    decode(payload: Payload) {
      if (payload.piece !== undefined || rewritten(headOf(payload), rewrite) === null)
        return dataset.decode(payload);
      const text = rewrite(textOf(payload), true);
      if (text === null) return dataset.decode(payload);
      return dataset.decode({ name: payload.name, bytes: new TextEncoder().encode(text) });
    },
  };
}

const CALL = /^\s{0,100}[A-Za-z_$][\w$.]{0,100}\(\s{0,100}(?=[[{])/;

/** JSON that is the argument of a call (JSONP), as text of JSON. */
export function calledJson(text: string): string | null {
  const call = CALL.exec(text);
  if (call === null) return null;
  return text.slice(call[0].length).replace(/\)\s{0,100};?\s{0,100}$/, '');
}
