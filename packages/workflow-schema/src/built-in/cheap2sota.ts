export const cheap2sota = `name: cheap2sota
description: Each task starts with a cheap agent and climbs to a stronger one only where the checks fail.
max_budget: 10

inputs:
  cheap: { default: qwen, description: The agent that tries first. }

steps:
  - name: plan
    type: split
    agent: claude-sonnet
    gate: [schema]
    retry:
      - exit: 2
    each:
      - name: impl
        type: code
        agent: "{cheap}"
        prompt: |
          Do this task, with tests for what you add: {task.description}
          Files that belong to it: {task.files}
        guard:
          max_turns: 60
        gate: [compile, test]
        retry:
          - attempt: 2
            prompt: |
              It is not right yet:
              {error}

              Repair exactly this. The task is still: {task.description}
          - attempt: 3
            agent: claude-haiku
          - attempt: 4
            agent: claude-sonnet
          - attempt: 5
            agent: claude-opus
            session: new
            worktree: reset
            prompt: |
              Others have tried this task and failed; you start from where they started.
              {task.description}
              Files that belong to it: {task.files}
              What failed last:
              {error}
          - exit: 6

  - name: quality
    gate: [compile, lint, test]
`;
