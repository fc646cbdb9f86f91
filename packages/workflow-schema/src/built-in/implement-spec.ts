export const implementSpec = `name: implement-spec
description: The spec becomes tasks; each is built until the tests and a reviewer of the architecture agree, then tried out.
max_budget: 20

steps:
  - name: decompose
    type: split
    agent: claude-opus
    context:
      - bash: cat docs/architecture.md ARCHITECTURE.md 2>/dev/null || true
    gate: [schema]
    retry:
      - exit: 2
    each:
      - name: converge
        type: code
        agent: claude-sonnet
        context:
          - bash: cat docs/architecture.md ARCHITECTURE.md 2>/dev/null || true
        prompt: |
          Do this task, with tests for what you add: {task.description}
          Files that belong to it: {task.files}
          Keep to the architecture of the project.
        guard:
          max_turns: 80
        gate:
          - compile
          - test
          - validate: validators/arch-review
            diff: "{diff}"
            task: "{task.description}"
        retry:
          - attempt: 2
            prompt: |
              It did not pass:
              {error}
              What the reviewer says:
              {gate.review.comments}

              Put exactly this right. The task is still: {task.description}
          - attempt: 4
            agent: claude-opus
            session: new
            worktree: reset
            prompt: |
              Others have tried this task and failed; you start from where they started.
              {task.description}
              Files that belong to it: {task.files}
              What the reviewer said last:
              {prev.gate.review.comments}
          - exit: 6

      - name: smoke
        type: code
        agent: "{converge.agent}"
        session: { from: converge }
        prompt: |
          Try out what you have built as its user would: {task.description}
          Where it does not do what it should, repair it and add the test that was missing.
        guard:
          max_turns: 40
        gate: [compile, test]
        retry:
          - exit: 3

  - name: quality
    gate: [compile, lint, test]
`;
