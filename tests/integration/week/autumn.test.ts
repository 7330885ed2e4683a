/** The week in which clocks go back: a day of 25 hours. */

import { daysFromCivil } from '../../../core/time/instant.ts';
import { testWeek } from './market-week.ts';

testWeek({
  name: 'autumn',
  first: daysFromCivil(2025, 10, 30),
  days: 7,
  clockChange: { day: 3, hours: 25 },
});
