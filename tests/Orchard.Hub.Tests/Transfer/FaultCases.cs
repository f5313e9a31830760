using System.Globalization;
using Microsoft.AspNetCore.Http;
using Orchard.Hub.Errors;
using Orchard.Hub.Tests.Hosting;

namespace Orchard.Hub.Tests.Transfer;

/// <summary>What can go wrong during a download. Each case is tried with one connection and with several.</summary>
internal static class FaultCases
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("nothing", _ => { }),
        .. Enumerable.Range(0, 10).Select(tenth => new FaultCase(
            $"the connection breaks once at {tenth * 10} %",
            test => test.Hub.OnStorage = (context, content, request) => Cut(test, context, content, request == 1 ? content.Length / 10 * tenth : null))),
        new("the connection breaks at every 10 %",
            test => test.Hub.OnStorage = (context, content, _) => Cut(test, context, content, content.Length / 10)),
        new("the connection breaks for good after a half",
            test => test.Hub.OnStorage = (context, content, request) => request <= 5
                ? Cut(test, context, content, content.Length / 10)
                : Cut(test, context, content, 0),
            HubErrorKind.Download,
            KeepsPart: true),
        new("the second host breaks every connection",
            test => test.Hub.OnStorage = (context, content, _) => Cut(test, context, content, 0),
            HubErrorKind.Download),
        new("the hub breaks every connection", test => test.Hub.OnHub = (context, _) => Abort(context), HubErrorKind.Download),
        new("the hub breaks the first connection", test => test.Hub.OnHub = (context, request) => request == 1 ? Abort(context) : No),
        new("wrong bytes once", test => test.Hub.OnStorage = (context, content, request) =>
            request == 1 ? Send(test, context, Flip(content)) : No),
        new("wrong bytes always",
            test => test.Hub.OnStorage = (context, content, _) => Send(test, context, Flip(content)),
            HubErrorKind.Download),
        new("shorter file", test => test.Hub.OnStorage = (context, content, _) => Send(test, context, content[..1000]), HubErrorKind.Download),
        new("longer file",
            test => test.Hub.OnStorage = (context, content, _) => Send(test, context, [.. content, 1, 2, 3]),
            HubErrorKind.Download),
        new("longer file of unknown length",
            test => test.Hub.OnStorage = (context, content, _) => SendWithoutLength(context, [.. content, 1, 2, 3]),
            HubErrorKind.Download),
        new("right file of unknown length", test => test.Hub.OnStorage = (context, content, _) => SendWithoutLength(context, content)),
        new("a page of HTML instead of the file",
            test => test.Hub.OnStorage = (context, _, _) => SendWithoutLength(context, "<html>Please log in to this network</html>"u8.ToArray()),
            HubErrorKind.Download),
        new("compressed file",
            test => test.Hub.OnStorage = (context, content, _) =>
            {
                context.Response.Headers.ContentEncoding = "gzip";
                return Send(test, context, content);
            },
            HubErrorKind.Download),
        .. new[] { 401, 403, 404, 410, 416, 429, 500, 502, 503 }.Select(status => new FaultCase(
            $"the second host answers {status} once",
            test => test.Hub.OnStorage = (context, _, request) => request == 1 ? Status(context, status) : No)),
        .. new[] { 401, 403, 404, 416, 429, 500 }.Select(status => new FaultCase(
            $"the second host always answers {status}",
            test => test.Hub.OnStorage = (context, _, _) => Status(context, status),
            HubErrorKind.Download)),
        .. new[] { 408, 429, 500, 502, 503 }.Select(status => new FaultCase(
            $"the hub answers {status} once",
            test => test.Hub.OnHub = (context, request) => request == 1 ? Status(context, status) : No)),
        new("the hub always answers 500", test => test.Hub.OnHub = (context, _) => Status(context, 500), HubErrorKind.Download),
        new("the hub answers 401", test => test.Hub.OnHub = (context, _) => Status(context, 401), HubErrorKind.Access),
        new("the hub answers 403", test => test.Hub.OnHub = (context, _) => Status(context, 403), HubErrorKind.Access),
        new("the hub answers 404", test => test.Hub.OnHub = (context, _) => Status(context, 404), HubErrorKind.NotFound),
        new("the hub refuses the file only",
            test => test.Hub.OnHub = (context, _) => IsFile(context) ? Status(context, 403) : No,
            HubErrorKind.Access),
        new("the repository is gated and there is no token",
            test =>
            {
                test.Repository.RequiredToken = "hf_other";
                test.Settings = test.Settings with { Token = null };
            },
            HubErrorKind.Access),
        new("the repository is gated and the token is accepted", test => test.Repository.RequiredToken = HubFixture.Token),
        new("the hub answers no JSON",
            test => test.Hub.OnHub = (context, _) => IsFile(context) ? No : Text(context, "<html>"),
            HubErrorKind.Download),
        new("the hub names no commit",
            test => test.Hub.OnHub = (context, _) => IsFile(context) ? No : Text(context, """{"sha":"../../etc"}"""),
            HubErrorKind.Download),
        new("the hub lists paths outside the folder",
            test => test.Hub.OnHub = (context, _) => context.Request.Path.Value!.Contains("/tree/", StringComparison.Ordinal)
                ? Text(context, $$"""[{"type":"file","path":"../../x-Q8_0.gguf","size":9,"oid":"{{new string('a', 64)}}"}]""")
                : No,
            HubErrorKind.NotFound),
        new("the links expire during the transfer", test => test.Hub.OnStorage = (context, content, request) =>
        {
            if (request > 3)
            {
                return No;
            }

            test.Hub.ExpireLinks();
            return Cut(test, context, content, 20_000);
        }),
        new("the redirects never end",
            test => test.Hub.OnHub = (context, _) => IsFile(context) ? Redirect(context, context.Request.Path) : No,
            HubErrorKind.Download),
        new("a redirect to a file of this machine",
            test => test.Hub.OnHub = (context, _) => IsFile(context) ? Redirect(context, "file:///etc/passwd") : No,
            HubErrorKind.Download),
        new("the hub redirects to itself, which needs the token", test =>
        {
            test.Repository.RequiredToken = HubFixture.Token;
            test.Hub.OnHub = (context, _) => context.Request.QueryString.HasValue ? No : Redirect(context, context.Request.Path + "?moved");
        }),
        new("the second host redirects once more", test => test.Hub.OnStorage = (context, _, request) =>
            request == 1 ? Redirect(context, context.Request.Path + context.Request.QueryString + "&again") : No),
        new("the second host ignores ranges after a break", test => test.Hub.OnStorage = (context, content, request) =>
        {
            context.Request.Headers.Range = default;
            return Cut(test, context, content, request == 1 ? 50_000 : null);
        }),
        new("the second host sends another range", test => test.Hub.OnStorage = (context, content, request) =>
        {
            if (request != 2)
            {
                return Cut(test, context, content, request == 1 ? 50_000 : null);
            }

            context.Request.Headers.Range = "bytes=0-";
            return Send(test, context, content);
        }),
        new("the file changes between two ranges", test => test.Hub.OnStorage = (context, content, request) => request switch
        {
            1 => Cut(test, context, Flip(content), 50_000),
            _ => Send(test, context, content, "\"v2\""),
        }),
        new("the transfer stalls once", test =>
        {
            test.Settings = test.Settings with { StallTimeout = TimeSpan.FromMilliseconds(300) };
            test.Hub.OnStorage = (context, content, request) => request == 1 ? Stall(context, content, 50_000) : No;
        }),
        new("the transfer stalls always",
            test =>
            {
                test.Settings = test.Settings with { StallTimeout = TimeSpan.FromMilliseconds(100) };
                test.Hub.OnStorage = (context, content, _) => Stall(context, content, 100);
            },
            HubErrorKind.Download),
        new("one byte at a time",
            test =>
            {
                test.Settings = test.Settings with { StallTimeout = TimeSpan.FromMilliseconds(100) };
                test.Hub.OnStorage = (context, content, _) => Trickle(context, content);
            },
            HubErrorKind.Download),
        new("too little disk space", test => test.Settings = test.Settings with { FreeBytes = _ => 1000 }, HubErrorKind.Download),
        new("the list comes in pages", test =>
        {
            test.Hub.PageSize = 1;
            test.Repository.Files["README.md"] = [1];
            test.Repository.Files["Model-Q4_K_M.gguf"] = [1];
        }),
        new("a part of a split model is missing",
            test =>
            {
                test.Repository.Files.Remove(HubFixture.File);
                test.Repository.Files["Model-Q8_0-00001-of-00002.gguf"] = test.Content;
            },
            HubErrorKind.NotFound),
        new("an old part is longer than the file", test => WritePart(test, new byte[test.Content.Length + 1])),
        new("an old part has other bytes", test => WritePart(test, new byte[test.Content.Length / 2])),
        new("an old part is complete", test => WritePart(test, test.Content)),
        new("a blob of another length is in the cache", test =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(test.Cache.BlobPath(test.Digest))!);
            File.WriteAllBytes(test.Cache.BlobPath(test.Digest), [1, 2, 3]);
        }),
        new("the file is an adapter",
            test => test.Repository.Files[HubFixture.File] = TestModel.Create(200_000, type: "adapter"),
            HubErrorKind.NotAModel),
        new("the file is a vision projector",
            test => test.Repository.Files[HubFixture.File] = TestModel.Create(200_000, architecture: "clip"),
            HubErrorKind.NotAModel),
        new("the engine does not know the architecture",
            test => test.Repository.Files[HubFixture.File] = TestModel.Create(200_000, architecture: "llama-of-tomorrow"),
            HubErrorKind.NotAModel),
        new("another engine may know the architecture", test =>
        {
            test.Settings = test.Settings with { AnyArchitecture = true };
            test.UseContent(TestModel.Create(200_000, architecture: "llama-of-tomorrow"));
        }),
        new("the file is no GGUF file", test => test.Repository.Files[HubFixture.File] = new byte[200_000], HubErrorKind.NotAModel),
    ];

    private static Task<bool> No => Task.FromResult(false);

    private static async Task<bool> Send(HubFixture test, HttpContext context, byte[] content, string tag = "\"v1\"")
    {
        (int from, int to) = TestHub.Range(context, content.Length);
        if (from >= content.Length || to >= content.Length)
        {
            return await Status(context, 416);
        }

        await test.Hub.SendAsync(context, content, tag: tag);
        return true;
    }

    private static async Task<bool> Cut(HubFixture test, HttpContext context, byte[] content, int? bytes)
    {
        await test.Hub.SendAsync(context, content, bytes);
        return true;
    }

    private static Task<bool> Abort(HttpContext context)
    {
        context.Abort();
        return Task.FromResult(true);
    }

    private static Task<bool> Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (status == 429)
        {
            context.Response.Headers["RateLimit"] = "\"resolvers\";r=0;t=0";
        }

        return Task.FromResult(true);
    }

    private static async Task<bool> Text(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text);
        return true;
    }

    private static Task<bool> Redirect(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = location;
        return Task.FromResult(true);
    }

    private static async Task<bool> SendWithoutLength(HttpContext context, byte[] content)
    {
        if (context.Request.Headers.Range.Count > 0)
        {
            (int from, int to) = TestHub.Range(context, content.Length);
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{content.Length}");
            content = content[Math.Min(from, content.Length)..Math.Min(to + 1, content.Length)];
        }

        await context.Response.Body.WriteAsync(content);
        return true;
    }

    private static async Task<bool> Stall(HttpContext context, byte[] content, int bytes)
    {
        (int from, int to) = TestHub.Range(context, content.Length);
        context.Response.StatusCode = context.Request.Headers.Range.Count > 0 ? 206 : 200;
        context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{content.Length}");
        await context.Response.Body.WriteAsync(content.AsMemory(from, Math.Min(bytes, to - from)));
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        return true;
    }

    private static async Task<bool> Trickle(HttpContext context, byte[] content)
    {
        (int from, int to) = TestHub.Range(context, content.Length);
        context.Response.StatusCode = context.Request.Headers.Range.Count > 0 ? 206 : 200;
        context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{content.Length}");
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(content.AsMemory(from++, 1));
            await context.Response.Body.FlushAsync();
            await Task.Delay(10, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        return true;
    }

    private static bool IsFile(HttpContext context) => context.Request.Path.Value!.Contains("/resolve/", StringComparison.Ordinal);

    private static byte[] Flip(byte[] content)
    {
        byte[] wrong = [.. content];
        wrong[40_000] ^= 1;
        return wrong;
    }

    private static void WritePart(HubFixture test, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(test.Cache.PartPath(test.Digest))!);
        File.WriteAllBytes(test.Cache.PartPath(test.Digest), bytes);
    }
}
