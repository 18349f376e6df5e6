// Editing traces for the text peers: NAME.trace and NAME.final of a folder, maybe packed with xz. A patch a line,
// "pos TAB deleted TAB JSON string". The peers count in UTF-16, the traces in code points: a trace with
// characters beyond U+FFFF is passed over.
'use strict';
const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

function read(path) {
    if (existsSync(path)) return readFileSync(path, 'utf8');
    return execFileSync('xz', ['-dc', '--', path + '.xz'], { encoding: 'utf8', maxBuffer: 1 << 30 });
}

function parse(lines) {
    const edits = [];
    for (const line of lines.split('\n')) {
        if (!line) continue;
        const [pos, deleted, text] = line.split('\t', 3);
        edits.push([Number(pos), Number(deleted), JSON.parse(text)]);
    }
    return edits;
}

// Prints "NAME million-edits-a-second" for each trace of the folders: the best of the replays that fit into a second.
// replay(edits) gives a function that returns the text.
exports.measure = (folders, prepare, replay) => {
    for (const folder of folders) {
        const names = new Set(readdirSync(folder).map((f) => f.match(/^(.*)\.trace(\.xz)?$/)?.[1]));
        names.delete(undefined);
        for (const name of [...names].sort()) {
            const edits = parse(read(join(folder, name + '.trace'))).map(prepare);
            const end = read(join(folder, name + '.final'));
            if (/[\ud800-\udfff]/.test(end)) continue;
            let best = Infinity;
            const start = performance.now();
            do {
                const from = performance.now();
                const textOf = replay(edits);
                best = Math.min(best, performance.now() - from);
                if (textOf() !== end) throw new Error(name + ': another text came out');
            } while (performance.now() - start < 1000);
            console.log(name, (edits.length / best / 1000).toFixed(4));
        }
    }
};
