"""The graph for assistants: tools, resources and prompts of the Model Context Protocol.

Nothing of an answer tells an assistant what to do: text of sources stands between marks that no text can write
(`fence`), facts, plans, reports and leads stand apart (`sections`), and no answer is larger than `answer.MAX_BYTES`.

fence        text of sources between its marks
sections     which list of an answer a claim belongs in
answer       a page of an answer within its size, as data and as text
tools        the tools: what each is called and takes; loaded on use: what answers it
calls        a call, a resource that is read: tasks for a worker process
prompts      usual jobs, in English and French
protocol     the protocol's server, on the official SDK; the only module that imports it

https://modelcontextprotocol.io/specification
"""
