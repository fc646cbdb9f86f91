import { cpSync } from 'node:fs';
import { executable } from '@pawl/build/tsup';

export default executable({
  // `pawl dashboard` works wherever pawl does: the other app comes along as it was built.
  async onSuccess() {
    cpSync('../dashboard/dist', 'dist/dashboard', { recursive: true });
  },
});
