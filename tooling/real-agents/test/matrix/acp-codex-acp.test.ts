import { liveAcpCodex } from '../../src/matrix/live-agents.ts';
import { testRow } from '../../src/matrix/test-row.ts';

testRow(liveAcpCodex);
