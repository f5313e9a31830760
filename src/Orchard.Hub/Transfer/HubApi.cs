using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;
using Polly.Timeout;

namespace Orchard.Hub.Transfer;

/// <summary>The hub's requests about repositories. Thread-safe.</summary>
internal sealed class HubApi(HubHttp http, HubSettings settings)
{
    private const int MaxPages = 1000;
    private const int MaxFiles = 100_000;
    private const int MaxSuggestions = 5;
    private const int MaxBodyBytes = 16 << 20;

    /// <summary>Returns the commit that a name means, and the license of the repository.</summary>
    public async Task<(string Commit, string? License)> ResolveAsync(HubName name, CancellationToken cancellationToken)
    {
        var uri = new Uri(settings.Endpoint, $"api/models/{name.Repository}/revision/{Uri.EscapeDataString(name.RevisionOrMain)}");
        (RepositoryInfo? info, _) = await GetAsync(name, uri, HubJson.Default.RepositoryInfo, cancellationToken).ConfigureAwait(false);
        return info?.Sha is { } commit && HubName.IsCommit(commit)
            ? (commit, ReadText(info.CardData?.License))
            : throw new HubException(HubErrorKind.Download, $"'{settings.Endpoint.Host}' named no commit for '{name}'.");
    }

    /// <summary>Returns the files of a commit.</summary>
    public async Task<IReadOnlyList<HubFile>> ListAsync(HubName name, string commit, CancellationToken cancellationToken)
    {
        var files = new List<HubFile>();
        Uri? uri = new(settings.Endpoint, $"api/models/{name.Repository}/tree/{commit}?recursive=true");
        for (int page = 0; uri is not null; page++)
        {
            (TreeEntry[]? entries, uri) =
                await GetAsync(name, uri, HubJson.Default.TreeEntryArray, cancellationToken).ConfigureAwait(false);
            files.AddRange((entries ?? []).Select(ToFile).OfType<HubFile>());
            if (page >= MaxPages || files.Count > MaxFiles)
            {
                throw new HubException(HubErrorKind.Download, $"The list of files of '{name.Repository}' does not end.");
            }
        }

        return [.. files.DistinctBy(file => file.Path)];
    }

    /// <summary>Returns repositories with GGUF files of the same model, as far as the hub links them.</summary>
    public async Task<IReadOnlyList<string>> FindQuantizedAsync(HubName name, CancellationToken cancellationToken)
    {
        string filter = Uri.EscapeDataString($"base_model:quantized:{name.Repository}");
        var uri = new Uri(settings.Endpoint, $"api/models?filter={filter}&filter=gguf&limit={MaxSuggestions}");
        try
        {
            (FoundRepository[]? found, _) =
                await GetAsync(name, uri, HubJson.Default.FoundRepositoryArray, cancellationToken).ConfigureAwait(false);
            return [.. (found ?? []).Select(repository => repository.Id).OfType<string>().Take(MaxSuggestions)];
        }
        catch (HubException)
        {
            return []; // only for a message about something else
        }
    }

    /// <summary>Returns the address of a file.</summary>
    public Uri FileAddress(HubName name, string commit, string path) => new(
        settings.Endpoint,
        $"{name.Repository}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    private async Task<(T? Value, Uri? Next)> GetAsync<T>(
        HubName name, Uri uri, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync(uri, null, cancellationToken).ConfigureAwait(false);
            ResponseErrors.ThrowIfRefused(response, name, settings);
            using var stall = new CancellationTokenSource(settings.StallTimeout, settings.Time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
            await response.Content.LoadIntoBufferAsync(MaxBodyBytes, linked.Token).ConfigureAwait(false);
            Stream body = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            T? value = await JsonSerializer.DeserializeAsync(body, type, linked.Token).ConfigureAwait(false);
            return (value, NextPage(response, uri));
        }
        catch (Exception e) when (IsFailure(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new HubException(
                HubErrorKind.Download,
                $"'{settings.Endpoint.Host}' did not answer about '{name}': {e.Message.TrimEnd('.')}. Check the network, then call again.",
                e);
        }
    }

    private static bool IsFailure(Exception error) =>
        error is HttpRequestException or IOException or TimeoutRejectedException or JsonException or OperationCanceledException;

    // Link: <https://…>; rel="next"
    private Uri? NextPage(HttpResponseMessage response, Uri uri)
    {
        string? link = response.Headers.TryGetValues("Link", out IEnumerable<string>? values)
            ? values.SelectMany(value => value.Split(',')).FirstOrDefault(value => value.Contains("rel=\"next\"", StringComparison.Ordinal))
            : null;
        int start = link?.IndexOf('<', StringComparison.Ordinal) ?? -1;
        int end = link?.IndexOf('>', StringComparison.Ordinal) ?? -1;
        return start >= 0 && end > start && Uri.TryCreate(uri, link![(start + 1)..end], out Uri? next) && http.IsHub(next) ? next : null;
    }

    private static HubFile? ToFile(TreeEntry entry)
    {
        long size = entry.Lfs?.Size ?? entry.Size;
        string? id = entry.Lfs?.Oid ?? entry.Oid;
        return entry is { Type: "file", Path: { } path }
            && HubName.IsRelativePath(path)
            && size >= 0
            && id is { Length: 40 or 64 }
            && id.All(char.IsAsciiHexDigitLower)
            ? new HubFile(path, size, id)
            : null;
    }

    private static string? ReadText(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } list => string.Join(
            ", ", list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString())),
        _ => null,
    };
}
