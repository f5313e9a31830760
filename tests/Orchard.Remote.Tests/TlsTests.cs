using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>Connections with TLS: HTTP/2, private authorities and certificates of clients.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Certificates _certificates = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("orchard-tls-").FullName;

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Chat_Tls_IsHttp2()
    {
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, AnswerAsync);
        await using Client client = Servers.ClientOf(server.Address, Trust);

        ChatResult answer = await client.ChatAsync(Servers.Model, "Hi").OrBroken("the answer");

        Assert.Equal("ab", answer.Text);
        Assert.Equal(new Uri(server.Address, "/v1"), answer.Origin!.Address);
        Assert.All(server.Protocols, static protocol => Assert.Equal("HTTP/2", protocol));
        Assert.NotEmpty(server.Protocols);
    }

    [Fact]
    public async Task ChatStream_ManyAtOnce_ShareOneConnection()
    {
        const int Calls = 16;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0;
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, async context =>
        {
            await TlsServer.SendAsync(context, Servers.Text("a"));
            if (Interlocked.Increment(ref begun) == Calls)
            {
                all.SetResult();
            }

            await all.Task;
            await TlsServer.SendAsync(context, Servers.Text("b") + Servers.End());
        });
        await using Client client = Servers.ClientOf(server.Address, Trust);
        await client.Models.EnsureLoadedAsync(Servers.Model).OrBroken("the model");

        string[] answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => ReadAsync(client))).OrBroken("the answers");

        Assert.All(answers, static answer => Assert.Equal("ab", answer));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task ChatStream_MoreThanAConnectionTakes_OpensAnother()
    {
        const int Calls = 5;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0;
        await using TlsServer server = await TlsServer.StartAsync(
            _certificates.Server,
            async context =>
            {
                if (Interlocked.Increment(ref begun) == Calls)
                {
                    all.SetResult();
                }

                await all.Task;
                await AnswerAsync(context);
            },
            streams: 2);
        await using Client client = Servers.ClientOf(server.Address, Trust);

        string[] answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => ReadAsync(client))).OrBroken("the answers");

        Assert.All(answers, static answer => Assert.Equal("ab", answer));
        Assert.True(server.Connections > 1, $"{server.Connections} connection");
    }

    [Fact]
    public async Task ChatStream_LeftEarly_EndsItsRequestAndNoOther()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int requests = 0;
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, async context =>
        {
            if (Interlocked.Increment(ref requests) == 1)
            {
                context.RequestAborted.Register(left.SetResult);
                await TlsServer.SendAsync(context, Servers.Text("a"));
                await left.Task;
                return;
            }

            await TlsServer.SendAsync(context, Servers.Text("a"));
            await left.Task; // the other one goes on after the first has been left
            await TlsServer.SendAsync(context, Servers.Text("b") + Servers.End());
        });
        await using Client client = Servers.ClientOf(server.Address, Trust);
        IAsyncEnumerator<ChatDelta> leaving = client.ChatStreamAsync(Servers.Model, "Hi").GetAsyncEnumerator();
        Assert.True(await leaving.MoveNextAsync().AsTask().OrBroken("the first part"));
        Task<string> staying = ReadAsync(client);

        await leaving.DisposeAsync();

        await left.Task.OrBroken("the server to notice");
        Assert.Equal("ab", await staying.OrBroken("the other answer"));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task ChatStream_ServerEndsIt_ErrorSaysHowMuchArrived()
    {
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, async context =>
        {
            await TlsServer.SendAsync(context, Servers.Text("abc"));
            context.Abort();
        });
        await using Client client = Servers.ClientOf(server.Address, Trust);
        var text = new StringBuilder();

        var error = await Assert.ThrowsAsync<RemoteConnectionException>(() => ReadAsync(client, text).OrBroken("the end"));

        Assert.Equal(text.Length, error.ReceivedCharacters);
        Assert.Contains(Servers.Model, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_AuthorityIsNotTrusted_ErrorSaysWhatToSet()
    {
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, AnswerAsync);
        await using Client client = Servers.ClientOf(server.Address);

        var error = await Assert.ThrowsAsync<RemoteConnectionException>(() => client.ChatAsync(Servers.Model, "Hi").OrBroken("the refusal"));

        Assert.Contains("TrustedCertificateFile", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Protocols);
    }

    [Fact]
    public async Task Chat_OtherAuthorityIsTrusted_IsRefused()
    {
        using var others = new Certificates();
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, AnswerAsync);
        await using Client client = Servers.ClientOf(server.Address, endpoint => endpoint.TrustCertificate(others.Authority));

        await Assert.ThrowsAsync<RemoteConnectionException>(() => client.ChatAsync(Servers.Model, "Hi").OrBroken("the refusal"));

        Assert.Empty(server.Protocols);
    }

    [Fact]
    public async Task Chat_CertificateOfAnotherServer_IsRefused()
    {
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Other, AnswerAsync);
        await using Client client = Servers.ClientOf(server.Address, Trust);

        await Assert.ThrowsAsync<RemoteConnectionException>(() => client.ChatAsync(Servers.Model, "Hi").OrBroken("the refusal"));

        Assert.Empty(server.Protocols);
    }

    [Fact]
    public async Task Chat_Files_TrustTheServerAndIdentifyTheClient()
    {
        string authority = Write("ca.crt", _certificates.Authority.ExportCertificatePem());
        string certificate = Write("tls.crt", _certificates.Client.ExportCertificatePem() + "\n" + _certificates.Authority.ExportCertificatePem());
        string key = Write("tls.key", _certificates.Client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, AnswerAsync, _certificates.Client);
        var variables = new Dictionary<string, string?>
        {
            ["ORCHARD_REMOTE_URL"] = server.Address.ToString(),
            ["ORCHARD_REMOTE_NAME"] = "cluster",
            ["ORCHARD_REMOTE_CA_FILE"] = authority,
            ["ORCHARD_REMOTE_CLIENT_CERTIFICATE_FILE"] = certificate,
            ["ORCHARD_REMOTE_CLIENT_KEY_FILE"] = key,
        };
        await using var client = Client.Create(
            new ClientOptions { StartEngine = false }.AddRemoteFrom(variables.GetValueOrDefault));

        Assert.Equal("ab", (await client.ChatAsync(Servers.Model, "Hi").OrBroken("the answer")).Text);

        Assert.All(server.Clients, static subject => Assert.Equal("CN=client", subject));
    }

    [Fact]
    public async Task Chat_ClientCertificate_IdentifiesTheClient()
    {
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, AnswerAsync, _certificates.Client);
        await using Client client = Servers.ClientOf(server.Address, endpoint =>
        {
            Trust(endpoint);
            endpoint.UseClientCertificate(_certificates.Client);
        });

        Assert.Equal("ab", (await client.ChatAsync(Servers.Model, "Hi").OrBroken("the answer")).Text);
    }

    [Fact]
    public async Task Chat_ClientHasNoCertificate_ErrorNamesTheServer()
    {
        await using TlsServer server = await TlsServer.StartAsync(_certificates.Server, AnswerAsync, _certificates.Client);
        await using Client client = Servers.ClientOf(server.Address, Trust);

        var error = await Assert.ThrowsAsync<RemoteConnectionException>(() => client.ChatAsync(Servers.Model, "Hi").OrBroken("the refusal"));

        Assert.Contains(server.Address.Authority, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Protocols);
    }

    [Fact]
    public void Create_FileThatCannotBeUsed_ErrorNamesPropertyAndPath()
    {
        string empty = Write("empty.pem", "nothing");
        string bare = Write("bare.pem", _certificates.Client.ExportCertificatePem());
        Refused("TrustedCertificateFile", Path.Combine(_folder, "missing.pem"), endpoint => endpoint.TrustedCertificateFile = Path.Combine(_folder, "missing.pem"));
        Refused("TrustedCertificateFile", empty, endpoint => endpoint.TrustedCertificateFile = empty);
        Refused("ClientCertificateKeyFile", bare, endpoint => endpoint.ClientCertificateFile = bare);
        Refused("ClientCertificateKeyFile", "ClientCertificateFile", endpoint => endpoint.ClientCertificateKeyFile = bare);

        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(_certificates.Client.RawData);
        Refused("private key", "CN=client", endpoint => endpoint.UseClientCertificate(withoutKey));
    }

    private static void Refused(string property, string says, Action<RemoteEndpoint> configure)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Servers.ClientOf(new Uri("https://host"), configure));
        Assert.Contains(property, error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("cluster", error.Message, StringComparison.Ordinal);
    }

    private static Task AnswerAsync(HttpContext context) => TlsServer.SendAsync(context, Servers.Answer("a", "b"));

    private static async Task<string> ReadAsync(Client client, StringBuilder? text = null)
    {
        text ??= new StringBuilder();
        await foreach (ChatDelta delta in client.ChatStreamAsync(Servers.Model, "Hi"))
        {
            text.Append(delta.Text);
        }

        return text.ToString();
    }

    private void Trust(RemoteEndpoint endpoint) => endpoint.TrustCertificate(_certificates.Authority);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
