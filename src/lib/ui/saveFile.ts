/** Hands a text to the reader as a file, made in the page itself. */
export function saveFile(fileName: string, mediaType: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
	const anchor = document.createElement('a');
	anchor.href = url;
	anchor.download = fileName;
	anchor.click();
	// The browser has taken hold of the blob once the click was handled.
	setTimeout(() => URL.revokeObjectURL(url), 0);
}

export function saveJson(fileName: string, value: unknown): void {
	saveFile(fileName, 'application/json', JSON.stringify(value, undefined, '\t'));
}
