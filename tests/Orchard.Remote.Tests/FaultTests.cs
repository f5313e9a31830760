using System.Net;
using System.Net.Sockets;
using System.Text;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>Every fault ends in the answer or in one typed error, and no part of an answer arrives twice.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Cases => [.. FaultCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ChatStream_Fault_EndsInTheAnswerOrOneTypedError(string name)
    {
        FaultCase fault = FaultCases.All[name];
        int attempts = 0;
        await using WireServer server = Servers.Vllm(_ => fault.Replies[Math.Min(attempts++, fault.Replies.Length - 1)]);
        await using Client client = Servers.ClientOf(
            server, endpoint => endpoint.Kind = RemoteKind.Vllm, options => options.StallTimeout = StallOf(fault));

        var text = new StringBuilder();
        Exception? error = await Record.ExceptionAsync(() => ReadAsync(client, text).OrBroken("the end of the call"));

        Assert.Equal(fault.Error, error?.GetType());
        Assert.Equal(fault.Text, text.ToString());
        Assert.Equal(fault.Attempts, server.Chats.Length);
        if (fault.Code is { } code)
        {
            Assert.Equal(code, Assert.IsType<RequestRejectedException>(error).Code);
        }

        if (error is not null)
        {
            Assert.Contains(Servers.Model, error.Message, StringComparison.Ordinal);
            Assert.Contains(server.Address.Authority, error.Message, StringComparison.Ordinal);
            Assert.Contains(fault.Says ?? "", error.Message, StringComparison.Ordinal);
        }

        if (error is RemoteConnectionException connection)
        {
            Assert.Equal(fault.Text.Length, connection.ReceivedCharacters);
        }
    }

    [Theory]
    [InlineData("a context that is too long, at vLLM")]
    [InlineData("a context that is too long, at SGLang")]
    [InlineData("a context that is too long, at llama-server")]
    [InlineData("a context that is too long, at OpenAI")]
    public async Task Chat_ContextTooLong_HasTheNumbers(string name)
    {
        await using WireServer server = Servers.Vllm(_ => FaultCases.All[name].Replies[0]);
        await using Client client = Servers.ClientOf(server);

        var error = await Assert.ThrowsAsync<ContextLengthExceededException>(() => client.ChatAsync(Servers.Model, "Hi"));

        Assert.Equal((4900, 4096), (error.PromptTokens, error.ContextLength));
    }

    [Fact]
    public async Task Chat_NothingListens_ConnectionErrorNamesTheAddress()
    {
        Uri address;
        await using (WireServer server = Servers.Vllm(_ => new WireReply()))
        {
            address = server.Address;
        }

        await using Client client = Servers.ClientOf(address);

        var error = await Assert.ThrowsAsync<RemoteConnectionException>(
            () => client.ChatAsync(Servers.Model, "Hi").OrBroken("the refusal"));

        Assert.Equal(address.Authority, error.Address.Authority);
        Assert.Contains("nothing listens there", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, error.ReceivedCharacters);
    }

    [Fact]
    public async Task Chat_TlsWithAServerThatHasNone_FailsAtOnce()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int connections = 0;
        Task serving = Task.Run(async () =>
        {
            while (true)
            {
                using TcpClient connection = await listener.AcceptTcpClientAsync();
                connections++;
                await connection.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
                connection.Client.Shutdown(SocketShutdown.Send);
                await connection.GetStream().CopyToAsync(Stream.Null);
            }
        });
        await using Client client = Servers.ClientOf(new Uri($"https://{listener.LocalEndpoint}"));

        var error = await Assert.ThrowsAsync<RemoteConnectionException>(
            () => client.ChatAsync(Servers.Model, "Hi").OrBroken("the refusal"));

        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, connections);
        listener.Stop();
        await Record.ExceptionAsync(() => serving);
    }

    [Fact]
    public async Task Chat_RepetitionIsSwitchedOff_IsSentOnce()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Json("{}", 503, "Retry-After: 0\r\n"));
        await using Client client = Servers.ClientOf(server, options: options => options.ReplayUnansweredCalls = false);

        await Assert.ThrowsAsync<RequestRejectedException>(() => client.ChatAsync(Servers.Model, "Hi"));

        Assert.Single(server.Chats);
    }

    [Fact]
    public async Task ChatStream_Cancelled_ClosesTheConnectionAndCarriesTheToken()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Stream().Send(Servers.Text("a")).Hang());
        await using Client client = Servers.ClientOf(server);
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<ChatDelta> deltas =
            client.ChatStreamAsync(Servers.Model, "Hi", cancellationToken: stop.Token).GetAsyncEnumerator();
        Assert.True(await deltas.MoveNextAsync());
        Task<bool> next = deltas.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.OrBroken("the end"));
        Assert.Equal(stop.Token, error.CancellationToken);
        await server.Chats[0].Closed.OrBroken("the server to notice");
    }

    [Fact]
    public async Task ChatStream_LeftEarly_ClosesTheConnection()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Stream().Send(Servers.Text("a")).Hang());
        await using Client client = Servers.ClientOf(server);

        await foreach (ChatDelta _ in client.ChatStreamAsync(Servers.Model, "Hi"))
        {
            break;
        }

        await server.Chats[0].Closed.OrBroken("the server to notice");
    }

    [Fact]
    public async Task Dispose_DuringAnAnswer_EndsItAndClosesTheConnection()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Stream().Send(Servers.Text("a")).Hang());
        Client client = Servers.ClientOf(server);
        await using IAsyncEnumerator<ChatDelta> deltas = client.ChatStreamAsync(Servers.Model, "Hi").GetAsyncEnumerator();
        Assert.True(await deltas.MoveNextAsync());
        Task<bool> next = deltas.MoveNextAsync().AsTask();

        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => next.OrBroken("the end"));
        await server.Chats[0].Closed.OrBroken("the server to notice");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ChatAsync(Servers.Model, "Hi"));
    }

    // Short only where it is what ends the call.
    private static TimeSpan StallOf(FaultCase fault) =>
        fault.Error == typeof(RequestStalledException) ? TimeSpan.FromSeconds(0.3) : TimeSpan.FromSeconds(60);

    private static async Task ReadAsync(Client client, StringBuilder text)
    {
        await foreach (ChatDelta delta in client.ChatStreamAsync(Servers.Model, "Hi"))
        {
            text.Append(delta.Text);
        }
    }
}
