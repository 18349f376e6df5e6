// ShareDB on ws, in memory: one document of the type text-unicode.
const http = require('http');
const { WebSocketServer } = require('ws');
const { Duplex } = require('stream');
const ShareDB = require('sharedb');
const text = require('ot-text-unicode');

ShareDB.types.register(text.type);
const backend = new ShareDB();

// What ShareDB reads from and writes to, on top of one socket.
class Wire extends Duplex {
  constructor(socket) {
    super({ objectMode: true });
    this.socket = socket;
    socket.on('message', (data) => this.push(JSON.parse(data)));
    socket.on('close', () => { this.push(null); this.destroy(); });
    this.on('error', () => socket.close());
  }
  _read() {}
  _write(message, encoding, done) {
    if (this.socket.readyState === 1) this.socket.send(JSON.stringify(message));
    done();
  }
}

const doc = backend.connect().get('bench', 'doc');
doc.create('', text.type.uri, (error) => {
  if (error) throw error;
  const server = http.createServer();
  new WebSocketServer({ server, perMessageDeflate: false })
    .on('connection', (socket) => backend.listen(new Wire(socket)));
  server.listen(Number(process.argv[2]), '127.0.0.1');
});
