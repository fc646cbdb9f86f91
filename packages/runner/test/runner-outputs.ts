/** What test runners print, as it looks without a terminal; a few with the colours they use when they are forced to. */
export const outputs: readonly (readonly [runner: string, tests: number | undefined, output: string])[] = [
  [
    'node --test, spec',
    3,
    `▶ adds
  ✔ one and one (0.56ms)
  ✖ one and two (0.31ms)
▶ adds (2.1ms)
✔ top (0.1ms)
ℹ tests 3
ℹ pass 2
ℹ fail 1
ℹ duration_ms 45.2

✖ failing tests:
`,
  ],
  [
    'node --test, tap',
    2,
    `TAP version 13
# Subtest: adds
    # Subtest: one
    ok 1 - one
      ---
      duration_ms: 0.5
      ...
    1..1
not ok 1 - adds
1..2
# tests 2
# suites 0
# pass 1
# fail 1
`,
  ],
  ['node --test, none', 0, 'ℹ tests 0\nℹ suites 0\nℹ pass 0\nℹ fail 0\nℹ duration_ms 3.2\n'],
  [
    'node --test, two packages',
    5,
    'a:test: ℹ nothing\nℹ tests 2\nℹ pass 2\n\n> b@1.0.0 test\n> node --test\n\nℹ tests 3\nℹ pass 3\n',
  ],
  [
    'vitest',
    3,
    `
 RUN  v5.1.0 /work

 ✓ test/a.test.ts (1 test) 2ms
 ❯ test/b.test.ts (2 tests | 1 failed) 5ms
   × adds

 Test Files  1 failed | 1 passed (2)
      Tests  1 failed | 2 passed (3)
   Start at  11:24:07
   Duration  1.15s
`,
  ],
  [
    'vitest, in colour',
    1,
    '\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m1 passed\u001b[39m\u001b[22m\u001b[90m (1)\u001b[39m\n',
  ],
  ['vitest, a file that does not load', 0, ' Test Files  1 failed (1)\n      Tests  no tests\n   Start at  11:24:07\n'],
  ['vitest, no file', 0, 'No test files found, exiting with code 1\n\ninclude: **/*.test.ts\n'],
  [
    'jest',
    4,
    `FAIL test/a.test.js
  ● adds › one

    expect(received).toBe(expected)

Test Suites: 1 failed, 1 passed, 2 total
Tests:       1 failed, 1 skipped, 2 passed, 4 total
Snapshots:   0 total
`,
  ],
  ['jest, in colour', 1, '\u001b[1mTests:       \u001b[22m\u001b[1m\u001b[32m1 passed\u001b[39m\u001b[22m, 1 total\n'],
  [
    'jest, a suite that does not load',
    0,
    'Test Suites: 1 failed, 1 total\nTests:       0 total\nSnapshots:   0 total\n',
  ],
  ['jest, none', 0, 'No tests found, exiting with code 1\nRun with `--passWithNoTests` to exit with code 0\n'],
  [
    'mocha',
    3,
    '\n\n  adds\n    ✔ one\n    1) two\n    - three\n\n\n  1 passing (5ms)\n  1 pending\n  1 failing\n\n  1) adds\n',
  ],
  ['mocha, all fail', 2, '\n\n  0 passing (3ms)\n  2 failing\n\n  1) adds\n'],
  ['mocha, none', 0, '\n\n  0 passing (1ms)\n\n'],
  [
    'pytest',
    3,
    `============================= test session starts ==============================
collected 3 items

test_a.py .F.                                                            [100%]

=================================== FAILURES ===================================
E       assert 1 == 2
=========================== short test summary info ============================
FAILED test_a.py::test_b - assert 1 == 2
========================= 1 failed, 2 passed in 0.03s ==========================
`,
  ],
  [
    'pytest -v',
    2,
    `collecting ... collected 2 items

test_a.py::test_a PASSED                                                 [ 50%]
test_a.py::test_b SKIPPED (not now)                                      [100%]

======================== 1 passed, 1 skipped in 0.01s =========================
`,
  ],
  [
    'pytest -q',
    4,
    '.F.s                                            [100%]\n1 failed, 2 passed, 1 skipped, 1 warning in 0.03s\n',
  ],
  ['pytest -q, a long one', 2, '..                                            [100%]\n2 passed in 71.20s (0:01:11)\n'],
  [
    'pytest, none',
    0,
    'collected 0 items\n\n============================ no tests ran in 0.01s ============================\n',
  ],
  ['pytest -q, none', 0, '\nno tests ran in 0.00s\n'],
  [
    'pytest, all deselected',
    0,
    'collected 5 items / 5 deselected / 0 selected\n\n============ 5 deselected in 0.01s ============\n',
  ],
  [
    'pytest, some deselected',
    2,
    'collected 5 items / 3 deselected / 2 selected\n\n====== 2 passed, 3 deselected in 0.01s ======\n',
  ],
  [
    'pytest, a file that does not load',
    0,
    'collected 0 items / 1 error\n\n=== ERRORS ===\n=========================== 1 error in 0.05s ===========================\n',
  ],
  [
    'pytest -q, a file that does not load',
    0,
    'ERROR test_a.py\n!!!! Interrupted: 1 error during collection !!!!\n1 error in 0.05s\n',
  ],
  ['go test', 2, 'ok  \texample.com/a\t0.003s\nok  \texample.com/b\t(cached)\n?   \texample.com/c\t[no test files]\n'],
  [
    'go test, failing',
    1,
    '--- FAIL: TestAdd (0.00s)\n    a_test.go:8: got 3\nFAIL\nFAIL\texample.com/a\t0.004s\nFAIL\n',
  ],
  [
    'go test -v',
    4,
    `=== RUN   TestAdd
=== RUN   TestAdd/one
    --- PASS: TestAdd/one (0.00s)
--- PASS: TestAdd (0.00s)
=== RUN   TestSkip
    a_test.go:9: not now
--- SKIP: TestSkip (0.00s)
--- FAIL: TestB (0.00s)
FAIL
FAIL\texample.com/a\t0.002s
`,
  ],
  ['go test, with coverage', 1, 'ok  \texample.com/a\t0.003s\tcoverage: 50.0% of statements\n'],
  ['go test, no files', 0, '?   \texample.com/a\t[no test files]\n'],
  ['go test -v, none', 0, 'testing: warning: no tests to run\nPASS\nok  \texample.com/a\t0.001s [no tests to run]\n'],
  ['go test, cached none', 0, 'ok  \texample.com/a\t(cached) [no tests to run]\n'],
  [
    'go test, does not build',
    undefined,
    '# example.com/a\n./a.go:3:5: undefined: x\nFAIL\texample.com/a [build failed]\nFAIL\n',
  ],
  [
    'cargo test',
    3,
    `running 2 tests
test tests::b ... FAILED

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests a

running 1 test
test src/lib.rs - add (line 3) ... ok
`,
  ],
  [
    'cargo test, none',
    0,
    'running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n',
  ],
  ['cargo nextest', 3, '────────────\n     Summary [   0.005s] 3 tests run: 2 passed, 1 failed, 0 skipped\n'],
  ['unittest', 2, '.F\n======\nFAIL: test_b\n------\nRan 2 tests in 0.001s\n\nFAILED (failures=1)\n'],
  ['unittest, one', 1, '.\n------\nRan 1 test in 0.000s\n\nOK\n'],
  ['unittest, none', 0, '\n------\nRan 0 tests in 0.000s\n\nNO TESTS RAN\n'],
  [
    'maven',
    3,
    `[INFO]  T E S T S
[INFO] Running com.example.AppTest
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! -- in com.example.AppTest
[INFO] Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.01 s -- in com.example.BTest
[INFO]
[INFO] Results:
[INFO]
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0
[INFO]
`,
  ],
  [
    'maven, in colour',
    1,
    '[\u001b[1;34mINFO\u001b[m] \u001b[1;32mTests run: \u001b[0;1;32m1\u001b[m, Failures: 0, Errors: 0, Skipped: 0\n',
  ],
  ['maven, none', 0, '[INFO] No tests to run.\n[INFO] BUILD SUCCESS\n'],
  ['rspec', 3, 'F..\n\nFailures:\n\nFinished in 0.01 seconds\n3 examples, 1 failure\n\nFailed examples:\n'],
  ['rspec, none', 0, 'No examples found.\n\nFinished in 0.0003 seconds\n0 examples, 0 failures\n'],
  ['minitest', 2, 'Finished in 0.001s, 1800 runs/s.\n2 runs, 3 assertions, 1 failures, 0 errors, 0 skips\n'],
  ['ExUnit', 3, 'Finished in 0.03 seconds\n1 doctest, 3 tests, 1 failure\n'],
  ['phpunit', 3, 'OK (3 tests, 5 assertions)\n'],
  ['phpunit, failing', 3, 'FAILURES!\nTests: 3, Assertions: 5, Failures: 1.\n'],
  ['phpunit, none', 0, 'No tests executed!\n'],
  [
    'dotnet test',
    4,
    'Failed!  - Failed:     1, Passed:     3, Skipped:     0, Total:     4, Duration: 8 ms - A.dll (net8.0)\n',
  ],
  ['ctest', 4, '75% tests passed, 1 tests failed out of 4\n'],
  ['bun test', 3, ' 2 pass\n 1 fail\n 4 expect() calls\nRan 3 tests across 1 file. [12.00ms]\n'],
  ['deno test', 3, 'running 3 tests from ./a_test.ts\n\nFAILED | 2 passed | 1 failed (5ms)\n'],
  ['playwright', 4, '  1 failed\n    [chromium] › a.spec.ts:3:1 › adds\n  3 passed (2.1s)\n'],
  ['TAP', 2, '1..2\nok 1 - a\nnot ok 2 - b\n'],
  ['TAP, none', 0, '1..0 # skipped\n'],
  ['node --test beside others without', 2, 'running 0 tests\n\nℹ tests 2\n'],

  ['any text', undefined, 'hello\nall good\n'],
  ['nothing', undefined, ''],
  ['a linter', undefined, '✖ 3 problems (1 error, 2 warnings)\nStep 3 failed\nExit status 1\n'],
  ['numbers in a sentence', undefined, 'We passed 3 tests of 4, 2 failed last week.\nTests are in test/ (3)x\n'],
  ['npm without a script', undefined, 'npm error Missing script: "test"\n'],
];
