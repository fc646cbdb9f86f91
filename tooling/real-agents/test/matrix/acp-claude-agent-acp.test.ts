import { liveAcpClaude } from '../../src/matrix/live-agents.ts';
import { testRow } from '../../src/matrix/test-row.ts';

testRow(liveAcpClaude);
