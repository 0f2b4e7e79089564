type Key = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/**
 * The edge of the page to which browsers scroll when this key is pressed: Home and End, also with Control, and on a Mac Command with an
 * arrow. With Shift they select, with Alt they go to other pages.
 */
export function edgeOfKey({ key, altKey, ctrlKey, metaKey, shiftKey }: Key): 'top' | 'bottom' | undefined {
	if (altKey || shiftKey || (ctrlKey && metaKey)) return undefined;
	const [top, bottom] = metaKey ? ['ArrowUp', 'ArrowDown'] : ['Home', 'End'];
	if (key === top) return 'top';
	return key === bottom ? 'bottom' : undefined;
}
