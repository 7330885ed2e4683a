/**
 * Five services on Kafka, a registry, PostgreSQL, Redis and the warehouse front: tests that follow one another on the same
 * engines, each in an empty world. One alone: `--test-name-pattern`.
 */

import { after } from 'node:test';
import { removeEnginesOfRun } from './engines.ts';
import './kills.ts';
import './storm.ts';
import './same-answers.ts';
import './frozen-stop.ts';
import './late-start.ts';

after(() => removeEnginesOfRun());
