"""Talks to an example application with python-socketio.

usage: python socketio_py.py BASE_URL SCENARIO TRANSPORT

SCENARIO is one of the functions in SCENARIOS, TRANSPORT one in TRANSPORTS. Ends with 0 when everything came as it should.
"""

import asyncio
import sys
import uuid

import socketio

PATIENCE = 10

# By default the client begins with polling and moves.
TRANSPORTS = {"websocket": ["websocket"], "polling": ["polling"], "default": None}

CONNECTED = ["task_end", "clear_ask", "clear_call_fn"]
GREETING = "Hello! Write something and I will repeat it."
GREETED = [
    "task_start",
    "new_message run on_chat_start",
    f"new_message {GREETING}",
    "update_message run on_chat_start",
    "task_end",
]


class Client:
    """One connection that keeps every event in the order it came."""

    def __init__(self, answer=None):
        self.events = []
        self.came = asyncio.Condition()
        self.socket = socketio.AsyncClient(reconnection=False)
        self.socket.on("*", self.keep)
        self.answer = answer

    async def keep(self, name, *args):
        # Handlers of python-socketio take the arguments that they name, and no others.
        assert len(args) == 1, f"{name} came with {args}"
        data = args[0] if args else None
        self.events.append((name, data))
        async with self.came:
            self.came.notify_all()
        if name == "ask":
            return await self.answer(data)

    async def connect(self, base, auth):
        transport = sys.argv[3]
        await self.socket.connect(
            base, transports=TRANSPORTS[transport], socketio_path="/ws/socket.io", auth=auth, wait_timeout=PATIENCE
        )
        equal(self.socket.transport(), "polling" if transport == "polling" else "websocket")
        assert self.events == [], f"said before connection_successful: {self.events}"
        await self.socket.emit("connection_successful")

    async def cut(self):
        """Breaks the connection without a goodbye."""
        eio = self.socket.eio
        await (eio.ws if self.socket.transport() == "websocket" else eio.http).close()

    async def event(self, name, after=0, fits=lambda data: True):
        """Waits for such an event among those after the first `after` ones; gives its place and data."""

        def found():
            places = range(after, len(self.events))
            return next((at for at in places if self.events[at][0] == name and fits(self.events[at][1])), None)

        async with self.came:
            try:
                await asyncio.wait_for(self.came.wait_for(lambda: found() is not None), PATIENCE)
            except TimeoutError:
                raise AssertionError(f"no {name} within {PATIENCE} s; there were {self.names(after)}") from None
        at = found()
        return at, self.events[at][1]

    def names(self, after=0):
        """Names of the events, a message with its text, without the one that has no fixed place."""

        def spell(name, data):
            if not isinstance(data, dict) or "type" not in data:
                return name
            return f"{name} run {data['name']}" if data["type"] == "run" else f"{name} {data['output']}"

        return [spell(*event) for event in self.events[after:] if event[0] != "first_interaction"]


def credentials():
    return {
        "sessionId": str(uuid.uuid4()),
        "clientType": "webapp",
        "threadId": "",
        "userEnv": "{}",
        "chatProfile": "",
    }


def user_message(output):
    return {
        "threadId": "",
        "id": str(uuid.uuid4()),
        "name": "User",
        "type": "user_message",
        "output": output,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "metadata": {"location": "http://127.0.0.1/"},
    }


def equal(seen, wanted):
    assert seen == wanted, f"\nwanted {wanted}\nseen   {seen}"


async def greeted(client):
    await client.event("task_end", after=len(CONNECTED))
    equal(client.names(), CONNECTED + GREETED)


def greetings(client):
    return [data for _, data in client.events if isinstance(data, dict) and data.get("output") == GREETING]


async def exchange(client, text):
    after = len(client.events)
    await client.socket.emit("client_message", {"message": user_message(text), "fileReferences": None})
    await client.event("task_end", after)
    equal(
        client.names(after),
        [
            "task_start",
            "new_message run on_message",
            f"new_message You said: {text}",
            "update_message run on_message",
            "task_end",
        ],
    )


