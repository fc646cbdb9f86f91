export const simple = `name: simple
description: The spec becomes tasks; one agent does them one after the other, and the tests must pass after each.
max_budget: 5

steps:
  - name: plan
    type: split
    agent: claude-sonnet
    gate: [schema]
    retry:
      - exit: 2
    each:
      - name: work
        type: code
        agent: claude-sonnet
        prompt: |
          Do this task, with tests for what you add: {task.description}
          Files that belong to it: {task.files}
        guard:
          max_turns: 60
        gate: [compile, test]
        retry:
          - attempt: 3
            session: new
          - exit: 3
`;
