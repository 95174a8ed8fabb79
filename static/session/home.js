/**
 * Where the server's own addresses begin, such as live: above the folder of these files, wherever a proxy puts the page.
 * The page's address would not do, which may lack a slash at its end.
 */
export const HOME = new URL(import.meta.url.slice(0, import.meta.url.lastIndexOf("/static/") + 1));
