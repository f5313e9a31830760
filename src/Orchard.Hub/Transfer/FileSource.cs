using System.Net;
using System.Net.Http.Headers;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;

namespace Orchard.Hub.Transfer;

/// <summary>
/// A file on the hub, of which ranges can be read. The hub redirects to links of another host that expire; one link serves all requests
/// until the other host refuses it. Thread-safe.
/// </summary>
/// <param name="http">Sends the requests.</param>
/// <param name="settings">The settings.</param>
/// <param name="name">The model, for messages.</param>
/// <param name="address">Address of the file on the hub.</param>
/// <param name="size">Size of the file in bytes.</param>
internal sealed class FileSource(HubHttp http, HubSettings settings, HubName name, Uri address, long size)
{
    private readonly Lock _gate = new();
    private Uri? _link; // guarded by _gate
    private string? _entityTag; // guarded by _gate

    /// <summary>Requests the bytes from an offset to an end. The response has been checked, except for its content.</summary>
    /// <exception cref="StartOverException">The server has another file, or does not support ranges.</exception>
    /// <exception cref="HubException">The hub refuses access.</exception>
    /// <exception cref="HttpRequestException">Another attempt may succeed.</exception>
    public async Task<HttpResponseMessage> OpenAsync(long offset, long end, CancellationToken cancellationToken)
    {
        RangeHeaderValue? range = offset == 0 && end == size ? null : new RangeHeaderValue(offset, end - 1);
        Uri? link = CurrentLink();
        HttpResponseMessage response = await http.GetAsync(link ?? address, range, cancellationToken).ConfigureAwait(false);
        if (link is not null && !response.IsSuccessStatusCode)
        {
            response.Dispose();
            Forget(link);
            response = await http.GetAsync(address, range, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            Check(response, offset);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Forgets the link and the version of the file, before it is read again from its start.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _link = null;
            _entityTag = null;
        }
    }

    private void Check(HttpResponseMessage response, long offset)
    {
        Uri uri = response.RequestMessage!.RequestUri!;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw new StartOverException("The file on the server is shorter than announced.");
        }

        if (http.IsHub(uri))
        {
            ResponseErrors.ThrowIfRefused(response, name, settings);
        }
        else if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"'{uri.Host}' answered {(int)response.StatusCode} {response.ReasonPhrase}.", null, response.StatusCode);
        }

        if (response.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity"))
        {
            throw new HttpRequestException($"'{uri.Host}' sent the file compressed, which was not asked for.");
        }

        CheckRange(response, offset);
        Remember(response, uri);
    }

    private void CheckRange(HttpResponseMessage response, long offset)
    {
        HttpContentHeaders headers = response.Content.Headers;
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            if (headers.ContentRange is not { From: { } from } range || from != offset || (range.Length ?? size) != size)
            {
                throw new StartOverException($"The server sent the range '{headers.ContentRange}' of a file of {size} bytes.");
            }
        }
        else if (offset > 0)
        {
            throw new StartOverException("The server sent the whole file instead of the rest.", rangesFail: true);
        }
        else if (headers.ContentLength is { } length && length != size)
        {
            throw new StartOverException($"The server has a file of {length} bytes instead of {size}.");
        }
    }

    private void Remember(HttpResponseMessage response, Uri uri)
    {
        lock (_gate)
        {
            string? tag = response.Headers.ETag is { IsWeak: false } entity ? entity.Tag : null;
            if (_entityTag is not null && tag is not null && tag != _entityTag)
            {
                throw new StartOverException("The file on the server has changed during the transfer.");
            }

            _entityTag ??= tag;
            _link = http.IsHub(uri) ? null : uri;
        }
    }

    private Uri? CurrentLink()
    {
        lock (_gate)
        {
            return _link;
        }
    }

    private void Forget(Uri link)
    {
        lock (_gate)
        {
            _link = _link == link ? null : _link;
        }
    }
}