async def hello(base):
    client = Client()
    await client.connect(base, credentials())
    await greeted(client)
    await exchange(client, "one")
    _, first = await client.event("first_interaction")
    equal(first["interaction"], "one")
    await exchange(client, "two")
    await client.socket.disconnect()


async def reconnect(base):
    auth = credentials()
    before = Client()
    await before.connect(base, auth)
    await greeted(before)
    await exchange(before, "one")
    await before.cut()
    after = Client()
    await after.connect(base, auth)
    await after.event("clear_call_fn")
    await after.socket.emit("client_message", {"message": user_message("two"), "fileReferences": None})
    at, answer = await after.event("new_message", fits=lambda step: step["output"] == "You said: two")
    await after.event("task_end", after=at)
    [first] = greetings(before)
    equal(answer["threadId"], first["threadId"])
    assert all(step["id"] == first["id"] for step in greetings(after)), "greeted twice"
    await after.socket.disconnect()


def abort(engine):
    """Cuts the connections of a client without a word."""
    if engine.ws:
        protocols = [engine.ws._response.connection.protocol]
    else:
        protocols = list(engine.http.connector._acquired)
        protocols += [protocol for idle in engine.http.connector._conns.values() for protocol, _ in idle]
    assert protocols, "there is no connection to cut"
    for protocol in protocols:
        protocol.transport.abort()


async def cut(base):
    """A cut in the middle of a stream: the state is complete when the client is back."""
    auth = credentials()
    texts = {}

    async def take(client, last):
        """Folds what comes up to an event of that name."""
        seen = 0
        while True:
            at, _ = await client.event(last, after=seen)
            for name, data in client.events[seen : at + 1]:
                if name in ("new_message", "stream_start", "update_message"):
                    texts[data["id"]] = data["output"]
                elif name == "stream_token":
                    texts[data["id"]] += data["token"]
            seen = at + 1
            yield

    words = " ".join(f"word{n}" for n in range(60))
    before = Client()
    await before.connect(base, auth)
    await before.event("task_end", after=len(CONNECTED))
    await before.socket.emit("client_message", {"message": user_message(words), "fileReferences": None})
    taken = take(before, "stream_token")
    while "word20 " not in "".join(texts.values()):
        await anext(taken)
    abort(before.socket.eio)
    # The stream goes on while nobody listens.
    await asyncio.sleep(0.2)
    after = Client()
    await after.connect(base, auth)
    taken = take(after, "task_end")
    # The user's message and its answer. The first `task_end` belongs to the greeting.
    while list(texts.values()).count(words) < 2:
        await anext(taken)
    await after.socket.disconnect()


async def ask(base):
    async def answer(asked):
        equal(asked["msg"]["output"], "What is your name?")
        equal(asked["spec"]["type"], "text")
        return user_message("Ada")

    client = Client(answer)
    await client.connect(base, credentials())
    asked, _ = await client.event("ask")
    await client.event("update_message", after=asked)
    await client.event("task_end", after=asked + 2)
    equal(
        client.names(asked + 1),
        [
            "task_end",
            "clear_ask",
            "task_start",
            "new_message Nice to meet you, Ada!",
            "update_message run on_chat_start",
            "task_end",
        ],
    )
    await client.socket.disconnect()


async def refused(base):
    anonymous = credentials()
    del anonymous["sessionId"]
    for auth in (anonymous, {}, None, {**credentials(), "userEnv": "no json"}):
        client = Client()
        refusals = []
        client.socket.on("connect_error", refusals.append)
        try:
            await client.connect(base, auth)
        except socketio.exceptions.ConnectionError:
            assert refusals, f"not answered at all: {auth}"
        else:
            raise AssertionError(f"accepted: {auth}")


SCENARIOS = {scenario.__name__: scenario for scenario in (hello, reconnect, cut, ask, refused)}

if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[2] not in SCENARIOS or sys.argv[3] not in TRANSPORTS:
        sys.exit(f"usage: python socketio_py.py BASE_URL {'|'.join(SCENARIOS)} {'|'.join(TRANSPORTS)}")
    asyncio.run(SCENARIOS[sys.argv[2]](sys.argv[1]))
    print(f"python-socketio {sys.argv[2]}, {sys.argv[3]}: as it should be")
