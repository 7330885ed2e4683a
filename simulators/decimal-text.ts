/** Numbers as each market spells them, from integers at its decimals. */

import { formatScaled } from '../core/model/decimal.ts';

/** `23.41`, `-0.37`, `16`: plain, without trailing zeros. The form in which values are told to tests. */
export function plainText(mantissa: number, decimals: number): string {
  return formatScaled(BigInt(mantissa), decimals);
}

/** `.74`, `-.37`, `16`: MISO's files, without the zero in front. */
export function bareText(mantissa: number, decimals: number): string {
  return plainText(mantissa, decimals).replace(/^(-?)0\./, '$1.');
}

/** `54.10`, `0.00`: always the market's decimals. */
export function fixedText(mantissa: number, decimals: number): string {
  const digits = String(Math.abs(mantissa)).padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  return `${mantissa < 0 ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}`;
}

/** `$1,234.50`, `-$0.37`: as some preliminary files of MISO were formatted. */
export function dollarText(plain: string): string {
  const [whole, fraction = ''] = plain.replace('-', '').split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${plain.startsWith('-') ? '-' : ''}$${grouped === '' ? '0' : grouped}.${fraction.padEnd(2, '0')}`;
}
