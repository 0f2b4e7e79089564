/** A tab in the background gets no animation frames, so a timer stands in for them. */
const HIDDEN_TAB_MS = 250;

/**
 * Makes a function that runs `update` at most once an animation frame however often it is called, and one that cancels
 * what is due.
 * @param pauseMs asked after each update: for so long there is to be no other
 */
export function oncePerFrame(
	update: () => void,
	pauseMs: () => number = () => 0
): { request: () => void; cancel: () => void } {
	let frame: number | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isPausing = false;
	let isWanted = false;
	const cancel = () => {
		if (frame !== undefined) cancelAnimationFrame(frame);
		clearTimeout(timer);
		frame = timer = undefined;
		isPausing = isWanted = false;
	};
	const endPause = () => {
		const wasWanted = isWanted;
		cancel();
		if (wasWanted) request();
	};
	const run = () => {
		cancel();
		update();
		const ms = pauseMs();
		if (ms <= 0) return;
		isPausing = true;
		timer = setTimeout(endPause, ms);
	};
	const request = () => {
		isWanted = true;
		if (frame !== undefined || isPausing) return;
		frame = requestAnimationFrame(run);
		timer = setTimeout(run, HIDDEN_TAB_MS);
	};
	return { request, cancel };
}
