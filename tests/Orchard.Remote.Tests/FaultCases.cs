namespace Orchard.Remote.Tests;

/// <summary>What can go wrong with a request for an answer.</summary>
internal static class FaultCases
{
    private const string Whole = "ab";

    private static readonly string Partial = Servers.Text("a");

    private static WireReply Good => WireReply.Chunked(Servers.Answer("a", "b"));

    /// <summary>The cases, by name.</summary>
    public static IReadOnlyDictionary<string, FaultCase> All { get; } =
        Transient().Concat(Lasting()).Concat(Rejections()).Concat(Streams()).ToDictionary(static one => one.Name);

    // Before the first part of an answer, and over with the next attempt.
    private static IEnumerable<FaultCase> Transient()
    {
        (string Name, WireReply Reply)[] faults =
        [
            ("reset before the headers", new WireReply().Reset()),
            ("closed before the headers", new WireReply()),
            ("reset within the status line", new WireReply().Send("HTTP/1.1 2").Reset()),
            ("closed within the headers", new WireReply().Send("HTTP/1.1 200 OK\r\nContent-Type: text/")),
            ("reset after the headers", WireReply.Stream().Reset()),
            ("closed after the headers", WireReply.Stream()),
            ("closed after comments", WireReply.Stream().Send(": wait\n\n: wait\n\n")),
            ("reset after the first event, which has no text", WireReply.Stream().Send(Servers.Event(new { role = "assistant" })).Reset()),
            ("closed within the first event", WireReply.Stream().Send("data: {\"choices\":[{\"ind")),
            ("a chunk that is too short", new WireReply().Send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nff\r\ndata: {").Reset()),
            ("408", WireReply.Json("""{"error":{"message":"timeout"}}""", 408)),
            ("429 with a delay in seconds", WireReply.Json("""{"error":{"message":"slow down"}}""", 429, "Retry-After: 0\r\n")),
            ("429 with a delay in milliseconds", WireReply.Json("""{"error":{"message":"slow down"}}""", 429, "retry-after-ms: 1\r\n")),
            ("429 with a date that has passed", WireReply.Json("{}", 429, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n")),
            ("429 without a delay", WireReply.Json("""{"error":{"message":"slow down"}}""", 429)),
            ("429 with a delay that is no delay", WireReply.Json("{}", 429, "Retry-After: soon\r\n")),
            ("500", WireReply.Json("""{"error":{"message":"oops"}}""", 500)),
            ("500 with text", WireReply.Json("Internal Server Error", 500)),
            ("502 with a page", WireReply.Json("<html><body>Bad Gateway</body></html>", 502)),
            ("503", WireReply.Json("""{"error":{"message":"loading model","type":"unavailable_error","code":503}}""", 503)),
            ("503 with a delay", WireReply.Json("{}", 503, "Retry-After: 0\r\n")),
            ("504", WireReply.Json("", 504)),
            ("an error event before text, of an overload", WireReply.Chunked(
                "data: {\"error\":{\"message\":\"busy\",\"type\":\"service_unavailable_error\",\"code\":503}}\n\n")),
            ("an error event before text, of the server", WireReply.Chunked("event: error\ndata: {\"message\":\"boom\",\"code\":500}\n\n")),
            ("an abort before text", WireReply.Chunked(Servers.Event(new { }, "abort"))),
        ];
        return faults.Select(fault => new FaultCase($"{fault.Name}, then an answer")
        {
            Replies = [fault.Reply, Good],
            Attempts = 2,
            Text = Whole,
        });
    }

    // The same with every attempt.
    private static IEnumerable<FaultCase> Lasting() =>
    [
        new("always reset") { Replies = [new WireReply().Reset()], Attempts = 4, Error = typeof(RemoteConnectionException) },
        new("always 429")
        {
            Replies = [WireReply.Json("""{"error":{"message":"slow down"}}""", 429, "Retry-After: 0\r\n")],
            Attempts = 4,
            Error = typeof(RequestRejectedException),
            Code = RequestErrorCodes.Overloaded,
            Says = "slow down",
        },
        new("429 with a delay of an hour")
        {
            Replies = [WireReply.Json("{}", 429, "Retry-After: 3600\r\n")],
            Error = typeof(RequestRejectedException),
            Code = RequestErrorCodes.Overloaded,
        },
        new("always 500")
        {
            Replies = [WireReply.Json("{}", 500, "Retry-After: 0\r\n")],
            Attempts = 4,
            Error = typeof(RequestRejectedException),
            Code = RequestErrorCodes.Internal,
        },
        new("always 503")
        {
            Replies = [WireReply.Json("{}", 503, "Retry-After: 0\r\n")],
            Attempts = 4,
            Error = typeof(RequestRejectedException),
            Code = RequestErrorCodes.Overloaded,
        },
        new("no headers, ever") { Replies = [new WireReply().Hang()], Error = typeof(RequestStalledException), Says = "StallTimeout" },
        new("half of the headers, then nothing")
        {
            Replies = [new WireReply().Send("HTTP/1.1 200 OK\r\n").Hang()],
            Error = typeof(RequestStalledException),
        },
        new("no first event, ever") { Replies = [WireReply.Stream().Hang()], Error = typeof(RequestStalledException) },
        new("an error without an end")
        {
            Replies = [new WireReply().Send("HTTP/1.1 500 X\r\nContent-Length: 999\r\n\r\n{").Hang()],
            Error = typeof(RequestStalledException),
        },
    ];

    // What no further attempt changes.
    private static IEnumerable<FaultCase> Rejections()
    {
        (string Name, int Status, string Body, Type Error, string? Code, string Says)[] cases =
        [
            ("400 of vLLM", 400, """{"object":"error","message":"temperature must be non-negative","type":"BadRequestError","code":400}""",
                typeof(RequestRejectedException), RequestErrorCodes.InvalidRequest, "non-negative"),
            ("400 of an unsupported value", 400, """{"error":{"message":"only the default (1) value","code":"unsupported_value"}}""",
                typeof(RequestRejectedException), RequestErrorCodes.Unsupported, "UseServerSampling"),
            ("400 of a grammar", 400, """{"error":{"message":"failed to parse grammar","type":"invalid_request_error"}}""",
                typeof(RequestRejectedException), RequestErrorCodes.InvalidResponseFormat, "parse grammar"),
            ("422 of FastAPI", 422, """{"detail":[{"loc":["body","n"],"msg":"value is not a valid integer"}]}""",
                typeof(RequestRejectedException), RequestErrorCodes.InvalidRequest, "valid integer"),
            ("401", 401, """{"error":"Unauthorized"}""", typeof(ModelAccessException), null, "ApiKey"),
            ("403 with a page", 403, "<html>Forbidden</html>", typeof(ModelAccessException), null, "Forbidden"),
            ("404 of the model", 404, """{"error":{"message":"The model `qwen3` does not exist.","type":"NotFoundError","code":404}}""",
                typeof(ModelNotFoundException), null, "'cluster/other'"),
            ("404 of the route", 404, """{"detail":"Not Found"}""", typeof(RequestRejectedException), RequestErrorCodes.Unsupported, "BaseAddress"),
            ("405", 405, "", typeof(RequestRejectedException), RequestErrorCodes.Unsupported, "405"),
            ("413", 413, "Payload Too Large", typeof(RequestRejectedException), RequestErrorCodes.InvalidRequest, "Too Large"),
            ("302", 302, "", typeof(RequestRejectedException), RequestErrorCodes.InvalidRequest, "Redirects"),
            ("418 with garbage", 418, "\u0001\u0002{", typeof(RequestRejectedException), RequestErrorCodes.InvalidRequest, "418"),
            ("a context that is too long, at vLLM", 400,
                """{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4900 in the messages, 100 in the completion).","code":400}}""",
                typeof(ContextLengthExceededException), null, "4900"),
            ("a context that is too long, at SGLang", 400,
                """{"object":"error","message":"The input (4900 tokens) is longer than the model's context length (4096 tokens).","code":400}""",
                typeof(ContextLengthExceededException), null, "4900"),
            ("a context that is too long, at llama-server", 400,
                """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":4900,"n_ctx":4096}}""",
                typeof(ContextLengthExceededException), null, "context size"),
            ("a context that is too long, at OpenAI", 400,
                """{"error":{"message":"This model's maximum context length is 4096 tokens. However, your messages resulted in 4900 tokens.","code":"context_length_exceeded"}}""",
                typeof(ContextLengthExceededException), null, "4900"),
        ];
        return cases.Select(one => new FaultCase(one.Name)
        {
            Replies = [WireReply.Json(one.Body, one.Status)],
            Error = one.Error,
            Code = one.Code,
            Says = one.Says,
        });
    }

    // With or after the first part of an answer, when nothing may be repeated.
    private static IEnumerable<FaultCase> Streams()
    {
        (string Name, WireReply Reply, Type Error, string Text)[] cases =
        [
            ("reset after text", WireReply.Stream().Send(Partial).Reset(), typeof(RemoteConnectionException), "a"),
            ("closed after text", WireReply.Stream().Send(Partial), typeof(RemoteConnectionException), "a"),
            ("closed within an event after text", WireReply.Stream().Send(Partial + "data: {\"choi"), typeof(RemoteConnectionException), "a"),
            ("half-closed after text, without an end", WireReply.Stream().Send(Partial + ": bye\n\n"), typeof(RemoteConnectionException), "a"),
            ("nothing after text", WireReply.Stream().Send(Partial).Hang(), typeof(RequestStalledException), "a"),
            ("an error event after text", WireReply.Chunked(Partial + "data: {\"error\":{\"message\":\"boom\",\"code\":500}}\n\n"),
                typeof(RemoteConnectionException), "a"),
            ("an abort after text", WireReply.Chunked(Partial + Servers.Event(new { }, "abort")), typeof(RemoteConnectionException), "a"),
            ("[DONE] without a reason", WireReply.Chunked(Partial + "data: [DONE]\n\n"), typeof(RemoteConnectionException), "a"),
            ("garbage after text", WireReply.Chunked(Partial + "data: {]\n\n"), typeof(ProtocolException), "a"),
            ("garbage instead of events", WireReply.Chunked("data: hello\n\n"), typeof(ProtocolException), ""),
            ("a list instead of an object", WireReply.Chunked("data: []\n\n"), typeof(ProtocolException), ""),
            ("a candidate that does not exist", WireReply.Chunked(Servers.Text("x", index: 7)), typeof(ProtocolException), ""),
            ("a negative candidate", WireReply.Chunked(Servers.Text("x", index: -1)), typeof(ProtocolException), ""),
            ("text that is a number", WireReply.Chunked(Servers.Event(new { content = 7 })), typeof(ProtocolException), ""),
            ("choices that are a text", WireReply.Chunked("data: {\"choices\":\"x\"}\n\n"), typeof(ProtocolException), ""),
            ("a page instead of a stream", WireReply.Json("<html>Welcome</html>"), typeof(ProtocolException), ""),
            ("an event without an end", WireReply.Stream().Send("data: {\"a\":\"" + new string('x', 9 << 20)), typeof(ProtocolException), ""),
        ];
        IEnumerable<FaultCase> ended = cases.Select(one => new FaultCase(one.Name)
        {
            Replies = [one.Reply],
            Error = one.Error,
            Text = one.Text,
        });
        return ended.Concat(
        [
            new("no [DONE]") { Replies = [WireReply.Stream().Send(Servers.Answer("a", "b").Replace("data: [DONE]\n\n", "", StringComparison.Ordinal))], Text = Whole },
            new("no blank lines") { Replies = [WireReply.Chunked(Servers.Answer("a", "b").Replace("\n\n", "\n", StringComparison.Ordinal))], Text = Whole },
            new("no last line end") { Replies = [WireReply.Stream().Send(Servers.Answer("a", "b").TrimEnd('\n'))], Text = Whole },
            new("text after the end")
            {
                Replies = [WireReply.Chunked(Servers.Event(new { content = Whole }, "stop") + Servers.Text("c") + "data: [DONE]\n\n")],
                Text = Whole,
            },
            new("a whole answer instead of a stream")
            {
                Replies = [WireReply.Json("""{"choices":[{"index":0,"message":{"role":"assistant","content":"ab"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""")],
                Text = Whole,
            },
            new("a slow first byte") { Replies = [WireReply.Stream().Await(Task.Delay(50)).Send(Servers.Answer("a", "b"))], Text = Whole },
        ]);
    }
}
