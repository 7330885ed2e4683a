/** PJM's golden cases: every dataset, the days on which the clock changes, every form of a body. */

import { samples } from '../../../scripts/samples/make-pjm-samples.ts';
import { testGoldenCases, testMadeFiles } from '../../support/golden-cases.ts';

testGoldenCases('pjm');
testMadeFiles(samples(), 'scripts/samples/make-pjm-samples.ts');
