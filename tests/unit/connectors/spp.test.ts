import { testGoldenCases } from './golden-market.ts';

testGoldenCases('spp');
