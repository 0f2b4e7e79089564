/** Hands a value to the reader as a file, made in the page itself. */
export function saveJson(value: unknown, fileName: string): void {
	const url = URL.createObjectURL(new Blob([JSON.stringify(value, undefined, '\t')], { type: 'application/json' }));
	const anchor = document.createElement('a');
	anchor.href = url;
	anchor.download = fileName;
	anchor.click();
	// The browser has taken hold of the blob once the click was handled.
	setTimeout(() => URL.revokeObjectURL(url), 0);
}
