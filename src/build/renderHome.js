import { argv, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

/**
 * Writes to its output the home page as Kit prerenders it, and the nodes (layouts and page) of every route, of the server
 * build in the folder that it is given. A program of its own, because what is imported stays until the program ends, and
 * a site may be built twice in one.
 *
 * With the hash router Kit prerenders nothing, since it cannot know which page an address will ask for. `startByAddress`
 * sees to that, so here Kit is told that routes are paths and that the home page is to be prerendered.
 */
const folder = pathToFileURL(`${argv[2]}/`);
/** @param {string} file */
const load = (file) => import(new URL(file, folder).href);

const { options, set_building, set_prerendering } = await load('internal.js');
const { Server } = await load('index.js');
const { manifest } = await load('manifest-full.js');
const { nodes } = manifest._;
/** @type {{ id: string, page: { layouts: number[], leaf: number } }[]} */
const routes = manifest._.routes;
const nodesOf = Object.fromEntries(routes.map(({ id, page }) => [id, [...page.layouts, page.leaf]]));

const leaf = routes.find(({ id }) => id === '/')?.page.leaf ?? -1;
const home = await nodes[leaf]();
nodes[leaf] = async () => ({ ...home, universal: { prerender: true } });
options.hash_routing = false;
set_building();
set_prerendering();

const server = new Server(manifest);
await server.init({ env: {} });
const response = await server.respond(new Request('http://sveltekit-prerender/'), {
	getClientAddress: () => '',
	prerendering: { dependencies: new Map(), remote_responses: new Map() }
});
const html = await response.text();
if (response.status !== 200) throw new Error(`the home page could not be prerendered: ${response.status} ${html}`);
stdout.write(JSON.stringify({ html, nodesOf }));
