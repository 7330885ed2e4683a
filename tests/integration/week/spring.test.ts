/** The week in which clocks go forward: a day of 23 hours. */

import { daysFromCivil } from '../../../core/time/instant.ts';
import { testWeek } from './market-week.ts';

testWeek({
  name: 'spring',
  first: daysFromCivil(2025, 3, 6),
  days: 7,
  clockChange: { day: 3, hours: 23 },
});
