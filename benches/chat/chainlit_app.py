"""The same application for Chainlit for Python: see servers/ours.rs."""

import asyncio
import time

import chainlit as cl


@cl.on_chat_start
async def start():
    await cl.Message("Welcome").send()


@cl.step(type="tool")
async def search(query):
    return f"{await retrieve(query)}!"


@cl.step(type="retrieval")
async def retrieve(query):
    return f"{len(await embed(query))} numbers"


@cl.step(type="embedding")
async def embed(text):
    return [0.5] * len(text)


# See servers/text.rs.
def token(number, has_paragraphs):
    place = number % 80
    if has_paragraphs and place == 0:
        return "end\n\n"
    if has_paragraphs and number % 1600 == 1:
        return "### A"
    if has_paragraphs and place == 7:
        return "**b**"
    if number % 9 == 8:
        return "then "
    return "word " if number % 2 else "some "


def numbered(number, of):
    text = "A line of **plain** words as people write them, with `code` and no picture."
    return f"Message {number} of {of}. {text} {end() if number == of else text}"


def end():
    return f"The end, sent at {time.time_ns() // 1_000_000}."


@cl.on_message
async def reply(message: cl.Message):
    words = message.content.split(" ")
    if words[0] == "steps":
        for number in range(int(words[1])):
            await search(f"question {number}")
        return
    if words[0] == "messages":
        for number in range(1, int(words[1]) + 1):
            await cl.Message(numbered(number, int(words[1]))).send()
        return
    if words[0] not in ("stream", "yield", "paced", "prose", "flat"):
        await cl.Message(f"Echo: {message.content}").send()
        return
    answer = cl.Message("")
    tokens = int(words[1])
    if words[0] == "stream":
        for _ in range(tokens):
            await answer.stream_token("word")
    elif words[0] in ("prose", "flat"):
        for number in range(1, tokens + 1):
            await answer.stream_token(token(number, words[0] == "prose"))
        await answer.stream_token(end())
    elif words[0] == "yield":
        for _ in range(tokens):
            await answer.stream_token("word")
            await asyncio.sleep(0)
    else:
        start = time.monotonic_ns()
        for index in range(tokens):
            due = start + index * 1_000_000_000 // int(words[2])
            # Also when it is late already: others want to run too.
            await asyncio.sleep(max(0, due - time.monotonic_ns()) / 1e9)
            await answer.stream_token(f"@{due};")
    await answer.update()
