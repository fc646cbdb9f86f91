/** What Cursor is given of the environment besides the common ones. */
export const environment: readonly string[] = ['CURSOR_API_KEY', 'CURSOR_CONFIG_DIR'];
