/**
 * Dense ids for pairs of dense ids: (market, dataset), (tenant, instrument) … One look-up by number, no string built.
 */
export class PairIds {
  private readonly ids = new Map<number, number>();
  private readonly firsts: number[] = [];
  private readonly seconds: number[] = [];

  /** The id of the pair, given out in order of first sight from 0. Parts are below 2^26. */
  idOf(first: number, second: number): number {
    const key = first * 67_108_864 + second;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.firsts.length;
    this.firsts.push(first);
    this.seconds.push(second);
    this.ids.set(key, id);
    return id;
  }

  /** First part of a pair. */
  firstOf(id: number): number {
    return this.firsts[id];
  }

  /** Second part of a pair. */
  secondOf(id: number): number {
    return this.seconds[id];
  }

  get size(): number {
    return this.firsts.length;
  }
}
