import type { Stage } from './stage.ts';

/**
 * A project whose tests are a shell script, and agents for the built-in `tdd`: a planner, a cheap one that gets the
 * second task right only after its gate has failed, and never the third; a strong one that can do that.
 */
export function prepareTdd(stage: Stage): void {
  stage.write({
    'test/run.sh': `status=0; n=0
for file in test/*.test; do
  [ -e "$file" ] || continue
  n=$((n + 1)); name=$(basename "$file" .test)
  if [ "$(cat "src/$name" 2>/dev/null)" = "$(cat "$file")" ]; then echo "ok $n - $name"; else echo "not ok $n - $name"; status=1; fi
done
echo "# tests $n"
exit $status
`,
  });
  const usage = (input: number, cost: number) =>
    `echo '{"type":"usage","inputTokens":${input},"outputTokens":100,"costUsd":${cost},"turns":1}'`;
  stage.agents(
    {
      'claude-opus': `cat > /dev/null
echo 'I see three tasks.'
cat <<'JSON'
\`\`\`json
{ "tasks": [
  { "name": "easy", "description": "Sell." , "files": ["src/easy", "test/easy.test"] },
  { "name": "middle", "description": "Give change.", "files": ["src/middle", "test/middle.test"] },
  { "name": "hard", "description": "Take cards." }
] }
\`\`\`
JSON
${usage(5000, 0.03)}
`,
      'claude-haiku': `cat > /dev/null
task=$(echo "$PAWL_STEP" | cut -d/ -f2); mkdir -p src test
case $PAWL_STEP in
  */red) echo "$task!" > "test/$task.test" ;;
  *) case "$task $PAWL_ATTEMPT" in
       "easy 1" | "middle 2") echo "$task!" > "src/$task" ;;
       *) echo "$task $PAWL_ATTEMPT" > "src/$task" ;;
     esac ;;
esac
echo "wrote for $task"
${usage(1000, 0.002)}
`,
      'claude-sonnet': `cat > /dev/null
task=$(echo "$PAWL_STEP" | cut -d/ -f2)
echo "$task!" > "src/$task"
${usage(3000, 0.01)}
`,
    },
    'commands: { compile: "true", lint: "true", test: "sh test/run.sh" }\n',
  );
  stage.commit('A project with tests');
}
