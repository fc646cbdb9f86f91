export const tdd = `name: tdd
description: The spec becomes tasks; for each one an agent writes failing tests first, then the code that makes them pass.
max_budget: 8

steps:
  - name: decompose
    type: split
    agent: claude-opus
    gate: [schema]
    retry:
      - exit: 2
    each:
      - name: red
        type: code
        agent: claude-haiku
        prompt: |
          Write tests for this task, before there is any code for it: {task.description}
          Cover the edges and the errors too. The tests must fail now and pass once the task is done.
          Write tests only, not the code that they test.
          Files that belong to the task: {task.files}
        guard:
          max_turns: 40
        gate:
          - compile
          - touched: "{**/*_test.*,**/*.test.*,**/*.spec.*,**/test_*,**/test/**,**/tests/**,**/__tests__/**}"
          - tests_found
        retry:
          - attempt: 2
            agent: claude-sonnet
          - exit: 3

      - name: green
        type: code
        agent: claude-haiku
        session: { from: red }
        prompt: |
          Now write the code that makes the tests of this task pass: {task.description}
          Leave the tests as they are.
          Files that belong to the task: {task.files}
        guard:
          max_turns: 60
        gate:
          - compile
          - test
          - untouched: "{**/*_test.*,**/*.test.*,**/*.spec.*,**/test_*,**/test/**,**/tests/**,**/__tests__/**}"
        retry:
          - attempt: 2
            prompt: |
              It is not right yet:
              {error}

              Make the tests pass without changing them.
              Files that belong to the task: {task.files}
          - attempt: 4
            agent: claude-sonnet
            session: new
          - exit: 5

  - name: quality
    gate: [compile, lint, test]
`;
