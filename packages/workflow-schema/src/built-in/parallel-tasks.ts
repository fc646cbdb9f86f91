export const parallelTasks = `name: parallel-tasks
description: The spec becomes tasks that need nothing of each other; all are done side by side and then put together.
max_budget: 12

steps:
  - name: plan
    type: split
    parallel: true
    agent: claude-opus
    gate: [schema]
    retry:
      - exit: 2
    each:
      - name: impl
        type: code
        agent: claude-sonnet
        prompt: |
          Do this task, with tests for what you add: {task.description}
          Change only files that belong to it: {task.files}
          Others work on the rest of the project at the same time.
        guard:
          max_turns: 60
        gate: [compile, test]
        retry:
          - attempt: 3
            agent: claude-opus
          - exit: 4

  - name: quality
    gate: [compile, lint, test]
`;
