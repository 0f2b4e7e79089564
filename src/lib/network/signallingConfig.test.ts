import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadSignallingConfig, parseSignallingConfig } from './signallingConfig';

const ORIGIN = new URL('https://vote.example/pollen/config.json');
const SERVER = { host: 'peers.example', port: 9000, path: '/peers', secure: false };

function answer(body: string, init?: ResponseInit): typeof fetch {
	return async () => new Response(body, init);
}

describe('config.json', () => {
	test('the one that is shipped is valid', () => {
		const text = readFileSync(new URL('../../../static/config.json', import.meta.url), 'utf8');
		expect(parseSignallingConfig(JSON.parse(text), ORIGIN)).toEqual({
			signalling: { host: '0.peerjs.com', port: 443, path: '/', secure: true },
			iceServers: [{ urls: 'stun:stun.l.google.com:19302' }],
			rendezvous: true
		});
	});

	test.each([
		['https://vote.example/pollen/', { host: 'vote.example', port: 443, path: '/peerjs', secure: true }],
		['http://vote.example/', { host: 'vote.example', port: 80, path: '/peerjs', secure: false }],
		['http://localhost:5173/', { host: 'localhost', port: 5173, path: '/peerjs', secure: false }],
		['http://[::1]:4173/', { host: '[::1]', port: 4173, path: '/peerjs', secure: false }]
	])('same-origin at %s', async (base, signalling) => {
		const fetchFile = answer('{"signalling":"same-origin","iceServers":[]}');
		expect(await loadSignallingConfig(base, fetchFile)).toEqual({ signalling, iceServers: [], rendezvous: true });
	});

	test('is read from beside the page, past the cache', async () => {
		const asked: unknown[] = [];
		await loadSignallingConfig('https://vote.example/pollen/', async (url, init) => {
			asked.push(String(url), init?.cache);
			return new Response(JSON.stringify({ signalling: SERVER, iceServers: [] }));
		});
		expect(asked).toEqual(['https://vote.example/pollen/config.json', 'no-cache']);
	});

	test('TURN servers with their credentials are passed on', () => {
		const iceServers = [{ urls: ['turn:turn.example:3478', 'turns:turn.example'], username: 'u', credential: 'c' }];
		expect(parseSignallingConfig({ signalling: SERVER, iceServers }, ORIGIN)).toEqual({
			signalling: SERVER,
			iceServers,
			rendezvous: true
		});
	});

	test.each<[string, unknown, string]>([
		['nothing', null, 'the whole file'],
		['no servers', { iceServers: [] }, 'signalling'],
		['another word', { signalling: 'here', iceServers: [] }, 'signalling'],
		['no ICE servers', { signalling: SERVER }, 'iceServers'],
		['a host with a path', { signalling: { ...SERVER, host: 'peers.example/x' }, iceServers: [] }, 'signalling'],
		['a port out of range', { signalling: { ...SERVER, port: 65_536 }, iceServers: [] }, 'signalling'],
		['a path without a slash', { signalling: { ...SERVER, path: 'peers' }, iceServers: [] }, 'signalling'],
		['a path with a query', { signalling: { ...SERVER, path: '/?key=1' }, iceServers: [] }, 'signalling'],
		['secure as text', { signalling: { ...SERVER, secure: 'yes' }, iceServers: [] }, 'signalling'],
		['an unknown field', { signalling: SERVER, iceServers: [], extra: 1 }, 'extra'],
		['an ICE server of another kind', { signalling: SERVER, iceServers: [{ urls: 'https://x' }] }, 'iceServers.0.urls']
	])('%s is signalling-unreachable and says where', (_, json, place) => {
		const refused = expect.objectContaining({
			code: 'signalling-unreachable',
			message: expect.stringContaining(`broken at ${place}`)
		});
		expect(() => parseSignallingConfig(json, ORIGIN)).toThrow(refused);
	});

	test.each<[string, typeof fetch, string]>([
		['missing', answer('not here', { status: 404 }), 'status 404'],
		['no JSON', answer('<!doctype html>'), 'not JSON'],
		['unreachable', () => Promise.reject(new TypeError('offline')), 'could not be read']
	])('%s is signalling-unreachable', async (_, fetchFile, words) => {
		await expect(loadSignallingConfig('https://vote.example/', fetchFile)).rejects.toMatchObject({
			code: 'signalling-unreachable',
			message: expect.stringContaining(words)
		});
	});
});
