export const review = `name: review
description: Several reviewers look at the project side by side, each for one thing; the last one weighs what they found and gives the verdict.
max_budget: 6
max_parallel: 3

inputs:
  reviewer: { default: claude-sonnet, description: Who looks. }
  judge: { default: claude-opus, description: Who gives the verdict. }
  focus: { default: "everything that the specification below speaks of", description: What is reviewed. }

outputs:
  comments: "{verdict.comments}"

steps:
  - name: reviews
    parallel: true
    steps:
      - name: correctness
        type: artifact
        agent: "{reviewer}"
        prompt: |
          Review {focus} for correctness: wrong results, edges and errors that are not handled, races, lost data.
          Show for each finding the file, the line and an input for which it goes wrong. Change nothing.

          {spec}
        guard: { max_turns: 40 }
      - name: security
        type: artifact
        agent: "{reviewer}"
        prompt: |
          Review {focus} for security: input that is trusted too far, secrets that leak, paths and commands that somebody
          else can choose, rights that are wider than needed. Show for each finding how it would be used. Change nothing.

          {spec}
        guard: { max_turns: 40 }
      - name: tests
        type: artifact
        agent: "{reviewer}"
        prompt: |
          Review the tests of {focus}: which behaviour would break without a test noticing, and which tests can never
          fail? Name the file and the missing case for each. Change nothing.

          {spec}
        guard: { max_turns: 40 }

  - name: verdict
    type: validate
    agent: "{judge}"
    prompt: |
      Three reviewers looked at {focus}. Check what they say against the code: drop what is wrong or does not matter,
      join what is said twice. Let it pass only if nothing is left that must be changed. Otherwise list what must be
      changed, the most serious first, with the file and what would make it right.

      Correctness:
      {reviews/correctness.output}

      Security:
      {reviews/security.output}

      Tests:
      {reviews/tests.output}

      The specification:
      {spec}
    retry:
      - exit: 2
`;
