export const migrate = `name: migrate
description: One change over many files. They are grouped into tasks, done side by side by a cheap agent that a stronger one follows, and checked as a whole.
max_budget: 15
max_parallel: 4

inputs:
  worker: { default: claude-haiku, description: Who changes the files. }
  expert: { default: claude-sonnet, description: Who takes over where that fails. }

steps:
  - name: survey
    type: split
    parallel: true
    agent: "{expert}"
    prompt: |
      The specification describes a change that many files need. Find every file that needs it; search, do not guess.
      Group the files into tasks of about ten that belong together. The tasks are done at the same time: no file may be
      in two of them. Give each task its files, and in the description all that somebody needs who reads nothing else:
      what to change, how, and one example from before and after.

      {spec}
    gate: [schema]
    retry:
      - exit: 2
    each:
      - name: apply
        type: code
        agent: "{worker}"
        prompt: |
          Make this change in these files, in all of them and in no others: {task.files}

          {task.description}
        guard:
          max_turns: 60
        gate: [compile]
        retry:
          - attempt: 2
            prompt: |
              The change is not right yet:
              {error}

              The files: {task.files}
          - attempt: 3
            agent: "{expert}"
            session: new
          - exit: 4

  - name: finish
    loop: { until: gate.test, max: 3 }
    gate: [compile, test]
    steps:
      - name: leftovers
        type: code
        agent: "{expert}"
        prompt: |
          A change over many files was made in parts, as the specification below says. Search for places that were left
          out, make the parts fit together, and see that the project compiles and its tests pass.
          What failed last: {finish.gate.test.error}

          {spec}
        guard:
          max_turns: 60
`;
