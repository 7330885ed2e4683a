/**
 * Maximum smoothness (Benth, Koekebakker and Ollmar, "Extracting and applying smooth forward curves from average-based
 * commodity contracts with seasonal variation", 2007): of all curves that keep the means the one that bends least.
 */

import { BandedSystem } from './banded-system.ts';
import type { CurveSection } from './curve-section.ts';

/** What else the curve is asked for. */
export interface Smoothness {
  /** How much slopes count beside bending: 0 lets long sections swing, more pulls the curve level. */
  readonly tension?: number;
  /** Slope per day at the end of the last section; left free when absent. */
  readonly endSlope?: number;
}

/** Coefficients of a section, its mean, and value, slope and bend where it meets the next. */
const PER_SECTION = 9;
const MEAN = 5;
const JOINT = 6;
const BAND = 8;

/**
 * A polynomial of fourth degree per section, in a variable that goes from 0 to 1 within it, so that long curves lose no
 * digits. Value, slope and second derivative go on from section to section; minimal is the integral over the days of
 * the squared second derivative, plus tension times the squared slope. A day has the value at its beginning, and the
 * weighted mean of the days of a section is its price. One section alone is flat: nothing says how it slopes.
 * It is right to the last digits over months, and to nine digits of its swing where a day meets a year.
 */
export function maxSmoothness(run: readonly CurveSection[], smoothness: Smoothness = {}): Float64Array[] {
  const near = run[0].price;
  if (run.length === 1) return [new Float64Array(run[0].weights.length).fill(near)];
  const { tension = 0, endSlope } = smoothness;
  const lengths = run.map(({ start, end }) => end - start);
  const shortest = lengths.reduce((a, b) => Math.min(a, b));
  const system = new BandedSystem(PER_SECTION * run.length - (endSlope === undefined ? 3 : 2), BAND);
  run.forEach((section, s) => {
    addPenalty(system, s, lengths[s], shortest, tension);
    addMean(system, s, section, near);
    if (s + 1 < run.length) addJoint(system, s, lengths[s], lengths[s + 1]);
  });
  if (endSlope !== undefined) addEndSlope(system, run.length - 1, endSlope * lengths[run.length - 1]);
  const solution = system.solve();
  return run.map(({ weights }, s) => {
    const [a0, a1, a2, a3, a4] = solution.subarray(PER_SECTION * s, PER_SECTION * s + 5);
    return weights.map((_, day) => {
      const u = day / lengths[s];
      return near + (a0 + u * (a1 + u * (a2 + u * (a3 + u * a4))));
    });
  });
}

/** Integrals of products of derivatives of 1, u, … u^4, in days and scaled by the shortest section. */
function addPenalty(
  system: BandedSystem,
  s: number,
  length: number,
  shortest: number,
  tension: number,
): void {
  const base = PER_SECTION * s;
  const ratio = shortest / length;
  const bending = ratio * ratio * ratio;
  const slope = tension * shortest * shortest * ratio;
  for (let i = 1; i <= 4; i++)
    for (let j = i; j <= 4; j++) {
      const bend = i === 1 ? 0 : (i * (i - 1) * j * (j - 1)) / (i + j - 3);
      system.add(base + i, base + j, bending * bend + (slope * i * j) / (i + j - 1));
    }
}

function addMean(system: BandedSystem, s: number, { price, weights }: CurveSection, near: number): void {
  const base = PER_SECTION * s;
  const moments = new Float64Array(5);
  for (let day = 0; day < weights.length; day++) {
    let power = weights[day];
    for (let k = 0; k <= 4; k++) {
      moments[k] += power;
      power *= day / weights.length;
    }
  }
  for (let k = 0; k <= 4; k++) system.add(base + MEAN, base + k, moments[k] / moments[0]);
  system.right[base + MEAN] = price - near;
}

/** Value, slope and second derivative at the end of a section are those at the beginning of the next. */
function addJoint(system: BandedSystem, s: number, length: number, next: number): void {
  const base = PER_SECTION * s;
  const shorter = Math.min(length, next);
  let [here, there] = [1, 1];
  for (let derivative = 0; derivative <= 2; derivative++) {
    const row = base + JOINT + derivative;
    for (let k = derivative; k <= 4; k++) system.add(row, base + k, here * derived(k, derivative));
    system.add(row, base + PER_SECTION + derivative, -there * derived(derivative, derivative));
    here *= shorter / length;
    there *= shorter / next;
  }
}

function addEndSlope(system: BandedSystem, s: number, slope: number): void {
  const base = PER_SECTION * s;
  for (let k = 1; k <= 4; k++) system.add(base + JOINT, base + k, k);
  system.right[base + JOINT] = slope;
}

/** The factor that a derivative takes from u^k at u = 1. */
function derived(k: number, derivative: number): number {
  return derivative === 0 ? 1 : derivative === 1 ? k : k * (k - 1);
}
