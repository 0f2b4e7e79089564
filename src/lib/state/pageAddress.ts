/** The address of the page without its fragment and file name; assets and config.json stand beside it. */
export function pageBaseUrl(): string {
	return new URL('.', location.href).href;
}
