import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** The layers of src/lib, lowest first. A folder imports only from lower lines; folders on one line never each other. */
const LAYERS = [
	['errors'],
	['bytes'],
	['chain'],
	['election'],
	['wire'],
	['storage', 'network', 'mining', 'proofs', 'clock'],
	['audit', 'organising'],
	['node'],
	['state'],
	['ui']
];

/** Only these files construct real adapters; the second is for pages that need no node. */
const COMPOSITION_ROOT = ['src/lib/node/boot.ts', 'src/lib/node/walletAccess.ts'];

/** Folders that are pure: no clock, no randomness, no I/O. */
const PURE = ['bytes', 'chain', 'election', 'wire'];

/** @type {import('eslint').Linter.Config[]} */
const importDirection = LAYERS.flatMap((layer, index) =>
	layer.map((folder) => {
		const beside = layer.filter((other) => other !== folder);
		const above = LAYERS.slice(index + 1).flat();
		const forbidden = [...beside, ...above];
		return {
			files: [`src/lib/${folder}/**/*.{ts,svelte}`],
			// Tests may stand a layer beside another, the code may not.
			ignores: ['**/*.test.ts', '**/testing/**'],
			rules: {
				'no-restricted-imports': [
					'error',
					{
						patterns: [
							...(forbidden.length === 0
								? []
								: [
										{
											regex: `^(\\.\\./|\\$lib/)+(${forbidden.join('|')})(/|$)`,
											message: `${folder}/ may not import from a folder beside or above it (see LAYERS in eslint.config.js).`
										}
									]),
							{ regex: '(^|/)routes/', message: 'Nothing imports from the routes.' }
						]
					}
				]
			}
		};
	})
);

export default defineConfig(
	globalIgnores(['build', '.svelte-kit', 'node_modules', 'test-results', 'playwright-report']),
	js.configs.recommended,
	ts.configs.recommended,
	svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.browser, ...globals.node } },
		rules: {
			'no-undef': 'off',
			'no-console': 'error',
			eqeqeq: 'error',
			'@typescript-eslint/consistent-type-imports': 'error'
		}
	},
	{
		files: ['src/**/*.ts', 'src/**/*.svelte', 'tests/**/*.ts', '*.ts'],
		languageOptions: {
			parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig }
		},
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/await-thenable': 'error'
		}
	},
	{
		files: PURE.map((folder) => `src/lib/${folder}/**/*.ts`),
		ignores: ['**/*.test.ts', '**/testing/**'],
		rules: {
			'no-restricted-globals': [
				'error',
				...['crypto', 'indexedDB', 'fetch', 'setTimeout', 'setInterval', 'performance', 'navigator', 'window']
			],
			'no-restricted-properties': [
				'error',
				{ object: 'Date', property: 'now', message: 'Time comes in as an argument.' },
				{ object: 'Math', property: 'random', message: 'Chance comes in as an argument.' }
			],
			'no-restricted-syntax': [
				'error',
				{ selector: 'AwaitExpression', message: 'The pure layers are synchronous.' },
				{ selector: ':function[async=true]', message: 'The pure layers are synchronous.' }
			]
		}
	},
	...importDirection,
	{
		files: ['src/lib/node/**/*.ts'],
		ignores: ['**/*.test.ts', '**/testing/**', ...COMPOSITION_ROOT],
		rules: {
			'no-restricted-syntax': [
				'error',
				{
					// Waiting times are arithmetic, and both layers need them.
					selector:
						'ImportDeclaration[importKind!="type"][source.value=/\\.\\.\\/(?!network\\/backoff$)(storage|network|mining|proofs|clock)\\//]',
					message: 'Only boot.ts and walletAccess.ts construct real adapters; the node sees their ports, as types.'
				}
			]
		}
	},
	{
		files: ['tests/**'],
		rules: {
			'no-console': 'off',
			// Playwright reads which fixtures a fixture needs from its first parameter's pattern, be it empty.
			'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }]
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		// Links are fragments of the one page (hash routing); resolve() adds nothing to them.
		rules: { 'svelte/no-navigation-without-resolve': 'off' }
	}
);
