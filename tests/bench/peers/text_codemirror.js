// CodeMirror's Text: a persistent tree of lines. What is inserted is cut into lines beforehand.
'use strict';
const { Text } = require('@codemirror/state');
const { measure } = require('./traces.js');

const prepare = ([pos, deleted, text]) => [pos, pos + deleted, Text.of(text.split('\n'))];

measure(process.argv.slice(2), prepare, (edits) => {
    let doc = Text.empty;
    for (const [from, to, text] of edits) doc = doc.replace(from, to, text);
    return () => doc.toString();
});
