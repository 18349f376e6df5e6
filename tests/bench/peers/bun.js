// Bun's own server (uWebSockets) with its topics.
const { userOf } = require('./token.js');
const seqs = new Map();

const server = Bun.serve({
    port: Number(process.argv[2]),
    hostname: '127.0.0.1',
    fetch(request, server) {
        const user = userOf((request.headers.get('authorization') || '').slice(7));
        if (!user) return new Response('not signed in', { status: 401 });
        const room = new URL(request.url).searchParams.get('room');
        return server.upgrade(request, { data: { user, room } }) ? undefined : new Response('', { status: 400 });
    },
    websocket: {
        perMessageDeflate: false,
        open(ws) {
            ws.subscribe(ws.data.room);
            ws.send('{"type":"welcome"}');
        },
        message(ws, data) {
            const m = JSON.parse(data);
            m.user = ws.data.user;
            if (m.text !== undefined) {
                m.seq = (seqs.get(ws.data.room) || 0) + 1;
                m.time = Date.now();
                seqs.set(ws.data.room, m.seq);
            }
            server.publish(ws.data.room, JSON.stringify(m));
        },
    },
});
