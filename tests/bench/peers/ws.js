// ws with rooms as sets: one JSON.stringify and one send a member for each message.
'use strict';
const { createServer } = require('node:http');
const { WebSocketServer } = require('ws');
const { userOf } = require('./token.js');

const http = createServer();
const wss = new WebSocketServer({ noServer: true });
const rooms = new Map();

http.on('upgrade', (request, socket, head) => {
    const user = userOf((request.headers.authorization || '').slice(7));
    if (!user) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    wss.handleUpgrade(request, socket, head, (ws) => {
        ws.user = user;
        wss.emit('connection', ws, request);
    });
});
wss.on('connection', (ws, request) => {
    const name = new URL(request.url, 'http://x').searchParams.get('room');
    let room = rooms.get(name);
    if (!room) rooms.set(name, (room = { members: new Set(), seq: 0 }));
    room.members.add(ws);
    ws.on('close', () => room.members.delete(ws));
    ws.on('message', (data) => {
        const m = JSON.parse(data);
        m.user = ws.user;
        if (m.text !== undefined) {
            m.seq = ++room.seq;
            m.time = Date.now();
        }
        const text = JSON.stringify(m);
        for (const member of room.members) member.send(text);
    });
    ws.send('{"type":"welcome"}');
});
http.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 8192 });
