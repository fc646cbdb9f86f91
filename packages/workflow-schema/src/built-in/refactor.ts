export const refactor = `name: refactor
description: Change the shape of code in small steps; the tests pass after each one and are not changed to fit.
max_budget: 8

steps:
  - name: plan
    type: split
    agent: claude-sonnet
    prompt: |
      Plan this refactoring as a series of small tasks. After each one the project compiles, its tests pass and its
      behaviour is what it was. List the files that each task changes.

      {spec}
    gate: [schema]
    retry:
      - exit: 2
    each:
      - name: apply
        type: code
        agent: claude-sonnet
        prompt: |
          Do this step of a refactoring: {task.description}
          Behaviour stays what it is. Change a test only where a name or a path in it must follow.
          Files that belong to the step: {task.files}
        guard:
          max_turns: 50
        gate: [compile, test]
        retry:
          - attempt: 2
            prompt: |
              The project is not whole yet:
              {error}

              Repair it without changing behaviour.
          - attempt: 3
            agent: claude-opus
            session: new
          - exit: 4

  - name: quality
    gate: [compile, lint, test]
`;
