/**
 * Shows something at once or, while a pointer is pressed, after it was let go. Leaving a field by pressing a button must
 * not move that button away from under the pointer: there would be no click.
 */
export function afterPress(show: () => void): void {
	if (!document.documentElement.matches(':active')) return show();
	const letGo = new AbortController();
	const listen = (type: 'pointerup' | 'pointercancel') =>
		addEventListener(
			type,
			() => {
				letGo.abort();
				// The click comes in the same turn.
				setTimeout(show);
			},
			{ signal: letGo.signal }
		);
	listen('pointerup');
	listen('pointercancel');
}
