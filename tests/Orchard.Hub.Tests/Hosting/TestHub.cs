using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchard.Hub.Tests.Hosting;

/// <summary>
/// A hub on this machine with two hosts, as the real one has: the hub itself describes repositories and redirects downloads to signed links
/// of a second host, which serves ranges of the files. Fails on command.
/// </summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly WebApplication _hub;
    private readonly WebApplication _storage;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private int _links;
    private int _oldestValidLink;

    private TestHub(WebApplication hub, WebApplication storage)
    {
        _hub = hub;
        _storage = storage;
    }

    /// <summary>Address of the hub.</summary>
    public Uri Endpoint => new(_hub.Urls.First());

    public ConcurrentDictionary<string, TestRepository> Repositories { get; } = new(StringComparer.Ordinal);

    /// <summary>Number of files in one page of a list.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Answers a request instead of the hub; false to let the hub answer.</summary>
    public Func<HttpContext, int, Task<bool>>? OnHub { get; set; }

    /// <summary>Serves a file instead of the second host; false to let it answer. Gets the content and the number of the request.</summary>
    public Func<HttpContext, byte[], int, Task<bool>>? OnStorage { get; set; }

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    /// <summary>Bytes of files sent by the second host.</summary>
    public long BytesServed => Interlocked.Read(ref _bytesServed);

    private long _bytesServed;

    private int _hubRequests;

    private int _storageRequests;

    public static async Task<TestHub> StartAsync()
    {
        WebApplication hub = Build("http://127.0.0.1:0");
        WebApplication storage = Build("http://127.0.0.1:0");
        var test = new TestHub(hub, storage);
        hub.Run(test.AnswerAsync);
        storage.Run(test.ServeAsync);
        await storage.StartAsync();
        await hub.StartAsync();
        return test;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _storage.DisposeAsync();
    }

    /// <summary>Adds a repository with one commit.</summary>
    public TestRepository Add(string name, params (string Path, byte[] Content)[] files)
    {
        var repository = new TestRepository();
        foreach ((string path, byte[] content) in files)
        {
            repository.Files[path] = content;
        }

        Repositories[name] = repository;
        return repository;
    }

    /// <summary>Makes the second host refuse all links given so far.</summary>
    public void ExpireLinks() => Volatile.Write(ref _oldestValidLink, Volatile.Read(ref _links) + 1);

    /// <summary>Forgets the requests and behaves well again.</summary>
    public void Heal()
    {
        OnHub = null;
        OnStorage = null;
        _seen.Clear();
        Interlocked.Exchange(ref _bytesServed, 0);
        Interlocked.Exchange(ref _hubRequests, 0);
        Interlocked.Exchange(ref _storageRequests, 0);
    }

    /// <summary>Sends a part of a file, as the range header asks.</summary>
    /// <param name="context">The request.</param>
    /// <param name="content">The file.</param>
    /// <param name="cut">Number of bytes after which the connection breaks; null for never.</param>
    /// <param name="tag">The entity tag.</param>
    public async Task SendAsync(HttpContext context, byte[] content, int? cut = null, string tag = "\"v1\"")
    {
        (int from, int to) = Range(context, content.Length);
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.Range.Count > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{content.Length}");
        }

        context.Response.ContentLength = to - from + 1;
        int count = Math.Min(to - from + 1, cut ?? int.MaxValue);
        Interlocked.Add(ref _bytesServed, count); // before the client can have received them
        await context.Response.Body.WriteAsync(content.AsMemory(from, count), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (count == 0)
        {
            context.Abort(); // otherwise the server ends the connection because the response is too short, and what was sent arrives
        }
    }

    /// <summary>Returns the first and the last byte that a request asks for.</summary>
    public static (int From, int To) Range(HttpContext context, int length)
    {
        string[] range = context.Request.Headers.Range.ToString().Replace("bytes=", "", StringComparison.Ordinal).Split('-');
        return range.Length < 2
            ? (0, length - 1)
            : (int.Parse(range[0], CultureInfo.InvariantCulture),
                range[1].Length == 0 ? length - 1 : int.Parse(range[1], CultureInfo.InvariantCulture));
    }

    private static WebApplication Build(string url)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(options => options.Limits.MinResponseDataRate = null);
        return builder.Build();
    }

    private void Note(HttpContext context, bool isStorage) => _seen.Enqueue(new SeenRequest(
        isStorage,
        context.Request.Path + context.Request.QueryString,
        context.Request.Headers.Range.FirstOrDefault(),
        context.Request.Headers.Authorization.FirstOrDefault()));

    private async Task AnswerAsync(HttpContext context)
    {
        Note(context, isStorage: false);
        if (OnHub is { } fault && await fault(context, Interlocked.Increment(ref _hubRequests)))
        {
            return;
        }

        string[] path = context.Request.Path.Value!.Trim('/').Split('/');
        bool isApi = path is ["api", "models", _, _, ..];
        string name = isApi ? $"{path[2]}/{path[3]}" : path.Length > 2 ? $"{path[0]}/{path[1]}" : "";
        if (path is ["api", "models"])
        {
            await Json(context, """[{"id":"test/Model-GGUF"}]""");
        }
        else if (!Repositories.TryGetValue(name, out TestRepository? repository))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "RepoNotFound");
        }
        else if (repository.RequiredToken is { } token && context.Request.Headers.Authorization != $"Bearer {token}")
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "GatedRepo");
        }
        else if (isApi && path[4] == "revision")
        {
            string revision = Uri.UnescapeDataString(path[5]);
            await (revision is "main" or "v1.0" || revision == repository.Commit
                ? Json(context, JsonSerializer.Serialize(new { sha = repository.Commit, cardData = new { license = repository.License } }))
                : RefuseAsync(context, StatusCodes.Status404NotFound, "RevisionNotFound"));
        }
        else if (isApi && path[4] == "tree")
        {
            await ListAsync(context, repository);
        }
        else if (repository.Files.ContainsKey(string.Join('/', path[4..])))
        {
            context.Response.Headers["X-Repo-Commit"] = repository.Commit;
            context.Response.StatusCode = StatusCodes.Status302Found;
            string file = string.Join('/', path[4..].Select(Uri.EscapeDataString));
            context.Response.Headers.Location =
                $"{_storage.Urls.First()}/{name}/{file}?signature={Interlocked.Increment(ref _links).ToString(CultureInfo.InvariantCulture)}";
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "EntryNotFound");
        }
    }

    private async Task ListAsync(HttpContext context, TestRepository repository)
    {
        int start = int.Parse(context.Request.Query["cursor"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        object[] page =
        [
            .. repository.Files.Skip(start).Take(PageSize).Select(file => new
            {
                type = "file",
                path = file.Key,
                size = file.Value.Length,
                oid = new string('a', 40),
                lfs = new { oid = TestModel.Sha256(file.Value), size = file.Value.Length },
            }),
        ];
        if (start + PageSize < repository.Files.Count)
        {
            string next = $"{Endpoint}{context.Request.Path.Value![1..]}?recursive=true&cursor={start + PageSize}";
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        await Json(context, JsonSerializer.Serialize(page));
    }

    private async Task ServeAsync(HttpContext context)
    {
        Note(context, isStorage: true);
        string[] path = context.Request.Path.Value!.Trim('/').Split('/', 3);
        byte[] content = Repositories[$"{path[0]}/{path[1]}"].Files[path[2]];
        if (int.Parse(context.Request.Query["signature"].First()!, CultureInfo.InvariantCulture) < Volatile.Read(ref _oldestValidLink))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
        else if (OnStorage is not { } fault || !await fault(context, content, Interlocked.Increment(ref _storageRequests)))
        {
            await SendAsync(context, content);
        }
    }

    private static Task Json(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    private static Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Error-Code"] = code;
        return context.Response.WriteAsync(code);
    }
}
