// Yjs: one client's Y.Text, each edit as an editor's binding makes it.
'use strict';
const Y = require('yjs');
const { measure } = require('./traces.js');

measure(process.argv.slice(2), (edit) => edit, (edits) => {
    const text = new Y.Doc().getText('text');
    for (const [pos, deleted, inserted] of edits) {
        if (deleted) text.delete(pos, deleted);
        if (inserted) text.insert(pos, inserted);
    }
    return () => text.toString();
});
