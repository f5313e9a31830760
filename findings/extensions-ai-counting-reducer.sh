#!/usr/bin/env bash
# Microsoft.Extensions.AI 10.11.0: MessageCountingChatReducer removes every message that contains a function call or result, whatever the
# limit, together with the text beside the call; of several system messages it keeps the first only. Guess before the run: pairs of calls
# and results that fit into the limit stay, and so do all system messages.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.Extensions.AI@10.11.0
#:property PublishAot=false
#:property NoWarn=MEAI001
using Microsoft.Extensions.AI;

ChatMessage[] history =
[
    new(ChatRole.System, "Answer in French."),
    new(ChatRole.System, "Be brief."),
    new(ChatRole.User, "What is the weather?"),
    new(ChatRole.Assistant, [new TextContent("I will look it up."), new FunctionCallContent("1", "weather")]),
    new(ChatRole.Tool, [new FunctionResultContent("1", "sunny")]),
];
IEnumerable<ChatMessage> reduced = await new MessageCountingChatReducer(100).ReduceAsync(history, default);
string actual = string.Join(" | ", reduced.Select(message => message.Text));
Console.WriteLine(actual);
return actual == "Answer in French. | What is the weather?" ? 0 : 1;
CS
dotnet run app.cs
