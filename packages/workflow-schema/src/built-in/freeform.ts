export const freeform = `name: freeform
description: One agent does what the spec says; the project must still compile.
max_budget: 5

steps:
  - name: work
    type: code
    agent: claude-opus
    prompt: |
      Do what this specification asks, completely. Look at the project first and follow its ways.

      {spec}
    guard:
      max_turns: 80
    gate: [compile]
`;
