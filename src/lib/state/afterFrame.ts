/** A tab in the background gets no animation frames, so a timer stands in for them. */
const HIDDEN_TAB_MS = 250;

/**
 * Makes a function that runs `update` at most once an animation frame however often it is called, and one that cancels
 * what is due.
 */
export function oncePerFrame(update: () => void): { request: () => void; cancel: () => void } {
	let frame: number | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const cancel = () => {
		if (frame !== undefined) cancelAnimationFrame(frame);
		clearTimeout(timer);
		frame = timer = undefined;
	};
	const run = () => {
		cancel();
		update();
	};
	const request = () => {
		if (frame !== undefined) return;
		frame = requestAnimationFrame(run);
		timer = setTimeout(run, HIDDEN_TAB_MS);
	};
	return { request, cancel };
}
