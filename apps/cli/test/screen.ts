/** As much of a terminal as a display uses: a cursor that goes up, lines that are written over, broken and erased. */
export class Screen {
  readonly isTTY = true;
  rows = 24;
  columns = 80;
  /** What it answers when it is asked how wide it is: changed before its signal has come. */
  asked: number | undefined;
  writes = 0;
  bytes = 0;
  #lines: string[] = [''];
  /** Up to where something was written in each row since it was last emptied: tmux breaks a line by that. */
  #used: number[] = [];
  #row = 0;
  #column = 0;
  #cuts = false;

  _refreshSize = (): void => {
    this.columns = this.asked ?? this.columns;
  };

  write(text: string): boolean {
    this.writes += 1;
    this.bytes += text.length;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is sent
    for (const [part, count, what] of text.matchAll(/\u001b\[\??(\d*)([A-Za-z])|\n|[^\n\u001b]+/g)) {
      if (part === '\u001b[?7l') this.#cuts = true;
      else if (part === '\u001b[?7h') this.#cuts = false;
      else if (what === 'A') this.#row = Math.max(0, this.#row - Number(count));
      else if (what === 'K') this.#clear(count === '2' ? 0 : this.#column);
      else if (what === 'J') {
        this.#clear(this.#column);
        this.#lines.length = this.#row + 1;
        this.#used.length = this.#row + 1;
      } else if (part === '\n') this.#next();
      else if (what === undefined) for (const character of part) this.#put(character);
    }
    return true;
  }

  /** Becomes narrower, and breaks what stands there as tmux does. */
  narrow(columns: number): void {
    const piece = new RegExp(`.{1,${columns}}`, 'g');
    const rows = this.#lines.map((line, row) => line.padEnd(this.#used[row] ?? 0).match(piece) ?? ['']);
    this.#row = rows.slice(0, this.#row).reduce((sum, pieces) => sum + pieces.length, 0);
    this.#lines = rows.flat();
    this.#used = this.#lines.map(({ length }) => length);
    this.columns = columns;
  }

  #clear(from: number): void {
    this.#set((this.#lines[this.#row] ?? '').slice(0, from));
    if (from === 0) this.#used[this.#row] = 0;
  }

  /** What stands there now. */
  get text(): string {
    return this.#lines.join('\n').trimEnd();
  }

  #put(character: string): void {
    if (this.#column >= this.columns && this.#cuts) return;
    if (this.#column >= this.columns) this.#next();
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    this.#set(line.slice(0, this.#column) + character + line.slice(this.#column + 1));
    this.#column += 1;
    this.#used[this.#row] = Math.max(this.#used[this.#row] ?? 0, this.#column);
  }

  #next(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row >= this.#lines.length) this.#lines.push('');
  }

  #set(line: string): void {
    this.#lines[this.#row] = line;
  }
}
