export const bugfix = `name: bugfix
description: Find the cause of a bug, write a test that shows it, then fix it.
max_budget: 5

steps:
  - name: analyse
    type: split
    agent: claude-sonnet
    prompt: |
      Find the cause of the bug that this report describes. Plan one task: how to reproduce the bug in a test, what the
      cause is, and what must be true once it is fixed. List the files that the test and the fix will change.

      {spec}
    gate: [schema]
    retry:
      - exit: 2
    each:
      - name: reproduce
        type: code
        agent: claude-haiku
        prompt: |
          Write a test that shows this bug: {task.description}
          It must fail with the code as it is, for the reason that the report gives. Do not fix the bug yet.
        guard:
          max_turns: 30
        gate: [compile, tests_found]
        retry:
          - attempt: 2
            agent: claude-sonnet
          - exit: 3

      - name: patch
        type: code
        agent: claude-haiku
        session: { from: reproduce }
        prompt: |
          Fix the bug at its cause, so that the new test passes and all others still do.
          Files that belong to the task: {task.files}
        guard:
          max_turns: 40
        gate: [compile, test]
        retry:
          - attempt: 2
            prompt: |
              It is not fixed yet:
              {error}

              Files that belong to the task: {task.files}
          - attempt: 3
            agent: claude-sonnet
            session: new
          - exit: 4

  - name: quality
    gate: [compile, test]
`;
