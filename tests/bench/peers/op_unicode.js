// ot-text-unicode, the type behind ShareDB's texts, on the operations of bench_op: the same figures.
'use strict';
const fs = require('fs');
const { type } = require('ot-text-unicode');

const cases = new Map(), offline = { mine: [], theirs: [] };
for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n')) {
    const [name, ...ops] = line.split('\t');
    const parsed = ops.map((op) => JSON.parse(op));
    if (offline[name]) offline[name].push(parsed[0]);
    else if (name) cases.set(name, [...(cases.get(name) || []), parsed]);
}

const now = () => Number(process.hrtime.bigint());
let sink = 0; // so that nothing is left out

function each(ops, does) {
    let best = Infinity;
    for (let slice = 0; slice < 5; slice++) {
        const start = now();
        let done = 0, took;
        do {
            for (const three of ops) sink += does(three).length;
            done += ops.length;
            took = now() - start;
        } while (took < 1e8);
        best = Math.min(best, took / done);
    }
    return best;
}

// In halves, as it is fastest.
function all(ops, from, to) {
    if (to - from === 1) return ops[from];
    const middle = (from + to) >> 1;
    return type.compose(all(ops, from, middle), all(ops, middle, to));
}

function merge(n) {
    const start = now();
    const a = all(offline.mine, 0, n), b = all(offline.theirs, 0, n);
    sink += type.transform(a, b, 'left').length + type.transform(b, a, 'right').length;
    return (now() - start) / 1e6;
}

// 32 who each see the text as it was a round ago, as bench_op has them.
function writers() {
    let text = 'a'.repeat(100000), took = 0, done = 0;
    for (let round = 0; round < 40; round++) {
        const edits = Array.from({ length: 32 }, () => {
            const at = Math.floor(Math.random() * (text.length - 10)) + 1;
            return Math.random() < 0.5 ? [at, 'abcd'] : [at, { d: 4 }];
        });
        const start = now();
        for (let w = 0; w < edits.length; w++) {
            for (let k = 0; k < w; k++) edits[w] = type.transform(edits[w], edits[k], 'right');
            text = type.apply(text, edits[w]);
        }
        took += now() - start;
        done += edits.length;
    }
    sink += text.length;
    return (done * 1e9) / took;
}

const figures = [];
for (const [name, ops] of cases) {
    const edits = name.slice('case-'.length);
    figures.push(`transform_${edits}_ns=${each(ops, ([a, b]) => type.transform(a, b, 'left')).toFixed(1)}`);
    figures.push(`compose_${edits}_ns=${each(ops, ([a, , b]) => type.compose(a, b)).toFixed(1)}`);
}
for (const n of [5000, 20000]) figures.push(`merge_${n}_ms=${merge(n).toFixed(2)}`);
figures.push(`writers_32_per_s=${writers().toFixed(0)}`);
console.log(figures.join(' ') + (sink ? '' : ' '));
