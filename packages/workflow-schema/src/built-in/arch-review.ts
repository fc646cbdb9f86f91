export const archReview = `name: arch-review
description: Judges a change against the task and the architecture of the project. Give it the \`diff\`, and the \`task\` where there is one.

inputs:
  diff: { description: The change. }
  task: { default: "", description: What the change is for. }
  agent: { default: claude-opus, description: Who judges. }

steps:
  - name: review
    type: validate
    agent: "{agent}"
    context:
      - bash: cat docs/architecture.md ARCHITECTURE.md 2>/dev/null || true
    prompt: |
      Judge a change to this project. Read the code around it; do not change anything.

      The task: {task}
      The specification: {spec}

      Let it pass only if all of this is so:
      - it does what was asked, and nothing else;
      - each part lies where the architecture of the project wants it, and uses what is there already;
      - no boundary between parts is crossed in a way that the project avoids elsewhere;
      - errors and edges are handled, and tests would notice if they were not.
      Style alone is no reason to refuse.

      Your verdict is JSON: {{"pass": true, "comments": "…"}}. When you refuse, name for every problem the file, what is
      wrong and what would make it right.

      The change:
      {diff}
    guard:
      max_turns: 30
    retry:
      - exit: 2
`;
