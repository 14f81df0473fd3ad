"""Chainlit's own data layers on a database of the tests.

usage: layer.py LAYER ADDRESS ACTION [ARGUMENT]

LAYER is `sqlalchemy` or `official`. Prints one line of JSON.

  schema          makes the tables as the documentation has them
  write           a user, a thread, messages, a step with a model call, feedback; gives their ids
  continue ID     one more message in that thread
  read IDENTIFIER the user's threads as the layer lists them, each with its steps, and the favourites
"""

import asyncio
import json
import sys
import uuid
from pathlib import Path

from chainlit.context import init_http_context
from chainlit.data.chainlit_data_layer import ChainlitDataLayer
from chainlit.data.sql_alchemy import SQLAlchemyDataLayer
from chainlit.message import Message
from chainlit.step import Step
from chainlit.types import Feedback, Pagination, ThreadFilter
from chainlit.user import User
from chainlit.utils import utc_now
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

HERE = Path(__file__).parent


async def schema(layer, name, address, _):
    script = (HERE / f"{name}.sql").read_text()
    if name == "official":
        await layer.connect()
        async with layer.pool.acquire() as connection:
            await connection.execute(script)
        return {}
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        for statement in script.split(";"):
            if statement.strip():
                await connection.execute(text(statement))
    await engine.dispose()
    return {}


def message(thread, content, kind="assistant_message"):
    message = Message(content=content, type=kind)
    message.thread_id = thread
    message.created_at = utc_now()
    return message.to_dict()


async def write(layer, name, address, _):
    user = await layer.create_user(User(identifier="ada", metadata={"role": "admin"}))
    thread = str(uuid.uuid4())
    question = message(thread, "How tall is the Zugspitze?", "user_message")
    await layer.create_step(question)
    tags = None if "sqlite" in address else ["mountains"]
    await layer.update_thread(thread, name="Zugspitze", user_id=user.id, tags=tags)
    step = Step(name="lookup", type="tool", parent_id=question["id"], thread_id=thread, show_input="json")
    step.input = {"mountain": "Zugspitze"}
    step.output = "2962"
    step.start = step.end = step.created_at = utc_now()
    row = step.to_dict()
    await layer.create_step(row)
    await layer.update_step(row)
    answer = message(thread, "2962 metres.")
    answer["metadata"] = {"favorite": True}
    await layer.create_step(answer)
    feedback = await layer.upsert_feedback(
        Feedback(forId=answer["id"], value=1, threadId=thread, comment="right")
        if name == "sqlalchemy"
        else Feedback(forId=answer["id"], value=1, comment="right")
    )
    await layer.update_thread(thread, metadata={"chat_profile": "guide", "gone": None})
    steps = [question["id"], row["id"], answer["id"]]
    return {"user": user.id, "thread": thread, "steps": steps, "feedback": feedback}


async def go_on(layer, name, address, thread):
    row = message(thread, "And in feet, 9718.")
    await layer.create_step(row)
    return {"step": row["id"]}


async def read(layer, name, address, identifier):
    user = await layer.get_user(identifier)
    page = await layer.list_threads(
        Pagination(first=20), ThreadFilter(userId=user.id)
    )
    threads = [await layer.get_thread(thread["id"]) for thread in page.data]
    authors = [await layer.get_thread_author(thread["id"]) for thread in page.data]
    # The SQLAlchemy layer can't look for favourites in PostgreSQL.
    favorites = []
    if name == "official" or "sqlite" in address:
        favorites = await layer.get_favorite_steps(user.id)
    return {
        "user": user.to_dict(),
        "threads": threads,
        "authors": authors,
        "favorites": [step["id"] for step in favorites],
    }


async def main():
    name, address, action, *rest = sys.argv[1:]
    init_http_context()
    layer = {"sqlalchemy": SQLAlchemyDataLayer, "official": ChainlitDataLayer}[name](address)
    actions = {"schema": schema, "write": write, "continue": go_on, "read": read}
    result = await actions[action](layer, name, address, rest[0] if rest else None)
    await layer.close()
    print(json.dumps(result, default=str))


asyncio.run(main())
