// Socket.IO as its documentation shows it: WebSocket only, token in the auth payload, rooms.
'use strict';
const { createServer } = require('node:http');
const { Server } = require('socket.io');
const { userOf } = require('./token.js');

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });
const seqs = new Map();

io.use((socket, next) => {
    socket.data.user = userOf(socket.handshake.auth.token);
    next(socket.data.user ? undefined : new Error('not signed in'));
});
io.on('connection', (socket) => {
    socket.join(socket.handshake.auth.room);
    socket.on('msg', (m) => {
        m.user = socket.data.user;
        if (m.text !== undefined) {
            m.seq = (seqs.get(m.room) || 0) + 1;
            m.time = Date.now();
            seqs.set(m.room, m.seq);
        }
        io.to(m.room).emit('msg', m);
    });
});
http.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 8192 });
