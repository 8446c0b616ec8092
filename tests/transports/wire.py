"""A server whose every byte the test decides: what an HTTP library never does of itself."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Talk = Callable[["Call"], Awaitable[None]]


@dataclass
class Call:
    """One request that arrived whole, and the line to answer on."""

    head: str
    body: bytes
    writer: asyncio.StreamWriter

    async def answer(self, body: str, status: str = "200 OK") -> None:
        """Answer and leave the connection open."""
        data = body.encode()
        self.writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(data)}\r\n\r\n".encode())
        self.writer.write(data)
        await self.writer.drain()


@dataclass
class Wire:
    """Where the server listens, and what came."""

    port: int
    calls: list[Call] = field(default_factory=list)
    connections: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    server: asyncio.Server | None = None

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def close(self) -> None:
        """Hang up on everybody and stop listening; closing twice is closing once."""
        server, self.server = self.server, None
        if server is None:
            return
        server.close()
        tasks = tuple(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


@asynccontextmanager
async def wire(talk: Talk, port: int = 0) -> AsyncIterator[Wire]:
    """Serve ``talk``, which sees each request after it was read; returning hangs up."""
    there = Wire(port)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        there.tasks.add(task)
        there.connections += 1
        try:
            while head := await _head(reader):
                call = Call(head, await reader.readexactly(_length(head)), writer)
                there.calls.append(call)
                await talk(call)
                if call.writer.is_closing():
                    break
        except (asyncio.CancelledError, OSError):
            pass  # the test is over, or the client has gone
        finally:
            there.tasks.discard(task)
            writer.close()

    there.server = await asyncio.start_server(serve, "127.0.0.1", port)
    there.port = there.server.sockets[0].getsockname()[1]
    try:
        yield there
    finally:
        await there.close()


async def hang_up(call: Call) -> None:
    """Close the connection without a word."""
    call.writer.close()


async def stall(call: Call) -> None:
    """Never answer."""
    await asyncio.Event().wait()


def free_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def _head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:
        return ""


def _length(head: str) -> int:
    for line in head.lower().splitlines():
        if line.startswith("content-length:"):
            return int(line.split(":")[1])
    return 0
